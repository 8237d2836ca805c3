// Package atomicfile writes files that appear whole or not at all.
package atomicfile

import (
	"bufio"
	"crypto/rand"
	"io"
	"os"
)

// Write writes a file by way of a temporary one beside it, so that path holds
// either what it held before or everything that f wrote, on disk.
func Write(path string, f func(w io.Writer) error) error {
	temporary := path + "." + rand.Text()[:8] + ".tmp"
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer os.Remove(temporary) // after the rename there is nothing left to remove
	w := bufio.NewWriterSize(file, 1<<16)
	err = f(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// WriteFile is Write for what is at hand.
func WriteFile(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
