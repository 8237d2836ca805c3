package interpreter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

func open(t testing.TB) *repl.Local {
	s, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup, NoTorch: "build the worker"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestCells(t *testing.T) {
	s := open(t)
	for i, c := range []struct{ src, want string }{
		{"x := 3", "() "},
		{"x + 1", "int 4"},
		{"Out[2]", "any 4"},
		{"type P struct{ A, b int }\nfunc (p P) Sum() int { return p.A + p.b }", "() "},
		{"p := P{1, 2}\np", "P {A:1 b:2}"},
		{"p.Sum()", "int 3"},
		{"p;", "() "},
		{`strconv.Atoi("12")`, "(int, error) 12, nil"},
		{"func f() error { return nil }\nf()", "() "},
		{`func f() error { return errors.New("bad") }`, "() "},
		{"f()", "error bad"},
		{`fmt.Print("")`, "() "},
		{"[]time.Duration{time.Second}", "[]time.Duration [1s]"},
		{"var wg sync.WaitGroup\nwg.Go(func() { x = 5 })\nwg.Wait()\nx", "int 5"},
		{`"text"`, `string "text"`},
	} {
		result, err := s.Eval(t.Context(), c.src, new(record.Output))
		if got := result.Type() + " " + result.Text(); err != nil || got != c.want || result.Number != i+1 {
			t.Errorf("%d %s: %s, %v, want %s", result.Number, c.src, got, err, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		src  string
		want error
		text string
	}{
		{"x := y", &repl.CompileError{}, "cell[1]:1:6: undefined: y"},
		{`import "kairos/stdlib/model"`, &repl.CompileError{}, "needs libtorch: build the worker"},
		{"func f(x []int) int {\n\treturn x[3]\n}\n\nf(nil)", &repl.Panic{},
			"panic: runtime error: index out of range [3] with length 0\n\ngoroutine 1 [running]:\nmain.f(...)\n\tcell[1]:2\nmain.main()\n\tcell[1]:5\n"},
		{"go func() { panic(7) }()\nselect {}", &repl.Panic{}, "panic: 7\n\ngoroutine "},
		{"var wg sync.WaitGroup\nwg.Go(func() { panic(8) })\nselect {}", &repl.Panic{}, "panic: 8\n\ngoroutine "},
		{"func deep(n int) int { return deep(n+1) + 1 }\ndeep(0)", &repl.Panic{}, "panic: stack overflow\n\ngoroutine 1 [running]:\nmain.deep(...)\n"},
		{"type T struct{}\nfunc (t T) String() string { return fmt.Sprint(t) }\nT{}.String()\nfmt.Println(`on`)", &repl.Panic{}, "panic: stack overflow\n\n"},
		{"os.Exit(3)", &repl.Exited{}, "exit status 3"},
		{"cell.Check(io.EOF)", &repl.Failed{}, "error: EOF"},
	} {
		_, err := s.EvalAs(t.Context(), 1, c.src, new(record.Output))
		if err == nil || fmt.Sprintf("%T", err) != fmt.Sprintf("%T", c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %T %v", c.src, err, err)
		}
	}
}

// TestMethodOfFailedCell declares a method in a cell that kairos refuses: it is as if it had not been.
func TestMethodOfFailedCell(t *testing.T) {
	s := open(t)
	for _, c := range []struct{ src, want, err string }{
		{"type T struct{ n int }\nvar x any = T{1}\nfmt.Sprint(x)", "{1}", ""},
		{"func (T) String() string { return fmt.Sprint(runtime.Caller(0)) }", "", "cannot interpret this yet"},
		{"fmt.Sprint(x)", "{1}", ""},
		{"func (T) String() string { return \"T\" }\nfmt.Sprint(x)", "T", ""},
		{"func (T) String() string { return fmt.Sprint(runtime.Caller(0)) }", "", "cannot interpret this yet"},
		{"fmt.Sprint(x, T{2})", "T T", ""},
	} {
		result, err := s.Eval(t.Context(), c.src, new(record.Output))
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) || err == nil && result.Text() != strconv.Quote(c.want) {
			t.Errorf("%s: %s, %v", c.src, result.Text(), err)
		}
	}
}

func TestNames(t *testing.T) {
	result, err := open(t).Eval(t.Context(), "type T struct{ r io.Reader }\nconst c = 1\nfunc f(t T) {}\nv, _ := 1, 2", new(record.Output))
	want := "[{T type struct{r io.Reader} 0 } {c const untyped int 0 } {f func func(t T) 0 } {v var int 0 }]"
	if got := fmt.Sprint(result.Names); got != want || err != nil {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestInterrupts(t *testing.T) {
	s := open(t)
	s.Eval(t.Context(), "x := 3\nfunc spin() { for {} }", new(record.Output))
	for _, src := range []string{"for {}", "spin()", "select {}", "time.Sleep(time.Hour)", "<-make(chan int)", "for { x = 3 }", "<-cell.Context().Done()\nfor {}"} {
		took, err := record.Interrupt(s, src, 20*time.Millisecond)
		var e *repl.Interrupted
		if !errors.As(err, &e) || e.Pending || took > 150*time.Millisecond {
			t.Errorf("%s: %v after %v", src, err, took)
		}
		if result, err := s.Eval(t.Context(), "x", new(record.Output)); err != nil || result.Text() != "3" {
			t.Errorf("after %s: %v, %v", src, result, err)
		}
	}
}

func TestIsComplete(t *testing.T) {
	s := open(t)
	for src, want := range map[string]string{"x := 1": repl.Complete, "for {": repl.Incomplete, "x :=)": repl.Invalid} {
		if got, err := s.IsComplete(t.Context(), src); got.Status != want || err != nil {
			t.Errorf("%s: %v, %v", src, got, err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	s := open(b)
	for _, c := range []struct{ name, src string }{
		{"trivial", "1 + 2"},
		{"five", "xs := []int{1, 2, 3}\nsum := 0\nfor _, x := range xs {\n\tsum += x\n}\nsum"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				begin := time.Now()
				s.EvalAs(context.Background(), 0, c.src, new(record.Output))
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
		})
	}
}
