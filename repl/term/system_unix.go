//go:build unix

package term

import (
	"os"

	"golang.org/x/sys/unix"
)

// cellSize returns the size of a character in pixels, or 0, 0 where the terminal does not tell.
func cellSize(f *os.File) (width, height int) {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 || size.Row == 0 {
		return 0, 0
	}
	return int(size.Xpixel / size.Col), int(size.Ypixel / size.Row)
}

// readOnly is the error of writing to a file system that is.
const readOnly = unix.EROFS

// interruptForeground sends an interrupt to all that has the terminal, this process included, as Ctrl-C does: a shell that
// alone got one would not pass it on.
func interruptForeground() { unix.Kill(0, unix.SIGINT) }
