// Package repl evaluates cells, one after the other, in a session that keeps what they declare.
//
//	Session     what front ends talk to: a cell's source in, events and a result out
//	Output      what they implement: where a cell shows what it prints, draws and asks
//	CommSession has channels between cells and programs in the front end, too
//	New         a session in this process; package worker has one in a process of its own
//	Evaluator   what such a session needs of an interpreter
//	Overrides   compiled functions that cells call in another form, so that they can be interrupted
//	Batch       evaluates the cells of a file
//
// A session runs one cell at a time. An interrupted cell unwinds at its next interpreted step; a compiled call that does
// not return is waited for, and meanwhile no other cell starts. Everything that crosses Session and Output can be encoded
// by encoding/gob, errors included.
package repl

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"kairos/stdlib/cell/render"
)

// Session evaluates cells. All but Eval may be called while a cell runs.
type Session interface {
	// Eval evaluates a cell under the next number. When ctx ends the cell is interrupted. The result holds what there is
	// when there is an error too.
	Eval(ctx context.Context, src string, out Output) (Result, error)
	// EvalAs gives the number. A cell numbered 0 is silent: it is not counted, and its value not kept.
	EvalAs(ctx context.Context, number int, src string, out Output) (Result, error)
	// Complete returns what can stand at a byte offset of an unfinished cell.
	Complete(ctx context.Context, src string, pos int) (Completion, error)
	// Inspect tells about what stands at a byte offset; with detail above 0, its source too; with detail below 0, not the
	// value of a variable, which may take running its methods.
	Inspect(ctx context.Context, src string, pos, detail int) (Inspection, error)
	// IsComplete tells whether a cell can be evaluated as it is.
	IsComplete(ctx context.Context, src string) (Completeness, error)
	// Names returns what cells declared and later ones can still use, in the order of the names.
	Names(ctx context.Context) ([]Name, error)
	// Running returns the numbers of the cells that run, or left goroutines behind which still do.
	Running(ctx context.Context) ([]int, error)
	// Restart forgets everything, and gives up a call that does not end if it can.
	Restart() error
	Close() error
}

// Output is where what cells show goes. Its methods are called one at a time, by goroutines that a cell left behind also
// after the cell ended; only Input may overlap the others.
type Output interface {
	// Stream takes text printed on stdout or stderr, in pieces that need not be lines.
	Stream(name, text string)
	Display(d Display)
	Progress(p Progress)
	// Input asks the user for a line; secret text is not to be seen. It returns early when ctx ends.
	Input(ctx context.Context, prompt string, secret bool) (string, error)
}

// Starter is an Output that wants to know when the cell's turn comes.
type Starter interface{ Start() }

// Clearer is an Output that can remove what the cell has shown so far; if wait, when the cell shows something else.
type Clearer interface{ Clear(wait bool) }

// Fencer is an Output that does not see what is printed in order. When Fence returns, all that was printed before on
// either stream will come before what is printed after. It may be called beside other methods.
type Fencer interface{ Fence() }

// Nudger is an Output that can do something about an interrupted cell that does not end: it is asked now and then.
type Nudger interface{ Nudge() }

// Stdout and Stderr are the names of streams.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Bundle is one thing in several forms, by MIME type; text/plain is always among them.
type Bundle = render.Bundle

// Display is something to be shown.
type Display struct {
	ID     string // unique in the session
	Update bool   // it replaces what was shown under the ID before
	Data   Bundle
	Meta   map[string]json.RawMessage // by MIME type, as Jupyter has it
}

// Progress is how far a long call is.
type Progress struct {
	ID          string // unique in the session
	Label       string
	Done, Total int
}

// Result is what became of a cell.
type Result struct {
	Number  int
	Values  []Value // to be shown, of the last expression
	Names   []Name  // declared
	Elapsed time.Duration
}

// Value is a value of a cell with its static type.
type Value struct {
	Type string
	Data Bundle
}

// Text is the values in one line, or more if they have.
func (r Result) Text() string {
	texts, between := make([]string, len(r.Values)), ", "
	for i, v := range r.Values {
		texts[i] = v.Data.Text()
		if strings.Contains(texts[i], "\n") {
			between = "\n"
		}
	}
	return strings.Join(texts, between)
}

// Type is the static type, in parentheses if there are several values.
func (r Result) Type() string {
	if len(r.Values) == 1 {
		return r.Values[0].Type
	}
	types := make([]string, len(r.Values))
	for i, v := range r.Values {
		types[i] = v.Type
	}
	return "(" + strings.Join(types, ", ") + ")"
}

// Bundle is the values as one: the text of all, and the other forms if there is one value. It is nil if there are none.
func (r Result) Bundle() Bundle {
	if len(r.Values) == 0 {
		return nil
	}
	b := Bundle{}
	if len(r.Values) == 1 {
		b = maps.Clone(r.Values[0].Data)
	}
	b[render.Plain] = []byte(r.Text())
	return b
}

// Name is a declared name.
type Name struct {
	Name string
	Kind string // of the declaration: var, func, type, const
	Type string // of a type, what is under its name
	// Of Session.Names: the cell that declared it, and in one line the value of a variable, unless a cell runs.
	Number int
	Value  string
}

// Completion is what can replace the bytes From to To of a cell.
type Completion struct {
	From, To int
	Items    []Candidate
}

// Candidate is one completion.
type Candidate struct {
	Text string // to be inserted
	Kind string // var, func, type, const, package, field, method, keyword, path
	Type string // or signature
}

// Inspection is what is known about something. It is zero if nothing is.
type Inspection struct {
	Name, Kind string
	Type       string // or signature, or declaration
	Doc        string
	Value      string // a summary, of a variable
	Source     string
	Where      string   // declared: cell[3]:2, or a package path
	Members    []string // methods of a type, contents of a package
	Call       *Call    // the call among whose arguments the position is, if it is in one
}

// Call is a call in the writing.
type Call struct {
	Signature string
	Params    []string
	Active    int // which parameter the position belongs to; -1 if there is none for it
}

// Completeness is how far a cell is from being one.
type Completeness struct {
	Status string // Complete, Incomplete or Invalid
	Indent string // of the next line, if it is incomplete
}

// The states of an unfinished cell.
const (
	Complete   = "complete"
	Incomplete = "incomplete"
	Invalid    = "invalid"
)
