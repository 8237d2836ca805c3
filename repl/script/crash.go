package script

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kairos/repl/check"
	"kairos/repl/lower/rt"
	"kairos/repl/stop"
	"kairos/repl/trace"
)

// crashStatus is the exit status of a Go program that panics.
const crashStatus = 2

// crash ends the process as a panic does that nobody recovers.
type crash struct {
	prog      *check.Program
	functions trace.Functions
}

// learn looks up the functions of a program.
func (c *crash) learn(prog *check.Program) {
	c.prog = prog
	for _, pkg := range prog.Packages {
		for _, file := range pkg.Files {
			c.functions.Add(pkg.Types.Path(), file.Decls, nil)
		}
	}
}

// uncaught prints t and the frames it passed through as the runtime would, and exits.
func (c *crash) uncaught(t *rt.Thrown) {
	text := "panic: " + t.Text()
	switch {
	case t.Value == any(stop.Overflow{}):
		text = "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow"
	case strings.Contains(text, rt.NilDereference):
		text += "\n[signal SIGSEGV: segmentation violation]"
	}
	fmt.Fprintf(os.Stderr, "%s\n\n%s", text, c.functions.Stack(c.prog.Fset, trace.Header(), t.Trace, "main.init()", absolute))
	os.Exit(crashStatus)
}

// absolute is how a stack names a file.
func absolute(name string) string {
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}
