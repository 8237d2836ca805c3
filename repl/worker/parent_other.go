//go:build unix && !linux

package worker

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// diesWithParent asks for nothing where the kernel cannot do it.
func diesWithParent() *syscall.SysProcAttr { return nil }

// offerToDie does nothing where the kernel does not ask.
func offerToDie() {}

// redirect makes the file number to one of the file from.
func redirect(from, to int) { unix.Dup2(from, to) }

// pipeSize is how much a pipe holds at most.
const pipeSize = 64 << 10

// widen leaves pipes as they are.
func widen(int) {}
