// Package cell links a script to the place it runs in: when to stop, how to fail, where progress and results appear.
// The same calls work in a compiled program (go run) and in an interpreted one (kairos run).
//
//	Context    is cancelled when the user wants the work to end
//	Check      ends the program with a message when there is an error
//	Progress   shows how far a long call is
//	Show       shows a value or a picture
//	Live       shows one that changes
//	Clear      removes what was shown
//	Input      asks the user for a line
//	Target     lets programs in the front end, such as widgets, open a Comm: a channel for messages
//	OpenComm   opens one from here
//
// A script runs in a session, which says so through package host, or else on its own at a terminal or a pipe: the type
// terminal, the only place that knows about streams, signals and the exit status. How values look is in package render.
package cell

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/term"

	"kairos/stdlib/cell/host"
)

// here is where the script runs.
func here() host.Host {
	if h := host.Current(); h != nil {
		return h
	}
	return alone()
}

// alone is the terminal of a program that runs on its own. It is made when first needed, so that importing cell costs
// nothing and changes nothing about signals.
var alone = sync.OnceValue(func() *terminal {
	program := strings.TrimSuffix(filepath.Base(os.Args[0]), filepath.Ext(os.Args[0]))
	return newTerminal(func() io.Writer { return os.Stdout }, os.Stderr, term.IsTerminal(int(os.Stderr.Fd())), program)
})

// Context returns the context of the running script. The first interrupt (Ctrl-C) or SIGTERM cancels it, so that long
// calls return within a step and keep what they have; a second one ends the process at once. Every call returns the
// same context. In a session, each cell has its own, which an interrupt of the cell cancels.
func Context() context.Context { return here().Context() }

// Check does nothing when err is nil. Otherwise it prints the error on standard error and ends the program with exit
// status 1, or, when the script was cancelled (err wraps context.Canceled), prints "interrupted" and ends with status
// 130. Deferred functions do not run. In a session it ends the cell.
func Check(err error) {
	if err != nil {
		here().Fail(err)
	}
}

// Progress returns a callback for the Progress fields of long calls. It draws a bar with rate and time left on standard
// error if that is a terminal, and otherwise prints a line at the start, at each quarter, and every 30 seconds. A total
// below 1 shows nothing. Callbacks may be used one after the other, one inside the other, and from several goroutines.
func Progress(label string) func(done, total int) { return here().Progress(label) }

// Show shows a value to the user. A picture (a value with a method PNG or SVG that returns ([]byte, error)) is written
// to NAME-figure-N.png (or .svg) in the current directory, where NAME is the program's name and N counts from 1, and
// the path is printed; anything else is printed on standard output, long lists shortened. A session shows pictures, HTML
// and whatever else package render knows. Show ends the program, as Check does, when a picture cannot be made or written.
func Show(v any) { Check(here().Show(v)) }

// Place is where Live shows values.
type Place struct{ update func(v any) error }

// Live shows v as Show does, in a place where Update shows other values instead: a curve that grows while a model trains.
// In a session it changes in place, at most ten times a second, and ends as what it was updated to last. Elsewhere, a
// picture's file is written anew, and text printed again.
func Live(v any) *Place {
	update, err := here().Live(v)
	Check(err)
	return &Place{update}
}

// Update shows v in the place. It ends the program, as Check does, when a picture cannot be made or written.
func (p *Place) Update(v any) { Check(p.update(v)) }

// Clear removes what the running cell has shown so far; if wait, when it shows something else, so that nothing flickers.
// At a terminal it removes what Show and Live put last on the screen, and leaves printed text and whatever is above that.
// A program on its own has nothing to remove.
func Clear(wait bool) { here().Clear(wait) }

// Input shows the prompt and returns the next line that the user enters, without its end. The error is io.EOF when there
// are no more lines. A program that uses it should not read os.Stdin beside it; in a session, os.Stdin is empty.
func Input(prompt string) (string, error) { return here().Input(prompt) }
