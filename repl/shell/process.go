package shell

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"kairos/repl"
)

// process is how the user left the process that cells run in: a new one is made the same.
type process struct {
	dir      string // "": where it began
	previous string
	env      map[string]string
	stale    bool // it is a new one
}

// quietly evaluates Go that the user did not write.
func (s *Shell) quietly(ctx context.Context, src string) (repl.Result, error) {
	return s.Session.EvalAs(ctx, 0, src, silent{})
}

// silent is an output for nobody.
type silent struct{}

func (silent) Stream(string, string)  {}
func (silent) Display(repl.Display)   {}
func (silent) Progress(repl.Progress) {}

func (silent) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody can be asked")
}

// restore puts a new process where the user left the one before.
func (s *Shell) restore(ctx context.Context) {
	s.mu.Lock()
	p := s.process
	s.process.stale = false
	s.mu.Unlock()
	if !p.stale || p.dir == "" && len(p.env) == 0 {
		return
	}
	var src strings.Builder
	if p.dir != "" {
		fmt.Fprintf(&src, "os.Chdir(%q);", p.dir)
	}
	for _, name := range slices.Sorted(maps.Keys(p.env)) {
		fmt.Fprintf(&src, "os.Setenv(%q, %q);", name, p.env[name])
	}
	s.quietly(ctx, src.String()) // the cell that follows has the error too, if the session is no more
}

// look finds out what a cell did to its process.
func (s *Shell) look(ctx context.Context, src string, err error) {
	var crashed *repl.Crashed
	if errors.As(err, &crashed) {
		s.mu.Lock()
		s.process.stale = true
		s.mu.Unlock()
		return
	}
	if !strings.Contains(src, "Chdir(") || ctx.Err() != nil {
		return
	}
	result, err := s.quietly(ctx, "func() string { dir, _ := os.Getwd(); return dir }()")
	if err != nil {
		return
	}
	if dir, err := strconv.Unquote(result.Text()); err == nil && os.Chdir(dir) == nil {
		s.moved(dir)
	}
}

// moved notes that the directory is another one.
func (s *Shell) moved(dir string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process.dir = dir
}

// chdir goes to a directory, in this process and that of the session.
func (c *call) chdir(ctx context.Context, dir string) error {
	before, err := os.Getwd()
	if err != nil {
		before = ""
	}
	if err := os.Chdir(dir); err != nil {
		return c.fail("%v", err)
	}
	now, err := os.Getwd()
	if err != nil {
		return c.fail("%v", err)
	}
	c.shell.restore(ctx)
	if _, err := c.shell.quietly(ctx, fmt.Sprintf("if err := os.Chdir(%q); err != nil { panic(err) }", now)); err != nil {
		return c.ofSession(err)
	}
	c.shell.mu.Lock()
	c.shell.process.previous = before
	c.shell.mu.Unlock()
	c.shell.moved(now)
	return nil
}

// setenv sets a variable in this process and that of the session.
func (c *call) setenv(ctx context.Context, name, value string) error {
	if err := os.Setenv(name, value); err != nil {
		return c.fail("%v", err)
	}
	c.shell.restore(ctx)
	if _, err := c.shell.quietly(ctx, fmt.Sprintf("os.Setenv(%q, %q);", name, value)); err != nil {
		return c.ofSession(err)
	}
	c.shell.mu.Lock()
	defer c.shell.mu.Unlock()
	if c.shell.process.env == nil {
		c.shell.process.env = map[string]string{}
	}
	c.shell.process.env[name] = value
	return nil
}

// ofSession is the error of something that the command had the session do.
func (c *call) ofSession(err error) error {
	if isOfSession(err) {
		c.shell.look(context.Background(), "", err)
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "\n\n")
	return c.fail("in the session's process: %s", text)
}
