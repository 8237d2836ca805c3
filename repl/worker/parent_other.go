//go:build !linux

package worker

import "syscall"

// diesWithParent asks for nothing where the kernel cannot do it.
func diesWithParent() *syscall.SysProcAttr { return nil }
