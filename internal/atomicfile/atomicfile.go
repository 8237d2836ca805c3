// Package atomicfile writes files and directories that appear whole or not at all.
//
//	Write, WriteFile  a file that a function writes from front to back, or that is at hand
//	File              one that is written over longer time, or not only at its end
//	WriteDir          a directory that a function fills
package atomicfile

import (
	"bufio"
	"crypto/rand"
	"io"
	"os"
)

// File is a file that is not there yet: it appears, with what was written to it, when it is committed.
type File struct {
	*os.File
	path string
	over bool
}

// Create makes a temporary file beside path. It must be committed or aborted.
func Create(path string) (*File, error) {
	file, err := os.OpenFile(path+"."+rand.Text()[:8]+".tmp", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &File{File: file, path: path}, nil
}

// Commit closes the file and gives it its name, which held until now what it held before. If that
// fails nothing is left of the file.
func (f *File) Commit() error {
	f.over = true
	defer os.Remove(f.Name()) // after the rename there is nothing left to remove
	err := f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), f.path)
}

// Abort removes the file, unless it was committed.
func (f *File) Abort() {
	if !f.over {
		f.over = true
		f.Close()
		os.Remove(f.Name())
	}
}

// Write writes a file by way of a temporary one beside it, so that path holds
// either what it held before or everything that f wrote, on disk.
func Write(path string, f func(w io.Writer) error) error {
	file, err := Create(path)
	if err != nil {
		return err
	}
	defer file.Abort()
	w := bufio.NewWriterSize(file, 1<<16)
	if err := f(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Commit()
}

// WriteFile is Write for what is at hand.
func WriteFile(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
