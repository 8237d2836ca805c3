package shell

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kairos/repl"
)

func timeCommands() []*command {
	return []*command{
		{
			name: "time", group: groupTime, usage: "STATEMENT", form: inBoth, code: true, args: goArgument, run: timeOnce,
			help: "run it once, and say how long it took",
			more: "The value is shown as without %time. %%time measures the rest of the cell.",
		},
		{
			name: "timeit", group: groupTime, usage: "[-n LOOPS] [-r RUNS] STATEMENT", form: inBoth, code: true, args: goArgument, run: timeOften,
			help: "run it many times: mean ± standard deviation, and the best",
			more: "It is the body of a loop. Without -n, so many loops are made that a run takes 0.2 s at least; without -r, there are 7 runs.\n" +
				"Names that the statement declares are its own. %%timeit measures the rest of the cell.",
		},
		{
			name: "timing", group: groupTime, usage: "[on|off]", args: oneOf("on", "off"), run: timing,
			help: "show the time of each cell from now on, or no longer",
		},
	}
}

// code is the Go that a command is about, and where it stands in the cell: its arguments, or what is below it.
func (c *call) code() (code string, at int, err error) {
	switch {
	case c.sign != "%%" && c.args == "", c.sign == "%%" && strings.TrimSpace(c.body) == "":
		return "", 0, c.usage()
	case c.sign != "%%":
		return c.args, c.argsAt, nil
	case c.args != "":
		return "", 0, c.fail("what is to be measured begins in the line below")
	}
	return c.body, c.bodyAt, nil
}

func timeOnce(ctx context.Context, c *call) error {
	code, at, err := c.code()
	if err != nil {
		return err
	}
	c.result, err = c.evalAs(ctx, c.number, code, at)
	var wrong *repl.CompileError
	if !errors.As(err, &wrong) {
		c.print("Wall time: %s", short(c.result.Elapsed))
	}
	return err
}

func timing(_ context.Context, c *call) error {
	s := c.shell
	s.mu.Lock()
	on := !s.timing
	if c.args != "" {
		on = c.args == "on"
	}
	if c.args != "" && c.args != "on" && c.args != "off" {
		s.mu.Unlock()
		return c.usage()
	}
	s.timing = on
	s.mu.Unlock()
	if s.Config.Timing != nil {
		s.Config.Timing(on)
	}
	c.print("timing is %s", map[bool]string{true: "on", false: "off"}[on])
	return nil
}

const (
	runs     = 7
	enough   = 200 * time.Millisecond // for one run
	maxLoops = 1_000_000_000
)

var loopFlag = regexp.MustCompile(`^-([nr])[ \t]*(\d+)(?:\s+|$)`)

// loops takes the flags of %timeit from its arguments.
func (c *call) loops() (n, r int, err error) {
	r = runs
	for {
		at := loopFlag.FindStringSubmatchIndex(c.args)
		if at == nil {
			return n, r, nil
		}
		value, err := strconv.Atoi(c.args[at[4]:at[5]])
		if err != nil || value < 1 || value > maxLoops {
			return 0, 0, c.usage()
		}
		if c.args[at[2]] == 'n' {
			n = value
		} else {
			r = value
		}
		c.args, c.argsAt = c.args[at[1]:], c.argsAt+at[1]
	}
}

// loopFlags is how long the flags of %timeit are that arguments begin with.
func loopFlags(args string) (n int) {
	for {
		flag := loopFlag.FindString(args[n:])
		if flag == "" {
			return n
		}
		n += len(flag)
	}
}

func timeOften(ctx context.Context, c *call) error {
	n, r, err := c.loops()
	if err != nil {
		return err
	}
	code, at, err := c.code()
	if err != nil {
		return err
	}
	if code, err = c.loopBody(ctx, code, at); err != nil {
		return err
	}
	measure := func(n int) (time.Duration, error) {
		header := fmt.Sprintf("for range %d { ", n)
		result, err := c.shell.evalGo(ctx, 0, strings.Repeat("\n", strings.Count(c.cell[:at], "\n"))+header+code+"\n}", c.out)
		return result.Elapsed, named(err, c.number)
	}
	if n == 0 {
		if n, err = calibrate(measure); err != nil {
			return err
		}
	}
	var times []time.Duration
	for range r {
		took, err := measure(n)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	c.print("%s", summary(times, n))
	return nil
}

// calibrate finds how many loops take long enough.
func calibrate(measure func(int) (time.Duration, error)) (int, error) {
	for n := 1; ; n *= 10 {
		took, err := measure(n)
		if err != nil || took >= enough || n >= maxLoops {
			return n, err
		}
	}
}

// summary says what a loop took.
func summary(times []time.Duration, n int) string {
	sum, best := 0.0, math.Inf(1)
	for _, t := range times {
		each := float64(t) / float64(n)
		sum, best = sum+each, min(best, each)
	}
	mean, squares := sum/float64(len(times)), 0.0
	for _, t := range times {
		squares += (float64(t)/float64(n) - mean) * (float64(t)/float64(n) - mean)
	}
	return fmt.Sprintf("%s ± %s per loop (mean ± std. dev. of %s), best %s", shortest(mean),
		shortest(math.Sqrt(squares/float64(len(times)))), counted(len(times), n), shortest(best))
}

func counted(runs, loops int) string {
	text := thousands(loops) + " loops each"
	if loops == 1 {
		text = "1 loop each"
	}
	return plural(runs, "run") + ", " + text
}

// shortest is short for times below a nanosecond, too.
func shortest(ns float64) string {
	if ns < 100 {
		return digits(ns) + " ns"
	}
	return short(time.Duration(ns))
}

// opening is what the body of a loop is checked in. It is as long as the shortest command before it, so that positions in
// errors are those of the cell.
const opening = "func(){"

var unused = regexp.MustCompile(`^declared and not used: (\S+)`)

// loopBody makes statements of what is to be measured, which may be an expression, or declare names that it does not use.
func (c *call) loopBody(ctx context.Context, code string, at int) (string, error) {
	err := c.tryBody(ctx, code, at)
	var wrong *repl.CompileError
	if !errors.As(err, &wrong) {
		return code, err
	}
	body := code
	for _, p := range wrong.Problems {
		name := unused.FindStringSubmatch(p.Message)
		_, parsed := parser.ParseExpr(code)
		switch {
		case name != nil:
			body += "\n_ = " + name[1]
		case strings.Contains(p.Message, "is not used") && parsed == nil && body == code:
			body = "_ = (" + code + ")"
		default:
			return code, err
		}
	}
	if c.tryBody(ctx, body, at) != nil {
		return code, err
	}
	return body, nil
}

// tryBody checks the body of a loop without running it.
func (c *call) tryBody(ctx context.Context, code string, at int) error {
	before := pad(c.cell, at)
	if i := len(before) - len(opening); i >= 0 && strings.HasSuffix(before, strings.Repeat(" ", len(opening))) {
		before = before[:i]
	} else {
		before = strings.TrimRight(before, " ")
		before = before[:len(before)-1] // the body begins in a line below the command
		code = "\n" + code
	}
	_, err := c.shell.evalGo(ctx, 0, before+opening+code+"\n};", c.out)
	var wrong *repl.CompileError
	if errors.As(err, &wrong) {
		wrong.Text = strings.Replace(wrong.Text, opening, strings.Repeat(" ", len(opening)), -1)
	}
	return named(err, c.number)
}

// named gives the error of a silent cell the name of the cell that it was evaluated for.
func named(err error, number int) error {
	return renamed(err, "cell[0]", fmt.Sprintf("cell[%d]", number))
}

// renamed gives an error that names a cell another name.
func renamed(err error, from, to string) error {
	switch e := err.(type) {
	case *repl.CompileError:
		for i, p := range e.Problems {
			if p.File == from {
				e.Problems[i].File = to
			}
			e.Problems[i].Message = strings.ReplaceAll(p.Message, from+":", to+":")
		}
		e.Text = strings.ReplaceAll(e.Text, from+":", to+":")
	case *repl.Panic:
		e.Trace = strings.ReplaceAll(e.Trace, from+":", to+":")
	}
	return err
}
