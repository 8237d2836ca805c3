package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// runner runs programs both ways.
type runner struct {
	kairos  string // the command, as in "kairos run"
	gcflags string // for the Go compiler
	dir     string // for files of its own
	timeout time.Duration
	count   int
}

// result is what a program printed: want by the Go compiler, got by kairos.
type result struct {
	program   *program
	want, got string
}

func (r result) same() bool { return r.want == r.got }

// run runs programs both ways. It leaves out those that the Go compiler does not take, or that do not end.
func (r *runner) run(programs []*program) ([]result, error) {
	if len(programs) == 0 {
		return nil, nil
	}
	file, b, err := r.write(programs)
	if err != nil {
		return nil, err
	}
	defer os.Remove(file)
	want, failed := r.compiled(file)
	if failed != "" {
		return r.halves(programs, failed)
	}
	got := map[string]string{}
	err = r.interpreted(got, file, b)
	return results(programs, want, got), err
}

// runKairos runs programs with kairos only, as if the Go compiler's printed nothing.
func (r *runner) runKairos(programs []*program) ([]result, error) {
	got := map[string]string{}
	err := r.again(got, programs)
	return results(programs, nil, got), err
}

func results(programs []*program, want, got map[string]string) (list []result) {
	for _, p := range programs {
		text, ran := got[p.name()]
		if !ran {
			text = "MISSING"
		}
		list = append(list, result{p, want[p.name()], text})
	}
	return list
}

func (r *runner) write(programs []*program) (file string, b batch, err error) {
	b = newBatch(programs)
	r.count++
	file = filepath.Join(r.dir, fmt.Sprintf("batch%d.go", r.count))
	return file, b, os.WriteFile(file, []byte(b.source), 0o666)
}

// halves runs the two halves of a batch of which something failed when it was compiled, so that only that is left out.
func (r *runner) halves(programs []*program, failed string) ([]result, error) {
	if len(programs) == 1 {
		fmt.Fprintf(os.Stderr, "%s: left out: %s\n", programs[0].name(), failed)
		return nil, nil
	}
	a, err := r.run(programs[:len(programs)/2])
	if err != nil {
		return nil, err
	}
	b, err := r.run(programs[len(programs)/2:])
	return append(a, b...), err
}

// compiled builds a file and runs it. It returns what went wrong, if something did.
func (r *runner) compiled(file string) (out map[string]string, failed string) {
	binary := strings.TrimSuffix(file, ".go")
	defer os.Remove(binary)
	msg, err := exec.Command("go", "build", "-gcflags="+r.gcflags, "-o", binary, file).CombinedOutput()
	if err != nil {
		return nil, fmt.Sprintf("%v\n%s", err, msg)
	}
	text, end := r.output(binary)
	out, _ = sections(text)
	return out, end
}

// output runs a command. It returns what it printed, and how it ended where that was not well.
func (r *runner) output(command string, args ...string) (text, end string) {
	ctx, stop := context.WithTimeout(context.Background(), r.timeout)
	defer stop()
	cmd := exec.CommandContext(ctx, command, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &limited{&out, 64 << 20}, &limited{&errs, 1 << 20}
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		end = "TIMEOUT"
	case err != nil:
		end = "ENDED " + err.Error() + "\n" + errs.String()
	}
	return out.String(), end
}

// limited writes so many bytes and then fails.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errors.New("too much output")
	}
	return l.w.Write(p)
}

var addresses = regexp.MustCompile(`0x[0-9a-f]{6,16}\b`)

// sections takes the output of a batch apart, by program, and names the last. What differs between any two runs is left out.
func sections(text string) (out map[string]string, last string) {
	out = map[string]string{}
	for s := range strings.SplitSeq("\n"+text, "\n=== ") {
		name, rest, _ := strings.Cut(s, "\n")
		if s == "" || strings.HasPrefix(s, "\n") {
			continue
		}
		last = name
		if name != "end" {
			out[name] = addresses.ReplaceAllString(rest, "0x…")
		}
	}
	return out, last
}

// save writes a program and both outputs as an archive.
func (r result) save(path string) error {
	return os.WriteFile(path, txtar.Format(&txtar.Archive{Files: []txtar.File{
		{Name: "program.go", Data: []byte(newBatch([]*program{r.program}).source)},
		{Name: "want", Data: []byte(r.want)},
		{Name: "got", Data: []byte(r.got)},
	}}), 0o666)
}
