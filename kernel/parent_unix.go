//go:build unix

package kernel

import (
	"errors"

	"golang.org/x/sys/unix"
)

// alive reports whether there is a process.
func alive(pid int) bool { return !errors.Is(unix.Kill(pid, 0), unix.ESRCH) }
