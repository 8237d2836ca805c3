package kernel_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"kairos/kernel"
	"kairos/repl"
	"kairos/repl/history"
)

// fake is a session of which the cells are commands, one a line, each a word and its argument.
type fake struct {
	kernel  *kernel.Kernel
	history *history.Store

	mu      sync.Mutex
	numbers []int // of the cells that ran
	closed  bool
	live    repl.Output // of the last cell
}

func (f *fake) Eval(ctx context.Context, src string, out repl.Output) (repl.Result, error) {
	return repl.Result{}, errors.New("the kernel numbers cells itself")
}

func (f *fake) EvalAs(ctx context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	f.mu.Lock()
	f.numbers, f.live = append(f.numbers, number), out
	f.mu.Unlock()
	if number > 0 {
		f.history.Append(history.Entry{Number: number, Source: src})
	}
	r := repl.Result{Number: number}
	for line := range strings.SplitSeq(src, "\n") {
		word, arg, _ := strings.Cut(line, " ")
		if err := f.run(ctx, word, arg, out, &r); err != nil {
			return r, err
		}
	}
	if text := r.Text(); text != "" {
		f.history.SetOutput(number, text)
	}
	return r, nil
}

func (f *fake) run(ctx context.Context, word, arg string, out repl.Output, r *repl.Result) error {
	n, _ := strconv.Atoi(arg)
	switch word {
	case "print":
		out.Stream(repl.Stdout, arg+"\n")
	case "eprint":
		out.Stream(repl.Stderr, arg+"\n")
	case "bytes":
		for i := range len(arg) {
			out.Stream(repl.Stdout, arg[i:i+1])
		}
	case "prints":
		for i := range n {
			out.Stream(repl.Stdout, fmt.Sprintln(i))
		}
	case "flood": // MB
		line := strings.Repeat("x", 1023) + "\n"
		for range n << 10 {
			out.Stream(repl.Stdout, line)
		}
	case "value":
		r.Values = append(r.Values, repl.Value{Type: "string", Data: repl.Bundle{"text/plain": []byte(arg)}})
	case "late":
		go func() {
			time.Sleep(100 * time.Millisecond)
			out.Stream(repl.Stdout, arg+"\n")
		}()
	case "sleep":
		time.Sleep(time.Duration(n) * time.Millisecond)
	case "spin":
		<-ctx.Done()
		return &repl.Interrupted{}
	case "stubborn":
		time.Sleep(time.Duration(n) * time.Millisecond)
		if ctx.Err() != nil {
			return &repl.Interrupted{Pending: true}
		}
	case "error":
		return &repl.Failed{Text: "error: " + arg}
	case "wrong":
		return &repl.CompileError{Text: "cell[1]:1:1: " + arg + "\n\twrong\n\t^"}
	case "panic":
		return &repl.Panic{Value: arg, Trace: "goroutine 1 [running]:"}
	case "crash":
		return &repl.Crashed{Status: "exit status 2", Head: "fatal error: " + arg, Lost: []string{"x", "y"}}
	case "fault":
		panic(arg)
	case "show", "update":
		id, text, _ := strings.Cut(arg, " ")
		out.Display(repl.Display{ID: id, Update: word == "update", Data: repl.Bundle{
			"text/plain": []byte(text), "text/html": []byte("<b>" + text + "</b>"), "image/png": {1, 2, 3},
			"image/svg+xml": []byte("<svg/>"), "application/json": []byte(`{"a":1}`), "application/vnd.x+json": []byte("{"),
		}})
	case "progress":
		for i := range n + 1 {
			out.Progress(repl.Progress{ID: "1", Label: "<train>", Done: i, Total: n})
			time.Sleep(time.Millisecond)
		}
	case "half":
		out.Progress(repl.Progress{ID: "2", Done: 1, Total: 4})
		out.Progress(repl.Progress{ID: "2", Done: 2, Total: 4})
	case "clear":
		out.(interface{ Clear(wait bool) }).Clear(arg == "wait")
	case "input", "secret":
		text, err := out.Input(ctx, arg, word == "secret")
		if err != nil {
			return err
		}
		r.Values = append(r.Values, repl.Value{Data: repl.Bundle{"text/plain": []byte(text)}})
	case "page":
		f.kernel.Page(repl.Bundle{"text/plain": []byte(arg)})
	case "next":
		f.kernel.Next(arg)
	case "leave":
		f.kernel.Leave()
	case "nothing":
	default:
		return fmt.Errorf("no command %q", word)
	}
	return ctx.Err()
}

func (f *fake) Complete(ctx context.Context, src string, pos int) (repl.Completion, error) {
	switch src {
	case "fault":
		panic(src)
	case "error":
		return repl.Completion{}, errors.New(src)
	case "hang":
		<-ctx.Done()
		return repl.Completion{}, ctx.Err()
	}
	from := strings.LastIndexAny(src[:pos], " .") + 1
	return repl.Completion{From: from, To: pos, Items: []repl.Candidate{{Text: src[from:pos] + "end", Kind: "func", Type: "func()"}}}, nil
}

func (f *fake) Inspect(_ context.Context, src string, pos, detail int) (repl.Inspection, error) {
	if src == "" {
		return repl.Inspection{}, nil
	}
	i := repl.Inspection{Name: src[:pos], Kind: "func", Type: "func(a int) int", Doc: "It adds.", Where: "cell[1]:1"}
	if detail > 0 {
		i.Source = "func source() {}"
	}
	return i, nil
}

func (f *fake) IsComplete(_ context.Context, src string) (repl.Completeness, error) {
	if strings.HasSuffix(src, "{") {
		return repl.Completeness{Status: repl.Incomplete, Indent: "\t"}, nil
	}
	if src == "error" {
		return repl.Completeness{}, errors.New(src)
	}
	return repl.Completeness{Status: repl.Complete}, nil
}

func (f *fake) Names(context.Context) ([]repl.Name, error) { return nil, nil }

func (f *fake) Running(context.Context) ([]int, error) { return nil, nil }

func (f *fake) Restart() error { return nil }

func (f *fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}
