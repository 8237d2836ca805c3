package repl_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
	"kairos/repl/internal/toy"
)

func ExampleSession() {
	var s repl.Session
	s, _ = toy.New()
	defer s.Close()
	ctx, out := context.Background(), new(record.Output)
	for _, src := range []string{"let x 3\nx", "value text", "pair", "x;", "let y 4"} {
		result, err := s.Eval(ctx, src, out)
		fmt.Println(result.Number, result.Type(), result.Text(), result.Names, err)
	}
	// Output:
	// 1 int 3 [{x var int 0 }] <nil>
	// 2 string "text" [] <nil>
	// 3 (int, error) 1, nil [] <nil>
	// 4 ()  [] <nil>
	// 5 ()  [{y var int 0 }] <nil>
}

func TestErrors(t *testing.T) {
	s, _ := toy.New()
	for _, c := range []struct {
		src  string
		want error
		text string
	}{
		{"wrong undefined: x", &repl.CompileError{}, "cell[1]:1:1: undefined: x\n\twrong undefined: x\n\t^"},
		{"panic boom", &repl.Panic{}, "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tcell[1]:1\n"},
		{"gopanic boom", &repl.Panic{}, "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tcell[1]:1\n"},
		{"check no data", &repl.Failed{}, "error: no data"},
		{"osexit 3", &repl.Exited{}, "exit status 3"},
		{"log dead", &repl.Exited{}, "exit status 1"},
	} {
		_, err := s.EvalAs(t.Context(), 1, c.src, new(record.Output))
		if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", c.want) || err.Error() != c.text {
			t.Errorf("%s: %T %q", c.src, err, err)
		}
	}
	_, err := s.Eval(t.Context(), "fault", new(record.Output))
	if err == nil || !strings.Contains(err.Error(), "internal error: toy: fault\n") {
		t.Errorf("a fault of the interpreter: %v", err)
	}
}

func TestHistory(t *testing.T) {
	s, e := toy.New()
	for i, number := range []int{1, 0, 7, 0} {
		result, err := s.EvalAs(t.Context(), number, fmt.Sprintf("value v%d;", i), new(record.Output))
		if result.Number != number || err != nil {
			t.Errorf("cell %d is numbered %d, %v", number, result.Number, err)
		}
	}
	if result, _ := s.Eval(t.Context(), "value last", new(record.Output)); result.Number != 8 {
		t.Errorf("the next cell is numbered %d", result.Number)
	}
	if got := fmt.Sprint(e.Kept); got != "map[1:v0 7:v2 8:last]" {
		t.Errorf("kept %s", got)
	}
	if err := s.Restart(); err != nil || len(e.Kept) != 0 {
		t.Errorf("after a restart: %v, %v", err, e.Kept)
	}
	if result, err := s.Eval(t.Context(), "x", new(record.Output)); result.Number != 1 || err == nil {
		t.Errorf("after a restart: %v, %v", result, err)
	}
}

func TestWhatIsShown(t *testing.T) {
	s, _ := toy.New()
	for _, c := range []struct{ src, want string }{
		{"err", ""}, {"err bad", "bad"}, {"print 3", ""}, {"value a;", ""},
	} {
		result, err := s.Eval(t.Context(), c.src, new(record.Output))
		if err != nil || result.Text() != c.want {
			t.Errorf("%s: shows %s, %v", c.src, result.Text(), err)
		}
	}
}

func TestHost(t *testing.T) {
	s, _ := toy.New()
	out := &record.Output{Answer: func(context.Context, string) (string, error) { return "yes", nil }}
	if _, err := s.Eval(t.Context(), "show a\npicture b\nprogress 1000\ninput sure?", out); err != nil {
		t.Fatal(err)
	}
	if d := out.Displays(); len(d) != 2 || d[0].Data.Text() != "a" || string(d[1].Data["image/png"]) != "PNG b" || d[0].ID == d[1].ID {
		t.Errorf("shown: %v", d)
	}
	if p := out.Reports(); len(p) < 2 || len(p) > 10 || p[0].Done != 0 || p[len(p)-1].Done != 1000 || p[0].Label != "work" {
		t.Errorf("progress: %v", p)
	}
}

func TestInterrupts(t *testing.T) {
	s, _ := toy.New()
	s.Eval(t.Context(), "let x 3", new(record.Output))
	kinds := []string{"spin", "sleep 60000", "lock", "wait", "cond", "context", "native 30", "input name?"}
	for i := range 100 {
		src := kinds[i%len(kinds)]
		took, err := record.Interrupt(s, src+"\nspin", time.Duration(rand.IntN(10_000))*time.Microsecond)
		if e, ok := err.(*repl.Interrupted); !ok || e.Pending || took > 150*time.Millisecond {
			t.Errorf("%s: %v after %v", src, err, took)
		}
		if result, err := s.Eval(t.Context(), "x", new(record.Output)); result.Text() != "3" || err != nil {
			t.Fatalf("after %s: %v, %v", src, result, err)
		}
	}
}

// TestPending: no cell runs while an interrupted one is in a call.
func TestPending(t *testing.T) {
	s, _ := toy.New()
	began := time.Now()
	_, err := record.Interrupt(s, "native 800\nlet x 1", 10*time.Millisecond)
	if e, ok := err.(*repl.Interrupted); !ok || !e.Pending || time.Since(began) > 700*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	if result, err := s.Eval(t.Context(), "value next", new(record.Output)); err != nil || time.Since(began) < 800*time.Millisecond {
		t.Errorf("the next cell: %v, %v after %v", result, err, time.Since(began))
	}
	if _, err := s.Eval(t.Context(), "x", new(record.Output)); err == nil {
		t.Error("the interrupted cell went on")
	}
	record.Interrupt(s, "native 2500", 10*time.Millisecond)
	if _, err := s.Eval(t.Context(), "value next", new(record.Output)); !errors.As(err, new(*repl.Busy)) {
		t.Errorf("while it lasts: %v", err)
	}
	if took, err := record.Interrupt(s, "value next", 10*time.Millisecond); !errors.As(err, new(*repl.Interrupted)) || took > 200*time.Millisecond {
		t.Errorf("interrupted while it waits: %v after %v", err, took)
	}
	time.Sleep(1500 * time.Millisecond)
	if _, err := s.Eval(t.Context(), "value next", new(record.Output)); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// TestQueue: cells evaluated at once run one after the other.
func TestQueue(t *testing.T) {
	s, _ := toy.New()
	var wg sync.WaitGroup
	begin := time.Now()
	for range 5 {
		wg.Go(func() {
			if _, err := s.Eval(t.Context(), "busy 10", new(record.Output)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if time.Since(begin) < 50*time.Millisecond {
		t.Errorf("5 cells ran at once")
	}
}

func TestBatch(t *testing.T) {
	t.Chdir(t.TempDir())
	s, _ := toy.New()
	src := "// %% first\nlet x 3\nx\n\n//%%\n\n// %%\npair\n// %%\npicture p\nprogress 8\nshow shown\n// %%\nwrong undefined: y\n// %%\nx\n"
	var out, errs strings.Builder
	ok := repl.Batch(t.Context(), s, "cells", strings.NewReader(src), &out, &errs)
	if want := "3\n1, nil\ncells-figure-1.png\nshown\n"; ok || out.String() != want {
		t.Errorf("%v, printed\n%swant\n%s", ok, out.String(), want)
	}
	if want := "work: 0% (0/8)\nwork: 100% (8/8)\ncell[4]:1:1: undefined: y\n\twrong undefined: y\n\t^\n"; errs.String() != want {
		t.Errorf("errors\n%swant\n%s", errs.String(), want)
	}
	if data, _ := os.ReadFile(filepath.Join(".", "cells-figure-1.png")); string(data) != "PNG p" {
		t.Errorf("the picture holds %q", data)
	}
	if !repl.Batch(t.Context(), s, "cells", strings.NewReader("x"), io.Discard, io.Discard) {
		t.Error("a file of one cell fails")
	}
}

func BenchmarkEval(b *testing.B) {
	s, _ := toy.New()
	out := new(record.Output)
	for b.Loop() {
		s.EvalAs(context.Background(), 0, "value x", out)
	}
}
