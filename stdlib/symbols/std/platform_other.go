//go:build !linux || !amd64

package std

import "reflect"

// Platform returns what Symbols leaves out because it differs between platforms; nil where it was not generated.
func Platform() map[string]map[string]reflect.Value { return nil }
