//go:build !linux

package atomicfile

import "errors"

func swap(a, b string) error { return errors.ErrUnsupported }
