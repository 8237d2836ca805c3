package kernel

import (
	"os"
	"strconv"
	"time"
)

// parentPause is how often it is looked whether the parent is there.
const parentPause = 500 * time.Millisecond

// parent is the process without which a kernel has no purpose. It may have started another one that started this one.
type parent struct {
	pid    int
	direct int // the process that started this one
}

// newParent returns the parent of a configuration and an environment variable, or nil if there is none to be watched.
func newParent(pid int, env string) *parent {
	if pid == 0 {
		pid, _ = strconv.Atoi(env)
	}
	p := &parent{pid, os.Getppid()}
	if pid <= 1 || p.gone() { // it may be in another container
		return nil
	}
	return p
}

// gone reports whether the process ended. When the one between ended, this one got another parent.
func (p *parent) gone() bool {
	return os.Getppid() != p.direct && p.pid == p.direct || !alive(p.pid)
}

// wait calls f when the parent is gone, unless stop is closed before.
func (p *parent) wait(stop <-chan struct{}, f func()) {
	for !p.gone() {
		select {
		case <-stop:
			return
		case <-time.After(parentPause):
		}
	}
	f()
}
