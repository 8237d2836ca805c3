// Package term is the interactive session in a terminal: prompts, what cells print and show, their values, errors, bars,
// pictures, questions, and the keys that interrupt or leave.
//
//	Run       reads cells and evaluates them until the user leaves
//	Config    with what
//	Front     what commands of a shell ask of a terminal: text for the next cell, a pager, programs that need the terminal
//	Killed    why Run ended, if a signal was the reason
//
// Cells come from an editor: that of package line, or where the terminal cannot move its cursor, or is none, plain lines
// (plain.go). What they show goes through the screen (screen.go), which keeps bars (bars.go) and live displays at the bottom.
// Package picture draws images, package pretty words errors and help.
package term

import (
	"context"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"kairos/repl"
	"kairos/repl/line"
	"kairos/repl/term/picture"
)

// Config says what Run works with. Session has to be given.
type Config struct {
	Session repl.Session
	In      *os.File            // nil: os.Stdin
	Out     *os.File            // nil: os.Stdout
	Err     *os.File            // of programs that get the terminal; nil: os.Stderr
	Env     func(string) string // nil: os.Getenv
	Banner  []string            // the first lines
	History line.History        // what Up recalls; nil: nothing
	StartUp string              // a file of cells to be evaluated first, silently; "" or one that is not there: none
	Front   *Front              // that commands use; nil: none do
}

func (c Config) complete() Config {
	if c.In == nil {
		c.In = os.Stdin
	}
	if c.Out == nil {
		c.Out = os.Stdout
	}
	if c.Err == nil {
		c.Err = os.Stderr
	}
	if c.Env == nil {
		c.Env = os.Getenv
	}
	if c.Front == nil {
		c.Front = new(Front)
	}
	return c
}

// Killed is the error of Run when a signal asked the process to end.
type Killed struct{ Signal os.Signal }

func (e *Killed) Error() string { return fmt.Sprintf("term: ended by a signal: %v", e.Signal) }

// Run reads and evaluates cells until the user leaves. It returns nil then, *Killed after a signal, and otherwise the
// error of ctx or of reading. The session stays open. The terminal is as it was before, also after a panic.
func Run(ctx context.Context, c Config) error {
	t, err := open(ctx, c.complete())
	if err != nil {
		return err
	}
	defer t.close()
	return t.loop()
}

// editor is where cells come from. What is written to it appears above the cell being edited.
type editor interface {
	Read(ctx context.Context, p line.Prompt, initial string) (string, error)
	ReadLine(ctx context.Context, prompt string, secret bool) (string, error)
	Write(p []byte) (int, error)
	Size() (columns, rows int)
	Close() error
}

// look is what the terminal can show.
type look struct {
	color   bool // SGR codes
	moves   bool // other escape sequences
	marks   bool // those that tell prompts from output
	unicode bool
	charts  bool // drawings in text rather than pictures of blocks
}

func lookOf(c Config) look {
	name := c.Env("TERM")
	moves := name != "" && name != "dumb" && isTerminal(c.In) && isTerminal(c.Out)
	utf8 := isUTF8(c.Env)
	return look{
		color:   moves && c.Env("NO_COLOR") == "",
		moves:   moves,
		marks:   moves && name != "linux",
		unicode: utf8,
		charts:  utf8 && c.Env(picture.Variable) == "",
	}
}

// Color tells whether a session has colours: at terminals that are not dumb, unless NO_COLOR is set.
func Color(c Config) bool { return lookOf(c.complete()).color }

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// isUTF8 tells whether the locale's characters are Unicode's.
func isUTF8(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := env(name); value != "" {
			value = strings.ToLower(strings.ReplaceAll(value, "-", ""))
			return strings.Contains(value, "utf8")
		}
	}
	return false
}

// newEditor makes the editor that the terminal has the means for.
func newEditor(c Config, l look, complete completer, interrupts *interrupts) (editor, error) {
	if !l.moves {
		return newPlain(c, complete.isComplete, interrupts), nil
	}
	return line.New(line.Config{
		In: c.In, Out: c.Out, Color: l.color, History: c.History,
		Complete: complete.complete, IsComplete: complete.isComplete, Signature: complete.signature,
	})
}

// imagesOf describes the terminal for pictures.
func imagesOf(c Config, l look) (func(columns, rows int) picture.Screen, error) {
	if !l.moves {
		return func(int, int) picture.Screen { return picture.Screen{} }, nil
	}
	protocol, err := picture.Detect(c.Env)
	if protocol == picture.Blocks && !l.unicode {
		protocol = picture.None
	}
	color := strings.ToLower(c.Env("COLORTERM"))
	return func(columns, rows int) picture.Screen {
		s := picture.Screen{Protocol: protocol, Columns: columns, Rows: rows, TrueColor: color == "truecolor" || color == "24bit"}
		s.CellWidth, s.CellHeight = cellSize(c.Out)
		return s
	}, err
}
