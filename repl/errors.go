package repl

import (
	"encoding/gob"
	"fmt"
	"strings"
)

// CompileError is the error of a cell of which nothing was executed or declared.
type CompileError struct {
	Problems []Problem
	Text     string // of all, with the lines they are in
}

// Problem is one thing that is wrong with a cell.
type Problem struct {
	File         string // cell[3]
	Line, Column int
	Message      string
}

func (e *CompileError) Error() string { return e.Text }

// Panic is the error of a cell that panicked.
type Panic struct {
	Value string // as the runtime prints it
	Trace string // as the runtime prints it, from "goroutine 1 [running]:" on
}

func (e *Panic) Error() string { return "panic: " + e.Value + "\n\n" + e.Trace }

// Interrupted is the error of a cell that was interrupted. It may be pending in a compiled call that did not return yet.
type Interrupted struct{ Pending bool }

func (e *Interrupted) Error() string {
	if e.Pending {
		return "interrupted; a call that cannot be interrupted is still running"
	}
	return "interrupted"
}

// Busy is the error of a cell that did not run, for an interrupted one is still pending.
type Busy struct{ Pending int } // the number of the interrupted cell

func (e *Busy) Error() string {
	return fmt.Sprintf("cell[%d] was interrupted but is still in a call that cannot be: try again, or restart the session", e.Pending)
}

// Failed is the error of a cell that ended itself because of an error, with cell.Check.
type Failed struct{ Text string }

func (e *Failed) Error() string { return e.Text }

// Exited is the error of a cell that called os.Exit. The session goes on.
type Exited struct{ Status int }

func (e *Exited) Error() string { return fmt.Sprintf("exit status %d", e.Status) }

// Crashed is the error of a cell whose process ended. The session is a new one.
type Crashed struct {
	Status string   // of the process: exit status 2, signal: killed
	Head   string   // of what the process wrote about it
	Lost   []string // variables
	Idle   bool     // the process ended before the cell could run
}

func (e *Crashed) Error() string {
	var b strings.Builder
	b.WriteString("the session crashed")
	if e.Idle {
		b.WriteString(" before this cell, which did not run")
	}
	fmt.Fprintf(&b, ": %s", e.Status)
	if e.Status == "signal: killed" {
		b.WriteString(" (out of memory?)")
	}
	if e.Head != "" {
		b.WriteString("\n" + e.Head)
	}
	if len(e.Lost) > 0 {
		b.WriteString("\nlost: " + list(e.Lost))
	}
	return b.String()
}

// maxLost is how many names a message lists.
const maxLost = 20

func list(names []string) string {
	more := ""
	if n := len(names) - maxLost; n > 0 {
		names, more = names[:maxLost], fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ") + more
}

func init() {
	for _, err := range []error{
		&CompileError{}, &Panic{}, &Interrupted{}, &Busy{}, &Failed{}, &Exited{}, &Crashed{},
	} {
		gob.Register(err)
	}
}
