//go:build !unix

package worker

import (
	"errors"
	"io"
	"sync"
	"syscall"

	"kairos/repl"
)

var errNoUnix = errors.New("sessions in a process of their own need a Unix system")

// diesWithParent asks for nothing where the kernel cannot do it.
func diesWithParent() *syscall.SysProcAttr { return nil }

// start says that there are no workers here.
func start(_ Config, turn *sync.Mutex, front func(repl.CommEvent)) *process {
	p := newProcess(turn, front)
	p.requests = newSender(io.Discard)
	go p.died(errNoUnix.Error())
	return p
}

func (p *process) destroy() {}

// Serve says that there are no workers here.
func Serve(func() (repl.Session, error)) int { return 1 }
