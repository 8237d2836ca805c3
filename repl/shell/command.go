package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kairos/repl"
	"kairos/stdlib/cell/render"
)

// command is a line of the table.
type command struct {
	name    string
	aliases []string
	group   string
	usage   string // its arguments
	help    string // in a line
	more    string // the rest of its help
	run     func(ctx context.Context, c *call) error
	args    argument // what completes them
	form    form
	code    bool // they are Go, or the body is
}

// form says where a command can stand.
type form int

const (
	inLine form = iota
	inCell      // only in the first line of a cell that is all its own
	inBoth
)

// call is one use of a command.
type call struct {
	part
	shell  *Shell
	out    repl.Output
	number int    // of the cell
	cell   string // all of it
	result repl.Result
}

// fail is the error of a command.
func (c *call) fail(format string, args ...any) error {
	return &repl.Failed{Text: c.typed() + ": " + fmt.Sprintf(format, args...)}
}

// print writes lines on the cell's output.
func (c *call) print(format string, args ...any) {
	c.out.Stream(repl.Stdout, strings.TrimRight(fmt.Sprintf(format, args...), "\n")+"\n")
}

// page shows help.
func (c *call) page(text string) {
	b := repl.Bundle{render.Plain: []byte(text)}
	if c.shell.Page != nil {
		c.shell.Page(b)
		return
	}
	c.display(b)
}

func (c *call) display(b repl.Bundle) {
	c.shell.mu.Lock()
	c.shell.shown++
	id := fmt.Sprintf("shell-%d", c.shell.shown)
	c.shell.mu.Unlock()
	c.out.Display(repl.Display{ID: id, Data: b})
}

// evalAs evaluates Go that stands at an offset of the cell, under a number.
func (c *call) evalAs(ctx context.Context, number int, code string, at int) (repl.Result, error) {
	return c.shell.evalGo(ctx, number, pad(c.cell, at)+code, c.out)
}

// pad is what moves source to an offset of a cell: as many lines, and blanks in its line.
func pad(cell string, at int) string {
	before := cell[:at]
	return strings.Repeat("\n", strings.Count(before, "\n")) + strings.Repeat(" ", len(before)-1-strings.LastIndexByte(before, '\n'))
}

// eval runs the parts of a cell. The values are those of the last one.
func (s *Shell) eval(ctx context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	parts := s.split(src)
	if len(parts) == 0 || len(parts) == 1 && !parts[0].command {
		return s.evalGo(ctx, number, src, out)
	}
	if starter, ok := out.(repl.Starter); ok {
		starter.Start()
	}
	out = started{out}
	var all repl.Result
	for _, p := range parts {
		begin := time.Now()
		result, err := s.evalPart(ctx, number, src, p, out)
		if result.Elapsed == 0 {
			result.Elapsed = time.Since(begin)
		}
		all.Values = result.Values
		all.Names = append(all.Names, result.Names...)
		all.Elapsed += result.Elapsed
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func (s *Shell) evalPart(ctx context.Context, number int, src string, p part, out repl.Output) (repl.Result, error) {
	if ctx.Err() != nil {
		return repl.Result{}, &repl.Interrupted{}
	}
	if !p.command || p.sign == "!" && s.isGo(ctx, p) {
		return s.evalGo(ctx, number, pad(src, p.start)+src[p.start:p.end], out)
	}
	c := &call{part: p, shell: s, out: out, number: number, cell: src}
	cmd, err := s.find(c)
	if err != nil {
		return repl.Result{}, err
	}
	err = cmd.run(ctx, c)
	if err != nil && ctx.Err() != nil && !isOfSession(err) {
		err = &repl.Interrupted{}
	}
	return c.result, err
}

// evalGo evaluates Go, in a process that is as the user left it.
func (s *Shell) evalGo(ctx context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	s.restore(ctx)
	result, err := s.Session.EvalAs(ctx, number, src, out)
	s.look(ctx, src, err)
	return result, err
}

// find returns the command of a call, or an error that knows better.
func (s *Shell) find(c *call) (*command, error) {
	cmd := s.table.find(c.part)
	switch {
	case cmd == nil && c.sign == "%%" && c.name == "":
		return nil, c.fail("name a command, as in %%%%bash; %%lsmagic lists them")
	case cmd == nil:
		return nil, &repl.Failed{Text: s.table.unknown(c.part)}
	case c.sign == "%%" && cmd.form == inLine:
		return nil, c.fail("is for a line: write %%%s", c.name)
	case c.sign != "%%" && cmd.form == inCell:
		return nil, c.fail("is for a whole cell: write %%%%%s in its first line, and the rest below", c.name)
	}
	return cmd, nil
}

// takesCode tells whether the arguments of a command are Go.
func (s *Shell) takesCode(p part) bool {
	cmd := s.table.find(p)
	return cmd != nil && cmd.code
}

// isOfSession tells whether an error is one that sessions return.
func isOfSession(err error) bool {
	var interrupted *repl.Interrupted
	var busy *repl.Busy
	var crashed *repl.Crashed
	return errors.As(err, &interrupted) || errors.As(err, &busy) || errors.As(err, &crashed)
}

// started is an output that was told already that its cell's turn has come.
type started struct{ repl.Output }

// Fence implements repl.Fencer.
func (s started) Fence() {
	if f, ok := s.Output.(repl.Fencer); ok {
		f.Fence()
	}
}

// Clear implements repl.Clearer.
func (s started) Clear(wait bool) {
	if c, ok := s.Output.(repl.Clearer); ok {
		c.Clear(wait)
	}
}

// Nudge implements repl.Nudger.
func (s started) Nudge() {
	if n, ok := s.Output.(repl.Nudger); ok {
		n.Nudge()
	}
}
