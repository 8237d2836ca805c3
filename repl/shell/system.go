package shell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"kairos/repl"
)

func systemCommands() []*command {
	return []*command{
		{name: "!", group: groupSystem, usage: "COMMAND", args: shellArgument, run: system, help: "have sh run it, as in !ls -l"},
		{
			name: "!!", group: groupSystem, usage: "COMMAND", args: shellArgument, run: systemValue,
			help: "have sh run it; the value is what it prints, a []string of lines",
		},
		{name: "bash", group: groupSystem, usage: "[FLAGS]", form: inCell, args: shellArgument, run: interpret, help: "have bash run the rest of the cell"},
		{name: "sh", group: groupSystem, usage: "[FLAGS]", form: inCell, args: shellArgument, run: interpret, help: "have sh run the rest of the cell"},
		{
			name: "env", group: groupSystem, usage: "[NAME[=VALUE]]", args: envArgument, run: env,
			help: "the variables of the environment; one of them; or set it",
			more: "It is set for cells and for !commands, and stays so when the session begins anew.",
		},
		{
			name: "cd", group: groupSystem, usage: "[DIRECTORY]", args: dirArgument, run: cd,
			help: "go to a directory; %cd - goes back, %cd goes home",
			more: "Cells and !commands are there too, also when the session begins anew.",
		},
		{name: "pwd", group: groupSystem, run: pwd, help: "the directory"},
		{name: "ls", group: groupSystem, usage: "[ARGUMENTS]", args: shellArgument, run: listFiles, help: "the same as !ls"},
	}
}

// interruptGrace is how long a program has to end after it was interrupted.
const interruptGrace = 500 * time.Millisecond

// isGo tells whether a line that begins with ! is the negation of something, and not for sh: if it reads as Go, and
// what it begins with is known to cells.
func (s *Shell) isGo(ctx context.Context, p part) bool {
	name := firstName(p.args)
	if name == "" || !isExpression("!"+p.args) {
		return false
	}
	i, err := s.Session.Inspect(ctx, name, len(name), 0)
	if err != nil || i.Name != name {
		return false
	}
	isCall := strings.Contains(p.args, name+"(") || strings.Contains(p.args, name+".") && strings.HasSuffix(p.args, ")")
	return isCall || (i.Kind == "var" || i.Kind == "const") && i.Where != "builtin"
}

func system(ctx context.Context, c *call) error {
	if c.args == "" {
		return c.fail("say what sh is to run, as in !ls")
	}
	err := c.start(ctx, exec.Command("sh", "-c", c.args))
	var status *exec.ExitError
	if errors.As(err, &status) && ctx.Err() == nil {
		c.out.Stream(repl.Stderr, describe(status)+"\n")
		return nil
	}
	return c.wrapped(err)
}

func listFiles(ctx context.Context, c *call) error {
	c.args = strings.TrimSpace("ls " + c.args)
	return system(ctx, c)
}

// describe says how a program ended.
func describe(status *exec.ExitError) string { return status.String() }

// wrapped is the error of a program as that of the command.
func (c *call) wrapped(err error) error {
	if err == nil {
		return nil
	}
	return c.fail("%v", err)
}

// start runs a program, with the terminal if there is one for it.
func (c *call) start(ctx context.Context, cmd *exec.Cmd) error {
	if c.shell.Terminal == nil {
		lines := &streams{out: c.out}
		cmd.Stdout, cmd.Stderr = lines.to(repl.Stdout), lines.to(repl.Stderr)
		defer lines.flush()
		return runGroup(ctx, cmd)
	}
	return c.shell.Terminal(ctx, cmd)
}

// runGroup runs a program until it ends or ctx does. Then it, and what it started, is interrupted, and killed if that does
// not help.
func runGroup(ctx context.Context, cmd *exec.Cmd) error {
	ownGroup(cmd)
	cmd.WaitDelay = interruptGrace // for what it leaves behind with its output open
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-done:
			return
		case <-ctx.Done():
			interruptGroup(cmd)
		}
		select {
		case <-done:
		case <-time.After(interruptGrace):
		}
		killGroup(cmd) // what it left in the background ignores interrupts
	}()
	err := cmd.Wait()
	close(done)
	<-stopped
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	return err
}

// systemValue evaluates what a program printed, as Go.
func systemValue(ctx context.Context, c *call) error {
	if c.args == "" {
		return c.fail("say what sh is to run, as in !!ls")
	}
	cmd := exec.Command("sh", "-c", c.args)
	var text strings.Builder
	errs := &streams{out: c.out}
	cmd.Stdout, cmd.Stderr = &text, errs.to(repl.Stderr)
	err := runGroup(ctx, cmd)
	errs.flush()
	if err != nil {
		return c.wrapped(err)
	}
	var src strings.Builder
	src.WriteString("[]string{")
	for line := range strings.Lines(text.String()) {
		fmt.Fprintf(&src, "%q, ", strings.TrimRight(line, "\r\n"))
	}
	c.result, err = c.shell.evalGo(ctx, c.number, src.String()+"}", c.out)
	return err
}

// interpret has a shell run the body of a cell.
func interpret(ctx context.Context, c *call) error {
	flags, err := words(c.args)
	if err != nil {
		return c.fail("%v", err)
	}
	return c.wrapped(c.start(ctx, exec.Command(c.name, append(flags, "-c", c.body)...)))
}

func env(ctx context.Context, c *call) error {
	name, value, set := strings.Cut(c.args, "=")
	if before, after, blank := strings.Cut(c.args, " "); blank && (!set || len(before) < len(name)) {
		name, value, set = before, strings.TrimLeft(after, " "), true
	}
	switch old, ok := os.LookupEnv(name); {
	case name == "" && !set:
		list := os.Environ()
		slices.Sort(list)
		c.print("%s", strings.Join(list, "\n"))
	case set:
		if err := c.setenv(ctx, name, unquoted(strings.TrimSpace(value))); err != nil {
			return err
		}
		c.print("%s=%s", name, os.Getenv(name))
	case ok:
		c.print("%s", old)
	default:
		return c.fail("%s is not set%s", name, didYouMean("", near(name, envNames())))
	}
	return nil
}

func envNames() (names []string) {
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// unquoted is a text without the quotes around it.
func unquoted(text string) string {
	if n := len(text); n >= 2 && text[0] == text[n-1] && (text[0] == '"' || text[0] == '\'') {
		return text[1 : n-1]
	}
	return text
}

func cd(ctx context.Context, c *call) error {
	dir := unquoted(c.args)
	if dir == "-" {
		c.shell.mu.Lock()
		dir = c.shell.process.previous
		c.shell.mu.Unlock()
		if dir == "" {
			return c.fail("there is no directory before this one")
		}
	}
	if err := c.chdir(ctx, home(cmp.Or(dir, "~"))); err != nil {
		return err
	}
	return pwd(ctx, c)
}

// home is a path whose ~ is the home directory.
func home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == '/') {
		if dir, err := os.UserHomeDir(); err == nil {
			return filepath.Join(dir, rest)
		}
	}
	return path
}

func pwd(_ context.Context, c *call) error {
	dir, err := os.Getwd()
	if err != nil {
		return c.fail("%v", err)
	}
	c.print("%s", dir)
	return nil
}

// streams passes on what a program prints on two streams, one at a time, and characters whole.
type streams struct {
	mu   sync.Mutex
	out  repl.Output
	ends []*stream
}

type stream struct {
	all  *streams
	name string
	rest []byte // the beginning of a character
}

func (s *streams) to(name string) *stream {
	w := &stream{all: s, name: name}
	s.ends = append(s.ends, w)
	return w
}

// Write implements io.Writer.
func (w *stream) Write(data []byte) (int, error) {
	w.all.mu.Lock()
	defer w.all.mu.Unlock()
	text := append(w.rest, data...)
	whole := len(text) - partial(text)
	w.rest = slices.Clone(text[whole:])
	if whole > 0 {
		w.all.out.Stream(w.name, strings.ToValidUTF8(string(text[:whole]), "\uFFFD"))
	}
	return len(data), nil
}

// flush passes on what is left.
func (s *streams) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.ends {
		if len(w.rest) > 0 {
			s.out.Stream(w.name, "\uFFFD")
			w.rest = nil
		}
	}
}
