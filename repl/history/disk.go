package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// The lock is asked for every retry, and given up after patience: its holder may be a stopped process.
const (
	patience = 2 * time.Second
	retry    = time.Millisecond
)

// record is a line of the file: a cell, the output of an earlier cell, which has no source, or the number of the last
// session, which begins a file that was written anew.
type record struct {
	Session int       `json:"session,omitempty"`
	Number  int       `json:"number,omitempty"`
	Source  string    `json:"source,omitempty"`
	Output  string    `json:"output,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	Last    int       `json:"last,omitempty"`
}

// disk is the file, and what was read of it.
type disk struct {
	path string // "": there is no file
	max  int64
	own  int // the session whose cells are not kept here; 0: none

	file    os.FileInfo // that was read, up to the offset
	offset  int64
	entries []Entry
	last    int // the highest number of a session
}

func newDisk(path string, max int64) *disk { return &disk{path: path, max: max} }

// locked calls f with the lock of the file, for which it may wait.
func (d *disk) locked(wait bool, f func() error) error {
	if d.path == "" {
		return f()
	}
	if err := os.MkdirAll(filepath.Dir(d.path), 0o700); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if !wait {
		cancel()
	}
	lock := flock.New(d.path+".lock", flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err == nil && !held {
		_, err = lock.TryLockContext(ctx, retry)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errors.New("another process holds the lock")
	}
	if err != nil {
		return err
	}
	defer lock.Unlock()
	return f()
}

// read reads what was appended since the last time. It needs no lock: of a line that is being written, the end is missing.
func (d *disk) read() error {
	if d.path == "" {
		return nil
	}
	f, err := os.Open(d.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if d.file == nil || !os.SameFile(d.file, info) || info.Size() < d.offset {
		d.offset, d.entries = 0, nil
	}
	d.file = info
	if info.Size() == d.offset {
		return nil
	}
	data, err := io.ReadAll(io.NewSectionReader(f, d.offset, info.Size()-d.offset))
	d.offset += int64(d.parse(data))
	return err
}

// parse takes in whole lines, and returns how many bytes they have. A line that is none of ours is passed over.
func (d *disk) parse(data []byte) (n int) {
	for {
		line, rest, whole := bytes.Cut(data[n:], []byte("\n"))
		if !whole {
			return n
		}
		n = len(data) - len(rest)
		var r record
		if json.Unmarshal(line, &r) == nil {
			d.take(r)
		}
	}
}

func (d *disk) take(r record) {
	d.last = max(d.last, r.Last, r.Session)
	switch {
	case r.Session == 0 || r.Session == d.own:
	case r.Source != "":
		d.entries = append(d.entries, Entry{r.Session, r.Number, r.Source, r.Output, r.Time})
	default:
		for i := len(d.entries) - 1; i >= 0; i-- {
			if e := &d.entries[i]; e.Session == r.Session && e.Number == r.Number {
				e.Output = r.Output
				return
			}
		}
	}
}

// adopt takes cells of a session that is no longer this one.
func (d *disk) adopt(entries []Entry) {
	d.entries = append(d.entries, entries...)
	d.last, d.own = max(d.last, entries[0].Session), 0
}

// write appends records, in one write. The caller has the lock, and has read the file.
func (d *disk) write(records []record) error {
	if d.path == "" {
		return nil
	}
	f, err := os.OpenFile(d.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() > d.max {
		f.Close()
		if err := d.compact(); err != nil {
			return err
		}
		return d.write(records)
	}
	lines, err := encode(records)
	if err != nil {
		return err
	}
	if d.offset < info.Size() { // a crash tore the last line
		lines = append([]byte("\n"), lines...)
	}
	if _, err := f.Write(lines); err != nil {
		f.Truncate(info.Size()) // no half of a line stays, if that can be helped
		return err
	}
	d.file, d.offset = info, info.Size()+int64(len(lines))
	return nil
}

func encode(records []record) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, r := range records {
		if err := e.Encode(r); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// compact writes the file anew with the newest cells, half of what it may hold. The caller has the lock.
func (d *disk) compact() error {
	whole := newDisk(d.path, d.max)
	if err := whole.read(); err != nil {
		return err
	}
	kept, err := encode([]record{{Last: whole.last}})
	if err != nil {
		return err
	}
	lines, err := newest(whole.entries, d.max/2)
	if err != nil {
		return err
	}
	aside := d.path + ".new" // one that a crash left is overwritten
	if err := writeFile(aside, append(kept, lines...)); err != nil {
		os.Remove(aside)
		return err
	}
	if err := os.Rename(aside, d.path); err != nil {
		return err
	}
	return d.read()
}

// newest are the lines of the last entries, at most size bytes.
func newest(entries []Entry, size int64) ([]byte, error) {
	var lines [][]byte
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		line, err := encode([]record{{Session: e.Session, Number: e.Number, Source: e.Source, Output: e.Output, Time: e.Time}})
		if err != nil {
			return nil, err
		}
		if size -= int64(len(line)); size < 0 {
			break
		}
		lines = append(lines, line)
	}
	var b bytes.Buffer
	for i := len(lines) - 1; i >= 0; i-- {
		b.Write(lines[i])
	}
	return b.Bytes(), nil
}

func writeFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
