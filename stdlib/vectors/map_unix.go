//go:build unix

package vectors

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps the first n bytes of a file.
func mapFile(file *os.File, n int64) ([]byte, error) {
	return unix.Mmap(int(file.Fd()), 0, int(n), unix.PROT_READ, unix.MAP_SHARED)
}

func unmap(mapped []byte) error {
	if mapped == nil {
		return nil
	}
	return unix.Munmap(mapped)
}
