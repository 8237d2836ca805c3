package worker

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// diesWithParent has the kernel end the child when its parent is gone.
func diesWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }

// offerToDie has the kernel end this process before others when memory is short: the front can start another.
func offerToDie() { os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0) }

// redirect makes the file number to one of the file from.
func redirect(from, to int) { unix.Dup3(from, to, 0) }

// pipeSize is how much a pipe is made to hold, so that a worker that prints much need not wait.
const pipeSize = 1 << 20

// widen makes a pipe hold more, if this process may.
func widen(fd int) { unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, pipeSize) }
