// Package shell adds to a session what its users expect of a prompt beside Go: commands, help and a history. Every front
// end has the same.
//
//	Shell      a repl.Session around another
//	Config     what it needs of its front end
//
// A cell is Go, or lines of commands, or both in turn; or it is all for one command, which is named in its first line:
//
//	%time f(x)     :type x     a command, with what follows in its line
//	!ls *.jsonl                a command for sh
//	?strings.Cut   x?   x??    help, and the source
//	%%bash                     a command that the rest of the cell is for
//
// Split.go takes a cell to its parts, command.go runs them. The commands are in a file for each group; table.go
// lists them all. Positions in errors are those of the cell as it was typed.
//
// Left out: variables of Go in lines for sh, and commands that users define.
package shell

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"

	"kairos/repl"
	"kairos/repl/history"
)

// Config is what a shell needs. Only the session has to be given.
type Config struct {
	Session repl.Session
	History *history.Store // nil: one in memory
	// Page shows help. By default that is displayed as other things are.
	Page func(repl.Bundle)
	// Next puts text into the next cell. Without it, the commands that want to say that they cannot.
	Next func(src string)
	// Terminal runs a program that has the terminal for itself. Without it, programs have no standard input, and what they
	// print goes to the cell's streams.
	Terminal func(ctx context.Context, cmd *exec.Cmd) error
	// Leave is told that the user wants to leave, for when the cell has ended. Without it, %quit says how to.
	Leave func()
	// Doctor reports what is there and what is missing.
	Doctor func(ctx context.Context, w io.Writer) error
	// Timing is told whether each cell's time is to be shown. Without it, the shell prints it after the cell.
	Timing  func(on bool)
	Version string // of kairos
	Keys    string // what the keys of the front end do, for %help
	Color   bool   // help has colours
}

// Shell is a repl.Session that knows commands.
type Shell struct {
	Config
	table *catalogue

	mu      sync.Mutex
	number  int              // of the last cell
	broken  map[int]bool     // the cells that failed
	ran     map[int][]string // the files of cells that %run took, by cell
	failed  error            // of the last cell that failed
	source  string           // of that cell
	timing  bool
	shown   int // displays so far
	process process
}

// New returns a shell around a session.
func New(cfg Config) *Shell {
	if cfg.History == nil {
		cfg.History = history.Open(history.Config{})
	}
	return &Shell{Config: cfg, table: newTable(), broken: map[int]bool{}, ran: map[int][]string{}}
}

// History returns the cells of this session and earlier ones.
func (s *Shell) History() *history.Store { return s.Config.History }

// Eval implements repl.Session. A blank cell takes no number.
func (s *Shell) Eval(ctx context.Context, src string, out repl.Output) (repl.Result, error) {
	s.mu.Lock()
	number := s.number
	if strings.TrimSpace(src) == "" {
		s.mu.Unlock()
		return repl.Result{Number: number}, nil
	}
	s.number++
	s.mu.Unlock()
	return s.EvalAs(ctx, number+1, src, out)
}

// EvalAs implements repl.Session. A cell with a number goes to the history before it runs, and its value afterwards.
func (s *Shell) EvalAs(ctx context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	if number > 0 {
		s.begin(number, src, out)
	}
	result, err := s.eval(ctx, number, src, out)
	result.Number = number
	if number > 0 {
		s.end(result, err, src, out)
	}
	return result, err
}

func (s *Shell) begin(number int, src string, out repl.Output) {
	s.mu.Lock()
	s.number = number
	delete(s.broken, number)
	delete(s.ran, number)
	s.mu.Unlock()
	s.note(s.Config.History.Append(history.Entry{Number: number, Source: src}), out)
}

func (s *Shell) end(result repl.Result, err error, src string, out repl.Output) {
	if text := result.Text(); text != "" {
		s.Config.History.SetOutput(result.Number, text)
	}
	s.mu.Lock()
	timing := s.timing && s.Config.Timing == nil
	if err != nil {
		s.broken[result.Number], s.failed, s.source = true, err, src
	}
	s.mu.Unlock()
	if timing {
		out.Stream(repl.Stdout, "["+short(result.Elapsed)+"]\n")
	}
}

// note tells the user of an error that is not the cell's.
func (s *Shell) note(err error, out repl.Output) {
	if err != nil {
		out.Stream(repl.Stderr, err.Error()+"\n")
	}
}

// Names implements repl.Session.
func (s *Shell) Names(ctx context.Context) ([]repl.Name, error) { return s.Session.Names(ctx) }

// Running implements repl.Session.
func (s *Shell) Running(ctx context.Context) ([]int, error) { return s.Session.Running(ctx) }

// ConnectComms implements repl.CommSession.
func (s *Shell) ConnectComms(front func(repl.CommEvent)) (session func(repl.CommEvent)) {
	if inner, ok := s.Session.(repl.CommSession); ok {
		return inner.ConnectComms(front)
	}
	return nil
}

// Timing tells whether the user wants to see how long each cell takes.
func (s *Shell) Timing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.timing
}

// Restart implements repl.Session. Cells are counted from 1 again, as another session in the history.
func (s *Shell) Restart() error {
	if err := s.Session.Restart(); err != nil {
		return err
	}
	s.Config.History.NewSession()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number, s.broken, s.ran, s.failed = 0, map[int]bool{}, map[int][]string{}, nil
	s.process.stale = true
	return nil
}

// Close implements repl.Session.
func (s *Shell) Close() error { return errors.Join(s.Session.Close(), s.Config.History.Close()) }
