//go:build linux

package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
	"kairos/repl/internal/toy"
)

// config says how to start this test binary in a role.
func config(t testing.TB, name string) Config {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Config{Argv: []string{self}, Env: append(os.Environ(), role+"="+name)}
}

// open returns a session of toy cells.
func open(t testing.TB) *Session {
	s := Open(config(t, "session"))
	t.Cleanup(func() { s.Close() })
	return s
}

// eval evaluates a cell that must succeed, and returns its value and what it showed.
func eval(t testing.TB, s repl.Session, src string) (value, shown string) {
	t.Helper()
	out := new(record.Output)
	result, err := s.Eval(t.Context(), src, out)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return result.Text(), out.String()
}

func TestSession(t *testing.T) {
	s := open(t)
	for _, c := range []struct{ src, value, shown string }{
		{"let x 3", "", ""},
		{"x", "3", ""},
		{"pair", "1, nil", ""},
		{"print a\nprint b", "", "stdout:a\nb\n"},
		{"print a\neprint b\nprint c\neprint d", "", "stdout:a\n|stderr:b\n|stdout:c\n|stderr:d\n"},
		{"print a\nshow s\nprint b\nshow t\nshow u\neprint c\npicture d", "", "stdout:a\n|show:s|stdout:b\n|show:t|show:u|stderr:c\n|show:a picture"},
		{"progress 1", "", "progress:0/1|progress:1/1"},
		{"sub echo out; echo err >&2", "", "stdout:out\n|stderr:err\n"},
		{"closeout\nprint lost", "", ""},
		{"print found\nx", "3", "stdout:found\n"},
	} {
		for range 5 { // in whatever order the processes run
			if value, shown := eval(t, s, c.src); value != c.value || shown != c.shown {
				t.Errorf("%s: value %s, shown\n%s\nwant %s,\n%s", c.src, value, shown, c.value, c.shown)
			}
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
		{"wrong undefined: y", &repl.CompileError{}, "cell[1]:1:1: undefined: y\n\twrong undefined: y\n\t^"},
		{"panic boom", &repl.Panic{}, "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tcell[1]:1\n"},
		{"gopanic boom", &repl.Panic{}, "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tcell[1]:1\n"},
		{"check no data", &repl.Failed{}, "error: no data"},
		{"osexit 3", &repl.Exited{}, "exit status 3"},
		{"what", &remoteError{}, `toy: what is "what"?`},
	} {
		result, err := s.EvalAs(t.Context(), 1, c.src, new(record.Output))
		if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", c.want) || err.Error() != c.text || result.Number != 1 {
			t.Errorf("%s: %d %T %q", c.src, result.Number, err, err)
		}
	}
	var compile *repl.CompileError
	_, err := s.Eval(t.Context(), "wrong no", new(record.Output))
	if !errors.As(err, &compile) || compile.Problems[0] != (repl.Problem{File: "cell[2]", Line: 1, Column: 1, Message: "no"}) {
		t.Errorf("%v", err)
	}
}

func TestNumbers(t *testing.T) {
	s := open(t)
	for i, number := range []int{1, 0, 7, -1} {
		result, err := s.EvalAs(t.Context(), number, "print a", new(record.Output))
		if err != nil || result.Number != max(number, 0) {
			t.Errorf("%d: %v, %v", i, result, err)
		}
	}
	if result, _ := s.Eval(t.Context(), "print a", new(record.Output)); result.Number != 8 {
		t.Errorf("the next is %d", result.Number)
	}
}

func TestQuestionsWhileACellRuns(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := s.Eval(ctx, "spin", new(record.Output))
		done <- err
	}()
	time.Sleep(20 * time.Millisecond)
	for i := range 100 {
		src := fmt.Sprint("src", i)
		if c, err := s.Complete(t.Context(), src, 2); err != nil || c.From != 2 || c.Items[0].Text != src {
			t.Fatalf("complete: %v, %v", c, err)
		}
		if in, err := s.Inspect(t.Context(), src, 2, 1); err != nil || in.Name != src || in.Doc != "2 1" {
			t.Fatalf("inspect: %v, %v", in, err)
		}
		if _, err := s.IsComplete(t.Context(), src); err == nil || err.Error() != "toy: "+src {
			t.Fatalf("is complete: %v", err)
		}
	}
	if _, err := s.Inspect(t.Context(), "panic", 0, 0); err == nil || err.Error() != "worker: internal error: toy: inspect" {
		t.Errorf("a fault: %v", err)
	}
	cancel()
	if err := <-done; !errors.As(err, new(*repl.Interrupted)) {
		t.Errorf("the cell: %v", err)
	}
}

func TestInput(t *testing.T) {
	s := open(t)
	out := &record.Output{Answer: func(_ context.Context, prompt string) (string, error) {
		if prompt == "end" {
			return "", io.EOF
		}
		return "answer to " + prompt, nil
	}}
	if _, err := s.Eval(t.Context(), "input name?\ninput end", out); err != nil || out.String() != "stdout:\"answer to name?\" <nil>\n\"\" EOF\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out = &record.Output{Answer: func(ctx context.Context, _ string) (string, error) {
		cancel()
		<-ctx.Done()
		return "", ctx.Err()
	}}
	if _, err := s.Eval(ctx, "input name?\nspin", out); !errors.As(err, new(*repl.Interrupted)) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestManyPrints(t *testing.T) {
	s := open(t)
	eval(t, s, "print warm")
	out := new(record.Output)
	begin := time.Now()
	s.Eval(t.Context(), "prints 10000", out)
	if took := time.Since(begin); took > 2*time.Second || out.Messages() > 20 {
		t.Errorf("%d messages in %v", out.Messages(), took)
	}
	if !strings.HasSuffix(out.String(), "line 9998\nline 9999\n") || strings.Count(out.String(), "\n") != 10_000 {
		t.Errorf("the text ends in %q", out.String()[len(out.String())-30:])
	}
	out = new(record.Output)
	begin = time.Now()
	s.Eval(t.Context(), "flood 50", out)
	if took := time.Since(begin); took > 5*time.Second || out.Messages() > 50 || len(out.String()) != 50<<20+len("stdout:") {
		t.Errorf("%d bytes in %d messages in %v", len(out.String()), out.Messages(), took)
	}
}

// TestSlowOutput: a front that cannot keep up slows the cell down, and nothing else.
func TestSlowOutput(t *testing.T) {
	s := open(t)
	eval(t, s, "print warm")
	out := &record.Output{Delay: 50 * time.Millisecond}
	done := make(chan error)
	go func() {
		_, err := s.Eval(t.Context(), "flood 20", out)
		done <- err
	}()
	var took []time.Duration
	for range 20 {
		begin := time.Now()
		if _, err := s.Complete(t.Context(), "x", 0); err != nil {
			t.Error(err)
		}
		took = append(took, time.Since(begin))
		time.Sleep(10 * time.Millisecond)
	}
	if slices.Sort(took); took[len(took)/2] > 20*time.Millisecond {
		t.Errorf("completing took %v", took)
	}
	if err := <-done; err != nil || len(out.String()) != 20<<20+len("stdout:") {
		t.Errorf("%d bytes, %v", len(out.String()), err)
	}
}

func TestPrintsArriveSoon(t *testing.T) {
	s := open(t)
	eval(t, s, "print warm")
	time.Sleep(2 * maxPause)
	out := new(record.Output)
	go s.Eval(t.Context(), "print now\nsleep 1000", out)
	time.Sleep(100 * time.Millisecond)
	if out.String() != "stdout:now\n" {
		t.Errorf("printed %q", out.String())
	}
}

// TestLatePrints: what goroutines print after their cell belongs to the last cell.
func TestLatePrints(t *testing.T) {
	s := open(t)
	first, second := new(record.Output), new(record.Output)
	s.Eval(t.Context(), "late 50", first)
	time.Sleep(200 * time.Millisecond)
	s.Eval(t.Context(), "late 50", second)
	time.Sleep(200 * time.Millisecond)
	if first.String() != "stdout:late\n" || second.String() != "stdout:late\n" {
		t.Errorf("%q, %q", first.String(), second.String())
	}
}

func TestCrashes(t *testing.T) {
	s := open(t)
	rounds := 20
	if testing.Short() {
		rounds = 2
	}
	for kind, want := range toy.Crashes {
		for range rounds {
			eval(t, s, "let x 3\nlet y 4")
			out := new(record.Output)
			_, err := s.Eval(t.Context(), "print before\neprint panic\nshow s\nprint after\ncrash "+kind, out)
			var crash *repl.Crashed
			if !errors.As(err, &crash) || crash.Idle || !slices.Equal(crash.Lost, []string{"x", "y"}) {
				t.Fatalf("%s: %#v", kind, err)
			}
			if !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), "\nlost: x, y") || strings.Count(err.Error(), "\n") > 15 {
				t.Fatalf("%s: %v", kind, err)
			}
			if out.String() != "stdout:before\n|stderr:panic\n|show:s|stdout:after\n" {
				t.Fatalf("%s: printed %q", kind, out.String())
			}
			if _, err := s.Eval(t.Context(), "x", new(record.Output)); err == nil || errors.As(err, &crash) {
				t.Fatalf("%s: afterwards x is known, or %v", kind, err)
			}
		}
		t.Logf("%s:\n%v", kind, lastCrash(t, s, kind))
	}
}

func lastCrash(t *testing.T, s *Session, kind string) error {
	_, err := s.Eval(t.Context(), "crash "+kind, new(record.Output))
	return err
}

// TestIdleCrash: a process that dies between cells is reported by the next cell, which does not run.
func TestIdleCrash(t *testing.T) {
	s := open(t)
	for _, wait := range []time.Duration{0, 200 * time.Millisecond} {
		eval(t, s, "let x 3")
		out := new(record.Output)
		if _, err := s.Eval(t.Context(), "sub (sleep 0.05; kill -9 $PPID) >/dev/null 2>&1 &", out); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50*time.Millisecond + wait)
		var crash *repl.Crashed
		if wait == 0 { // about when it dies
			_, err := s.Eval(t.Context(), "sleep 100", out)
			if !errors.As(err, &crash) || crash.Status != "signal: killed" {
				t.Errorf("while it dies: %v", err)
			}
			continue
		}
		_, err := s.Eval(t.Context(), "print ran", out)
		if !errors.As(err, &crash) || !crash.Idle || crash.Lost[0] != "x" || out.String() != "" {
			t.Errorf("after its death: %v, printed %q", err, out.String())
		}
		eval(t, s, "print well")
	}
}

func TestBrokenWorker(t *testing.T) {
	for _, cfg := range []Config{config(t, "broken"), {Argv: []string{"/nonexistent/worker"}}} {
		s := Open(cfg)
		for range 2 {
			_, err := s.Eval(t.Context(), "print a", new(record.Output))
			want := "exit status 1\nno libtorch here"
			if len(cfg.Env) == 0 {
				want = "no such file or directory"
			}
			if err == nil || !strings.HasPrefix(err.Error(), "worker: start "+cfg.Argv[0]+": ") || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%v", err)
			}
		}
		if _, err := s.Complete(t.Context(), "a", 0); err == nil {
			t.Error("a broken worker completes")
		}
		s.Close()
	}
}

func TestInterrupts(t *testing.T) {
	s := open(t)
	eval(t, s, "let x 3")
	kinds := []string{"spin", "sleep 60000", "lock", "wait", "cond", "context", "native 30", "input name?", "prints 5000", "sub sleep 60"}
	for i := range 100 {
		src := kinds[i%len(kinds)]
		took, err := record.Interrupt(s, src+"\nspin", time.Duration(rand.IntN(30_000))*time.Microsecond)
		var e *repl.Interrupted
		if !errors.As(err, &e) || e.Pending || took > 300*time.Millisecond {
			t.Errorf("%s: %v after %v", src, err, took)
		}
		if value, _ := eval(t, s, "x"); value != "3" {
			t.Fatalf("after %s: %v", src, value)
		}
	}
}

func TestPendingAndRestart(t *testing.T) {
	s := open(t)
	eval(t, s, "let x 3")
	took, err := record.Interrupt(s, "native 60000", 10*time.Millisecond)
	if e, ok := err.(*repl.Interrupted); !ok || !e.Pending || took > 400*time.Millisecond {
		t.Errorf("%v after %v", err, took)
	}
	if _, err := s.Eval(t.Context(), "x", new(record.Output)); !errors.As(err, new(*repl.Busy)) {
		t.Errorf("while it lasts: %v", err)
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	if result, err := s.Eval(t.Context(), "x", new(record.Output)); err == nil || result.Number != 1 {
		t.Errorf("after a restart: %v, %v", result, err)
	}
	done := make(chan error)
	go func() {
		_, err := s.Eval(t.Context(), "spin", new(record.Output))
		done <- err
	}()
	time.Sleep(20 * time.Millisecond)
	s.Restart()
	if err := <-done; !errors.As(err, new(*repl.Interrupted)) {
		t.Errorf("the cell that ran: %v", err)
	}
	eval(t, s, "print well")
}

func TestTwoSessions(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			s := open(t)
			for range 50 {
				n := rand.IntN(1000)
				if value, shown := eval(t, s, fmt.Sprintf("let x %d\nprint %d\nx", n, i)); value != fmt.Sprint(n) || shown != fmt.Sprintf("stdout:%d\n", i) {
					t.Errorf("session %d: %s, %s", i, value, shown)
				}
			}
		})
	}
	wg.Wait()
}

// TestNothingIsLeft: sessions, also those that crashed, leave no files, goroutines or processes.
func TestNothingIsLeft(t *testing.T) {
	count := func() (files, goroutines int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), runtime.NumGoroutine()
	}
	use := func() {
		s := Open(config(t, "session"))
		pid, _ := eval(t, s, "pid")
		lastCrash(t, s, "exit")
		eval(t, s, "print a")
		s.Close()
		if _, err := os.Stat("/proc/" + pid); err == nil {
			t.Errorf("process %s is left", pid)
		}
		if _, err := s.Eval(t.Context(), "x", new(record.Output)); err == nil {
			t.Error("a closed session evaluates")
		}
	}
	use()
	files, goroutines := count()
	for range 10 {
		use()
	}
	time.Sleep(50 * time.Millisecond)
	if f, g := count(); f > files || g > goroutines {
		t.Errorf("%d files and %d goroutines, before %d and %d", f, g, files, goroutines)
	}
}

// TestDeathOfTheFront: a worker does not outlive its front, whatever it does.
func TestDeathOfTheFront(t *testing.T) {
	for _, src := range []string{"spin", "native 60000", "prints 100000000"} {
		cfg := config(t, "front")
		cmd := exec.Command(cfg.Argv[0], src)
		cmd.Env = cfg.Env
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		pid, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // until it evaluates
		cmd.Process.Kill()
		cmd.Wait()
		worker := "/proc/" + strings.TrimSpace(pid) + "/exe"
		for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
			if _, err := os.Readlink(worker); err != nil {
				break
			}
			if time.Since(begin) > 3*time.Second {
				t.Fatalf("%s: the worker lives", src)
			}
		}
	}
}

// asFront evaluates the cell src until it is killed.
func asFront(src string) {
	self, _ := os.Executable()
	s := Open(Config{Argv: []string{self}, Env: append(os.Environ(), role+"=session")})
	result, _ := s.Eval(context.Background(), "pid", new(record.Output))
	fmt.Println(result.Text())
	s.Eval(context.Background(), src, new(record.Output))
}

// TestBatch: a file of cells prints what it would in one process.
func TestBatch(t *testing.T) {
	s := open(t)
	var out, errs strings.Builder
	src := "print a\nlet x 3\nx\n// %%\neprint e\nshow s\n// %%\ncrash exit\n// %%\nx"
	ok := repl.Batch(t.Context(), s, "cells", strings.NewReader(src), &out, &errs)
	if ok || out.String() != "a\n3\ns\n" || errs.String() != "e\nthe session crashed: exit status 3\nlost: x\n" {
		t.Errorf("%v\n%s%s", ok, out.String(), errs.String())
	}
}

func TestWideText(t *testing.T) {
	q := newQueue(new(sync.Mutex))
	out := new(record.Output)
	for _, b := range []byte(strings.Repeat("é日😀", 50)) {
		q.print(out, "stdout", []byte{b})
		time.Sleep(time.Millisecond / 2)
	}
	q.close()
	<-q.done
	if out.String() != "stdout:"+strings.Repeat("é日😀", 50) {
		t.Errorf("got %q", out.String())
	}
}

func BenchmarkEval(b *testing.B) {
	s := open(b)
	out := new(record.Output)
	s.Eval(context.Background(), "value x", out)
	var took []time.Duration
	for b.Loop() {
		begin := time.Now()
		s.Eval(context.Background(), "value x", out)
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
}

func BenchmarkFlood(b *testing.B) {
	s := open(b)
	for b.Loop() {
		s.Eval(context.Background(), "flood 50", new(record.Output))
	}
}
