package shell

import (
	"cmp"
	"context"
	"runtime"
	"runtime/debug"
	"strings"

	"kairos/repl"
)

func sessionCommands() []*command {
	return []*command{
		{
			name: "reset", group: groupSession, usage: "[-f]", run: reset,
			help: "forget everything that cells declared; -f without asking",
			more: "The process of the session ends, whatever it does, and another one begins. Cells are counted on, and the history stays.",
		},
		{name: "quit", aliases: []string{"exit", "q"}, group: groupSession, run: quit, help: "leave"},
		{name: "doctor", group: groupSession, run: doctor, help: "what is there, what is missing, and what mends it"},
		{name: "version", group: groupSession, run: version, help: "the versions of kairos and Go"},
	}
}

func reset(ctx context.Context, c *call) error {
	if c.args != "" && c.args != "-f" {
		return c.usage()
	}
	if c.args == "" {
		answer, err := c.out.Input(ctx, "Forget everything that cells declared? [y/N] ", false)
		if err != nil {
			return c.fail("nobody can be asked: write %%reset -f")
		}
		if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
			c.print("nothing was forgotten")
			return nil
		}
	}
	s := c.shell
	if err := s.Session.Restart(); err != nil {
		return c.fail("%v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process.stale = true
	for n := 1; n < c.number; n++ { // not for %save
		s.broken[n] = true
	}
	return nil
}

func quit(_ context.Context, c *call) error {
	if c.shell.Leave == nil {
		return c.fail("close the window to leave, or send an end of file (Ctrl-D)")
	}
	c.shell.Leave()
	return nil
}

func doctor(ctx context.Context, c *call) error {
	if c.shell.Doctor == nil {
		return c.fail("not here: !kairos doctor says it")
	}
	lines := &streams{out: c.out}
	defer lines.flush()
	return c.wrapped(c.shell.Doctor(ctx, lines.to(repl.Stdout)))
}

func version(_ context.Context, c *call) error {
	v := c.shell.Version
	if info, ok := debug.ReadBuildInfo(); ok {
		v = cmp.Or(v, info.Main.Version)
	}
	c.print("kairos %s %s %s/%s", cmp.Or(v, "(unknown)"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
