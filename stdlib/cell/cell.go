// Package cell links a script to the place it runs in: when to stop, how to fail, where progress and results appear.
// The same calls work in a compiled program (go run) and in an interpreted one (kairos run).
//
//	Context    is cancelled when the user wants the work to end
//	Check      ends the program with a message when there is an error
//	Progress   shows how far a long call is
//	Show       shows a value or a picture
//
// Where a script runs is, so far, always a terminal or a pipe: the type terminal. It is the only place that knows
// about streams, signals and the exit status.
package cell

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/term"
)

// here is where this process's script runs. It is made when first needed, so that importing cell costs nothing and
// changes nothing about signals.
var here = sync.OnceValue(func() *terminal {
	program := strings.TrimSuffix(filepath.Base(os.Args[0]), filepath.Ext(os.Args[0]))
	return newTerminal(func() io.Writer { return os.Stdout }, os.Stderr, term.IsTerminal(int(os.Stderr.Fd())), program)
})

// Context returns the context of the running script. The first interrupt (Ctrl-C) or SIGTERM cancels it, so that long
// calls return within a step and keep what they have; a second one ends the process at once. Every call returns the
// same context.
func Context() context.Context { return here().context() }

// Check does nothing when err is nil. Otherwise it prints the error on standard error and ends the program with exit
// status 1, or, when the script was cancelled (err wraps context.Canceled), prints "interrupted" and ends with status
// 130. Deferred functions do not run.
func Check(err error) {
	if err != nil {
		os.Exit(here().fail(err))
	}
}

// Progress returns a callback for the Progress fields of long calls. It draws a bar with rate and time left on standard
// error if that is a terminal, and otherwise prints a line at the start, at each quarter, and every 30 seconds. A total
// below 1 shows nothing. Callbacks may be used one after the other, one inside the other, and from several goroutines.
func Progress(label string) func(done, total int) { return here().progress(label) }

// Show shows a value to the user. A picture (a value with a method PNG or SVG that returns ([]byte, error)) is written
// to NAME-figure-N.png (or .svg) in the current directory, where NAME is the program's name and N counts from 1, and
// the path is printed; anything else is printed on standard output, long lists shortened. It ends the program, as
// Check does, when a picture cannot be made or written.
func Show(v any) { Check(here().show(v)) }
