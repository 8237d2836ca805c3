// Package history keeps the cells of all sessions in a file, for several processes at once.
//
//	Store      the history as one process sees it: Append, SetOutput
//	Entry      a cell
//	Tail       the last cells, Range those of one session, Search those that match
//	Len, At    what the arrow keys of an editor go through
//
// The file has a line of JSON for each cell, and one for an output that came later. An append is one write under a short
// lock, so two processes lose nothing, and get different session numbers. A line that a crash tore is passed over, and
// the next append begins a new line. A file that grew too large is written anew, with the newest cells, and renamed.
// Readers need no lock.
//
// Where the file cannot be written, the first Append says so, and the store goes on in memory; what is not yet written is
// tried again with each Append.
//
// A cell whose first character is a space is kept in memory only, as shells do with HISTCONTROL=ignorespace. A tab does not
// count: pasted Go begins with tabs.
package history

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Config says where the history is. The zero value keeps it in memory.
type Config struct {
	Path     string // of the file; "" for none
	MaxBytes int64  // what the file may hold before the oldest half is dropped; 0 for 4 MB
}

// Entry is a cell.
type Entry struct {
	Session int // 1 is the first of all
	Number  int // of the cell in its session
	Source  string
	Output  string // the text of its value, bounded
	Time    time.Time
}

const (
	maxBytes  = 4 << 20
	maxOutput = 4 << 10 // bytes of an output
)

// DefaultPath is where the history of a user belongs; "" if there is no home directory.
func DefaultPath(getenv func(string) string) string {
	const name = "kairos/history.jsonl"
	home := getenv("HOME")
	switch {
	case filepath.IsAbs(getenv("XDG_STATE_HOME")):
		return filepath.Join(getenv("XDG_STATE_HOME"), name)
	case home == "":
		return ""
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library/Application Support", name)
	}
	return filepath.Join(home, ".local/state", name)
}

// Store is the history as one process sees it. It can be used by several goroutines.
type Store struct {
	loaded chan struct{}

	mu      sync.Mutex
	disk    *disk
	session int     // this one
	claimed bool    // no other session has the number
	own     []Entry // of this session
	pending []record
	late    *time.Timer // writes pending outputs
	failing bool        // the last attempt to write failed
	told    bool        // of a failure
	recall  []string
}

// Open returns the history. It does not wait for the file to be read.
func Open(cfg Config) *Store {
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = maxBytes
	}
	s := &Store{loaded: make(chan struct{}), disk: newDisk(cfg.Path, cfg.MaxBytes)}
	s.late = time.AfterFunc(outputDelay, func() { s.write() })
	s.late.Stop()
	go s.load()
	return s
}

// load reads what earlier sessions left. An error is not told here: Append will have it too.
func (s *Store) load() {
	defer close(s.loaded)
	s.disk.read()
	for _, e := range s.disk.entries {
		s.remember(e.Source)
	}
}

// lock waits until the file was read, and reads what other processes appended since.
func (s *Store) lock() {
	<-s.loaded
	s.mu.Lock()
	s.disk.read()
}

// Append adds a cell to this session. It returns the error of the file once.
func (s *Store) Append(e Entry) error {
	s.lock()
	defer s.mu.Unlock()
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Session, e.Output = s.current(), bounded(e.Output)
	s.own = append(s.own, e)
	s.remember(e.Source)
	if strings.HasPrefix(e.Source, " ") || int64(len(e.Source)) > s.disk.max/4 {
		return nil
	}
	return s.save(record{Number: e.Number, Source: e.Source, Output: e.Output, Time: e.Time})
}

// outputDelay is how long an output waits for the next cell, to be written with it: two writes a cell would take longer
// than a small cell.
const outputDelay = time.Second

// SetOutput adds the output of a cell of this session that was appended before. It is written with the next cell, or when
// there is none for a while.
func (s *Store) SetOutput(number int, text string) {
	<-s.loaded
	s.mu.Lock()
	defer s.mu.Unlock()
	text = bounded(text)
	for i := len(s.own) - 1; i >= 0; i-- {
		if e := &s.own[i]; e.Number == number {
			e.Output = text
			if !strings.HasPrefix(e.Source, " ") {
				s.pending = append(s.pending, record{Number: number, Output: text})
				s.late.Reset(outputDelay)
			}
			return
		}
	}
}

// bounded cuts a text that is too long.
func bounded(text string) string {
	if len(text) <= maxOutput {
		return text
	}
	return strings.ToValidUTF8(text[:maxOutput], "") + "…"
}

// save writes what is pending and r.
func (s *Store) save(r record) error {
	s.pending = append(s.pending, r)
	err := s.disk.locked(!s.failing, s.flush)
	s.failing = err != nil
	if err == nil || s.told {
		return nil
	}
	s.told = true
	return fmt.Errorf("history: append to %s: %w; this session's history stays in memory", s.disk.path, err)
}

// flush is called with the lock of the file.
func (s *Store) flush() error {
	s.disk.read()
	if !s.claimed {
		s.session = s.disk.last + 1
		for i := range s.own {
			s.own[i].Session = s.session
		}
	}
	for i := range s.pending {
		s.pending[i].Session = s.session
	}
	if err := s.disk.write(s.pending); err != nil {
		return err
	}
	s.claimed, s.disk.own, s.pending = true, s.session, nil
	return nil
}

// Session returns the number of this session. It may change until the first Append.
func (s *Store) Session() int {
	s.lock()
	defer s.mu.Unlock()
	return s.current()
}

func (s *Store) current() int {
	if s.claimed {
		return s.session
	}
	return s.disk.last + 1
}

// NewSession ends this session: what is appended from now on belongs to another one.
func (s *Store) NewSession() {
	s.lock()
	defer s.mu.Unlock()
	if len(s.own) == 0 {
		return
	}
	s.disk.adopt(s.own)
	s.claimed, s.own, s.pending = false, nil, nil
}

// Close writes what was not written before, if it can be now.
func (s *Store) Close() error {
	s.late.Stop()
	return s.write()
}

func (s *Store) write() error {
	s.lock()
	defer s.mu.Unlock()
	if len(s.pending) == 0 {
		return nil
	}
	return s.disk.locked(!s.failing, s.flush)
}
