package data

import (
	"bufio"
	"bytes"
	"io"
	"os"
)

const byteOrderMark = "\ufeff"

// withFile calls f with a buffered reader of the file, past a byte order mark if it has one.
func withFile(path string, f func(r *bufio.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 1<<16)
	if head, _ := r.Peek(len(byteOrderMark)); string(head) == byteOrderMark {
		r.Discard(len(byteOrderMark))
	}
	return f(r)
}

// readFile returns what is in the file after its byte order mark, if it has one.
func readFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	return bytes.TrimPrefix(text, []byte(byteOrderMark)), err
}

// eachLine calls f with every line that is not blank, without its line end, and with its number
// from 1. A line may have any length. The slice is used again for the next line.
func eachLine(r *bufio.Reader, f func(number int, line []byte) error) error {
	var line []byte
	for number := 1; ; number++ {
		line = line[:0]
		part, err := r.ReadSlice('\n')
		for err == bufio.ErrBufferFull {
			line = append(line, part...)
			part, err = r.ReadSlice('\n')
		}
		if err != nil && err != io.EOF {
			return err
		}
		line = append(line, part...)
		if text := bytes.TrimSpace(line); len(text) > 0 {
			if err := f(number, text); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}
