//go:build unix

package worker

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// streams keeps stdout and stderr what they are: a cell may close them, and another file then gets their number.
type streams struct{ saved [2]int }

// save remembers the streams.
func (s *streams) save() error {
	for i := range s.saved {
		fd, err := unix.FcntlInt(uintptr(i+1), unix.F_DUPFD_CLOEXEC, 10)
		if err != nil {
			return fmt.Errorf("keep file %d: %w", i+1, err)
		}
		s.saved[i] = fd
	}
	return nil
}

// mend restores the streams that were closed.
func (s *streams) mend() {
	for i, fd := range s.saved {
		if !same(fd, i+1) {
			redirect(fd, i+1)
		}
	}
	if _, err := os.Stdout.Stat(); err != nil {
		os.Stdout = os.NewFile(1, "/dev/stdout")
	}
	if _, err := os.Stderr.Stat(); err != nil {
		os.Stderr = os.NewFile(2, "/dev/stderr")
	}
}

// same reports whether two file numbers are of one file.
func same(a, b int) bool {
	var x, y unix.Stat_t
	return unix.Fstat(a, &x) == nil && unix.Fstat(b, &y) == nil && x.Dev == y.Dev && x.Ino == y.Ino
}
