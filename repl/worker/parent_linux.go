package worker

import "syscall"

// diesWithParent has the kernel end the child when its parent is gone.
func diesWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }
