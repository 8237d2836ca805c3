//go:build linux

package interpreter_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
	"kairos/repl/interpreter"
	"kairos/repl/worker"
	"kairos/stdlib/symbols"
)

// role has this test binary be a worker.
const role = "KAIROS_TEST_INTERPRETER"

func TestMain(m *testing.M) {
	if os.Getenv(role) != "" {
		os.Exit(worker.Serve(func() (repl.Session, error) {
			return interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
		}))
	}
	os.Exit(m.Run())
}

// openProcess returns a session in a process of its own.
func openProcess(t testing.TB) *worker.Session {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := worker.Open(worker.Config{Argv: []string{self}, Env: append(os.Environ(), role+"=yes")})
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

func TestProcess(t *testing.T) {
	s := openProcess(t)
	for _, c := range []struct{ src, value, shown string }{
		{"x := 3\nx", "3", ""},
		{"fmt.Println(x)", "", "stdout:3\n"},
		{`fmt.Println("a")` + "\n" + `fmt.Fprintln(os.Stderr, "b")` + "\n" + `log.SetFlags(0)` + "\n" + `log.Print("c")` + "\n" + `fmt.Println("d")`, "",
			"stdout:a\n|stderr:b\nc\n|stdout:d\n"},
		{`println("p")`, "", "stderr:p\n"},
		{"cell.Show(x)\nfmt.Print(1)\ncell.Show(x)", "", "show:3|stdout:1|show:3"},
		{`exec.Command("true").Run()`, "", ""},
		{"var wg sync.WaitGroup\nwg.Go(func() { fmt.Println(7) })\nwg.Wait()", "", "stdout:7\n"},
	} {
		if value, shown := eval(t, s, c.src); value != c.value || shown != c.shown {
			t.Errorf("%s: value %s, shown\n%s\nwant %s,\n%s", c.src, value, shown, c.value, c.shown)
		}
	}
}

// crashRounds is how often TestCrashes crashes in each way.
var crashRounds = flag.Int("crashes", 1, "how often to crash in each way")

func TestCrashes(t *testing.T) {
	s := openProcess(t)
	for _, c := range []struct{ name, src, want string }{
		{"concurrent map", "m := map[int]int{}\nfor range 8 {\n\tgo func() { for i := 0; ; i++ { m[i%8]++ } }()\n}\nselect {}", "fatal error: concurrent map"},
		{"limited memory", "var all [][]byte\nsyscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20})\nfor { all = append(all, make([]byte, 1<<26)) }", "out of memory"},
		{"large slice", "n := 1 << 45\nmake([]byte, n)[5]", "out of memory"},
		{"compiled recursion", "debug.SetMaxStack(64 << 20)\nlist := []any{nil}\nlist[0] = list\nfmt.Sprint(list)", "stack exceeds 67108864-byte limit"},
		{"killed", "syscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}", "signal: killed"},
		{"aborted", "syscall.Kill(os.Getpid(), syscall.SIGABRT)\nselect {}", "SIGABRT: abort"},
		{"unlocked", "var mu sync.Mutex\nmu.Unlock()", "fatal error: sync: unlock of unlocked mutex"},
	} {
		for range *crashRounds {
			eval(t, s, "x := 3")
			_, err := s.Eval(t.Context(), c.src, new(record.Output))
			var crash *repl.Crashed
			if !errors.As(err, &crash) || !strings.Contains(err.Error(), c.want) || !strings.HasSuffix(err.Error(), "\nlost: x") {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	eval(t, s, "x := 3")
}

// TestNoCrashes: what would end a compiled program ends the cell.
func TestNoCrashes(t *testing.T) {
	s := openProcess(t)
	eval(t, s, "x := 3")
	for _, c := range []struct{ src, want string }{
		{"func f(n int) int { return f(n+1) + 1 }\nf(0)", "stack overflow"},
		{"http.HandleFunc(`/`, nil)", "panic: http: nil handler"},
		{"os.Exit(3)", "exit status 3"},
		{"defer os.Exit(3)", "exit status 3"},
		{"go os.Exit(3)\nselect {}", "exit status 3"},
		{"log.Fatal(`no`)", "exit status 1"},
		{"go func() { panic(7) }()\nselect {}", "panic: 7"},
	} {
		for range *crashRounds {
			_, err := s.Eval(t.Context(), c.src, new(record.Output))
			if err == nil || errors.As(err, new(*repl.Crashed)) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %.300v", c.src, err)
			}
			if value, _ := eval(t, s, "x"); value != "3" {
				t.Errorf("after %s: %s", c.src, value)
			}
		}
	}
}

func TestInterruptsOfProcess(t *testing.T) {
	s := openProcess(t)
	eval(t, s, "x := 3")
	for i := range 100 {
		src := []string{
			"for {}", "for { x = 3 }", "select {}", "time.Sleep(time.Hour)", "<-make(chan int)", "for { fmt.Println(x) }",
			"<-cell.Context().Done()\nfor {}", `exec.Command("sleep", "60").Run()` + "\nfor {}",
			"go func() { for { x = 3 } }()\nfor {}", "sort.Slice(make([]int, 1<<20), func(i, j int) bool { return i < j })\nfor {}",
		}[i%10]
		took, err := record.Interrupt(s, src, time.Duration(5+i%17)*time.Millisecond)
		var e *repl.Interrupted
		if !errors.As(err, &e) || e.Pending || took > 300*time.Millisecond {
			t.Errorf("%s: %v after %v", src, err, took)
		}
		if value, _ := eval(t, s, "x"); value != "3" {
			t.Fatalf("after %s: %v", src, value)
		}
	}
}

// TestMemoryOfCells: a session may be long.
func TestMemoryOfCells(t *testing.T) {
	count := 10_000
	if testing.Short() {
		count = 1_000
	}
	s := openProcess(t)
	resident := func() float64 {
		text, _ := eval(t, s, `func() int { debug.FreeOSMemory(); text, _ := os.ReadFile("/proc/self/statm"); var all, pages int; fmt.Sscan(string(text), &all, &pages); return pages * os.Getpagesize() }()`)
		bytes, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return float64(bytes) / 1e6
	}
	for i := range 100 {
		eval(t, s, everydayCell(i))
	}
	begin := resident()
	for i := range count {
		eval(t, s, everydayCell(i))
	}
	grown := resident() - begin
	t.Logf("%d cells: %.1f MB more than %.1f MB", count, grown, begin)
	if grown > 60 {
		t.Errorf("%d cells take %.1f MB", count, grown)
	}
}

// everydayCell is one of the cells of a session that goes on and on.
func everydayCell(i int) string {
	return []string{
		fmt.Sprintf("x%d := %d\nfmt.Sprint(x%d)", i%50, i, i%50),
		"xs := []int{1, 2, 3}\nsum := 0\nfor _, x := range xs {\n\tsum += x\n}\nsum",
		"counts := map[string]int{}\nfor _, w := range strings.Fields(`a b a`) {\n\tcounts[w]++\n}\ncounts",
		"1 + 2",
	}[i%4]
}

func BenchmarkProcess(b *testing.B) {
	s := openProcess(b)
	out := new(record.Output)
	s.Eval(context.Background(), "1 + 2", out)
	var took []time.Duration
	for b.Loop() {
		begin := time.Now()
		s.Eval(context.Background(), "1 + 2", out)
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
}
