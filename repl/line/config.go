package line

import (
	"context"
	"errors"
	"os"

	"kairos/repl"
	"kairos/repl/highlight"
)

// ErrCancelled is returned when the user gave up what was typed, with Ctrl-C.
var ErrCancelled = errors.New("line: cancelled")

// Config says what an Editor works with. The zero Config is an editor of plain text on the process's terminal.
type Config struct {
	In, Out *os.File // a terminal; nil: os.Stdin, os.Stdout
	Color   bool     // false: not a single colour or attribute
	// Complete returns what can stand at a byte offset. Its ctx ends with the next key. nil: Tab only indents.
	Complete func(ctx context.Context, src string, pos int) (repl.Completion, error)
	// IsComplete decides what Enter does. nil: every text is complete.
	IsComplete func(ctx context.Context, src string) repl.Completeness
	// Signature returns the call that a byte offset is inside of, "" if none. It may hold SGR codes. nil: none.
	Signature func(ctx context.Context, src string, pos int) string
	// Highlight returns the spans of a text. nil: highlight.Go.
	Highlight func(src string) []highlight.Span
	// History is what Up recalls, and what is proposed behind the cursor. nil: nothing.
	History History
}

// History is the texts entered before. It is asked while a text is being read only.
type History interface {
	Len() int
	At(i int) string // 0 is the oldest
}

// Prompt is what stands before the first line of a text and before the others. Both may hold SGR codes.
type Prompt struct{ First, More string }

// noHistory is a History without entries.
type noHistory struct{}

func (noHistory) Len() int      { return 0 }
func (noHistory) At(int) string { return "" }
