package term

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	window "kairos/internal/screen"
	"kairos/repl"
	"kairos/repl/internal/toy"
	"kairos/repl/worker"
)

// role has this test binary be a program in a terminal.
const role = "KAIROS_TERM_TEST"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "worker":
		os.Exit(worker.Serve(func() (repl.Session, error) {
			s, _ := toy.New()
			return s, nil
		}))
	}
	os.Exit(program(os.Getenv(role)))
}

// program runs a session with the interpreter for tests, in which every line of a cell is a command.
func program(kind string) int {
	session := worker.Open(worker.Config{Argv: os.Args[:1], Env: append(os.Environ(), role+"=worker")})
	defer session.Close()
	c := Config{Session: session, Banner: []string{"toy 1.0 · here", "A second line."}, StartUp: os.Getenv("STARTUP")}
	switch kind {
	case "panics":
		c.Session = panics{session}
	case "cells":
		c.Banner = nil
	}
	err := Run(context.Background(), c)
	var killed *Killed
	switch {
	case errors.As(err, &killed):
		fmt.Println("killed:", killed.Signal)
		return 3
	case err != nil:
		fmt.Println(err)
		return 1
	}
	fmt.Println("left")
	return 0
}

// panics is a session with a fault that shows while a cell is being typed.
type panics struct{ *worker.Session }

func (panics) IsComplete(context.Context, string) (repl.Completeness, error) {
	panic("a fault of ours")
}

// start runs the program in a terminal, in an empty directory.
func start(t *testing.T, kind string, env ...string) *window.Terminal {
	t.Helper()
	terminal, err := window.Start(window.Config{
		Command: []string{os.Args[0]}, Dir: t.TempDir(), Timeout: 20 * time.Second, Rows: 30,
		Env: append(env, role+"="+kind, "XDG_CACHE_HOME="+t.TempDir()),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	dialogue(t, terminal, "", `In \[1\]:`)
	return terminal
}

// dialogue types keys, and waits for what is on the screen then.
func dialogue(t *testing.T, terminal *window.Terminal, steps ...string) {
	t.Helper()
	for i := 0; i < len(steps); i += 2 {
		if steps[i] == "<C-d>" { // in between it would be lost with the mode of the terminal
			if err := terminal.Quiet(200 * time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		if steps[i] != "" {
			if err := terminal.Send(steps[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := terminal.WaitFor(steps[i+1]); err != nil {
			t.Fatalf("after %s: %v", steps[i], err)
		}
	}
}

func TestValuesAndErrors(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal,
		"", `(?m)^In \[1\]: *$`,
		"let x 3<Enter>", `(?m)^In \[1\]: let x 3\n\nIn \[2\]:`,
		"x<Enter>", `(?m)^In \[2\]: x\nOut\[2\]: 3\n\nIn \[3\]:`,
		"value some text<Enter>", `(?m)^Out\[3\]: "some text"\n\nIn \[4\]:`,
		"sub printf unfinished<Enter>", `(?m)^unfinished\n\nIn \[5\]:`,
		"wrong it is<Enter>", `(?m)^cell\[5\]:1:1: it is\n.*\n.*\^\n\nIn \[6\]:`,
		"<Enter>", `(?m)^In \[6\]: *\nIn \[6\]: *$`,
		"panic loud<Enter>", `(?m)^panic: loud\n  cell\[1\]:1  main\(\)  let x 3\n\nIn \[7\]:`,
		"osexit 3<Enter>", `(?m)^exit status 3\n\nIn \[8\]:`,
		"check no<Enter>", `(?m)^error: no\n\nIn \[9\]:`,
		"sleep 1100<Enter>", `(?m)^In \[9\]: sleep 1100\ntook 1\.\d s\n\nIn \[10\]:`,
	)
	styled := terminal.Screen().Styled()
	for _, want := range []string{"{32}[{}{1;32}2{}{32}]:", "{31}Out[{}{1;31}3{}{31}]:", "{1;31}it{} {1;31}is", "{2}took{} {2}1."} {
		if !strings.Contains(styled, want) {
			t.Errorf("there is no %s in\n%s", want, styled)
		}
	}
	if out := string(terminal.Output()); !strings.Contains(out, "\x1b]133;A\a") || !strings.Contains(out, "\x1b]133;D;1\a") {
		t.Error("prompts are not marked")
	}
}

func TestStreamsAndBars(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal,
		"print one<M-Enter>eprint two<M-Enter>progress 8<M-Enter>print three<Enter>",
		`(?m)^one\ntwo\nwork 100% ━+ 8/8.*\nthree\n\nIn \[2\]:`,
	)
	if styled := terminal.Screen().Styled(); !strings.Contains(styled, "two") || !strings.Contains(styled, "{2;31}two") {
		t.Errorf("stderr looks like stdout:\n%s", styled)
	}
}

func TestInput(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal,
		"", `In \[1\]:`,
		"input name?<Enter>", `(?m)^name\?$`,
		"Ada<Enter>", `(?m)^name\?Ada\n"Ada" <nil>\n`,
		"input again?<Enter>", `(?m)^again\?$`,
		"<C-d>", `(?m)^"" EOF\n`,
		"input third?<Enter>", `(?m)^third\?$`,
		"half<C-c>", `(?m)^third\?half\^C\n"" context canceled\ninterrupted\n\nIn \[4\]:`,
	)
}

func TestInterruptAndRestart(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal,
		"let x 3<Enter>", `In \[2\]:`,
		"spin<Enter>", `(?m)^In \[2\]: spin`,
	)
	time.Sleep(300 * time.Millisecond)
	dialogue(t, terminal,
		"<C-c>", `(?m)^\^C\ninterrupted\n\nIn \[3\]:`,
		"native 60000<Enter>", `(?m)^In \[3\]: native`,
	)
	time.Sleep(300 * time.Millisecond)
	dialogue(t, terminal,
		"<C-c>", `(?m)^interrupted; a call that cannot be interrupted is still running\nPress Ctrl-C twice to restart the session and lose its variables.\n\nIn \[4\]:`,
		"x<Enter>", `(?m)^cell\[3\] was interrupted but is still in a call .*\n`,
		"<C-d>", `(?m)^cell\[3\] still runs: press Ctrl-D again to leave and end it.`,
		"<C-c>", `(?m)^Press Ctrl-C again to restart the session and lose its variables.`,
		"<C-c>", `(?m)^The session was restarted. All variables are lost.\n\nIn \[1\]:`,
		"x<Enter>", `what is "x"\?\n\nIn \[2\]:`,
		"<C-d>", `(?m)^left$`,
	)
}

// TestImpatience presses Ctrl-C three times while the cell goes on.
func TestImpatience(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal, "native 60000<Enter>", `In \[1\]: native`)
	time.Sleep(300 * time.Millisecond)
	terminal.Send("<C-c>")
	time.Sleep(50 * time.Millisecond)
	dialogue(t, terminal, "<C-c>", `(?m)^Press Ctrl-C again to restart`, "<C-c>", `(?m)^The session was restarted. .*\n\nIn \[1\]:`, "value on<Enter>", `Out\[1\]: "on"`)
}

func TestLeaving(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal, "late 60000<Enter>", `In \[2\]:`, "<C-d>", `cell\[1\] still runs: press Ctrl-D again`, "<C-d>", `(?m)^left$`)
	terminal = start(t, "cells")
	dialogue(t, terminal, "wrong exit<Enter>", `In \[2\]:`, "<C-d>", `(?m)^left$`)
	if status, err := terminal.Ended(); status != 0 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
}

func TestCrash(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal,
		"let x 3<Enter>", `In \[2\]:`,
		"crash kill<Enter>", `(?m)^the session crashed: signal: killed \(out of memory\?\)\nlost: x\n\nIn \[3\]:`,
		"value on<Enter>", `Out\[3\]: "on"`,
	)
}

func TestPicture(t *testing.T) {
	terminal := start(t, "cells")
	dialogue(t, terminal, "picture a<M-Enter>picture b<Enter>", `(?m)^kairos-figure-1.png\nkairos-figure-2.png\n\nIn \[2\]:`)
}

func TestStartUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "start.go")
	os.WriteFile(path, []byte("let x 3\n// %%\nvalue unseen\n// %%\nwrong at last\n// %%\nlet y 4"), 0o644)
	terminal := start(t, "cells", "STARTUP="+path)
	dialogue(t, terminal,
		"", `(?m)start.go:\ncell\[0\]:1:1: at last\n(.*\n)*In \[1\]:`,
		"x<Enter>", `(?m)^Out\[1\]: 3\n`,
		"y<Enter>", `what is "y"`,
	)
	if strings.Contains(terminal.Screen().Text(), "unseen") {
		t.Error("values of the start-up file are shown")
	}
}

func TestSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		for _, cell := range []string{"", "spin<Enter>"} {
			terminal := start(t, "cells")
			dialogue(t, terminal, cell, `In \[1\]:`)
			time.Sleep(300 * time.Millisecond)
			syscall.Kill(terminal.Pid(), sig)
			dialogue(t, terminal, "", "killed: "+sig.String())
			if status, _ := terminal.Ended(); status != 3 {
				t.Errorf("%v: status %d", sig, status)
			}
		}
	}
}

// TestPanicRestores has the REPL panic while the terminal is in raw mode, and asks for the mode afterwards.
func TestPanicRestores(t *testing.T) {
	terminal, err := window.Start(window.Config{
		Command: []string{"sh", "-c", `"$0"; echo status $?; stty -a`, os.Args[0]}, Dir: t.TempDir(), Env: []string{role + "=panics"}, Rows: 60,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	dialogue(t, terminal, "", `In \[1\]:`, "x<Enter>", `(?m)^panic: a fault of ours`, "", `(?m)^status 2\n(.*\n)*.*[^-]icanon`)
}

func TestDumb(t *testing.T) {
	terminal := start(t, "whole", "TERM=dumb")
	dialogue(t, terminal,
		"", `(?m)^toy 1.0 · here\nA second line.\n\nIn \[1\]: *$`,
		"value a<Enter>", `(?m)^Out\[1\]: "a"\n\nIn \[2\]:`,
		"progress 4<Enter>", `(?m)^work: 0% \(0/4\)\n(.*\n)*work: 100% \(4/4\)\n\nIn \[3\]:`,
		"input name?<Enter>", `(?m)^name\?$`,
		"Ada<Enter>", `(?m)^"Ada" <nil>\n\nIn \[4\]:`,
		"picture a<Enter>", `(?m)^kairos-figure-1.png\n\nIn \[5\]:`,
		"spin<Enter>", `In \[5\]: spin`,
	)
	time.Sleep(300 * time.Millisecond)
	dialogue(t, terminal, "<C-c>", `(?m)^interrupted\n\nIn \[6\]:`, "half a cell", "half a cell", "<C-c>", `(?m)^In \[6\]: half a cell\^C\nIn \[6\]: *$`, "<C-d>", `(?m)^left$`)
	if out := string(terminal.Output()); strings.Contains(out, "\x1b") {
		t.Errorf("an escape sequence was written: %q", out)
	}
}

func TestNoColor(t *testing.T) {
	terminal := start(t, "whole", "NO_COLOR=1", "LANG=C", "LC_ALL=C")
	dialogue(t, terminal, "", `(?m)^toy 1.0 - here\n`, "value a<M-Enter>wrong b<Enter>", `(?m)^In \[2\]:`, "progress 9<Enter>", `work 100% \[=+\] 9/9`)
	if out := string(terminal.Output()); strings.Contains(out, "\x1b[3") || strings.Contains(out, "\x1b[1m") || strings.Contains(out, "\x1b[0m") || strings.Contains(out, "\x1b[2m") {
		t.Errorf("a color was written: %q", out)
	}
}
