package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/history"
	"kairos/repl/internal/record"
)

func durations(ns ...int64) (list []time.Duration) {
	for _, n := range ns {
		list = append(list, time.Duration(n))
	}
	return list
}

// fake is a session that writes down what it is asked. The value of a cell is its text; fail is an error.
type fake struct {
	log    []string
	before func() // each evaluation
}

func (f *fake) Eval(context.Context, string, repl.Output) (repl.Result, error) {
	panic("the shell counts")
}

func (f *fake) EvalAs(_ context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	if f.before != nil {
		f.before()
	}
	f.log = append(f.log, fmt.Sprintf("%d:%s", number, src))
	if s, ok := out.(repl.Starter); ok {
		s.Start()
	}
	if strings.Contains(src, "fail") {
		return repl.Result{Number: number}, &repl.Panic{Value: "failed"}
	}
	return repl.Result{Number: number, Values: []repl.Value{{Data: repl.Bundle{"text/plain": []byte(strings.TrimSpace(src))}}}, Elapsed: time.Millisecond}, nil
}

func (f *fake) Complete(_ context.Context, src string, pos int) (repl.Completion, error) {
	return repl.Completion{From: pos, To: pos, Items: []repl.Candidate{{Text: src[:pos] + "^" + src[pos:]}}}, nil
}

func (f *fake) Inspect(_ context.Context, src string, pos, detail int) (repl.Inspection, error) {
	return repl.Inspection{Name: src[:pos] + "^" + src[pos:], Source: fmt.Sprint(detail)}, nil
}

func (f *fake) IsComplete(_ context.Context, src string) (repl.Completeness, error) {
	return repl.Completeness{Status: "asked:" + src}, nil
}

func (f *fake) Names(context.Context) ([]repl.Name, error) { return nil, nil }

func (f *fake) Running(context.Context) ([]int, error) { return nil, nil }
func (f *fake) Restart() error                         { f.log = append(f.log, "restart"); return nil }
func (f *fake) Close() error                           { return nil }

// ConnectComms implements repl.CommSession: what the front end does comes back.
func (f *fake) ConnectComms(front func(repl.CommEvent)) func(repl.CommEvent) { return front }

// starter is an Output that counts its starts.
type starter struct {
	record.Output
	starts int
}

func (s *starter) Start() { s.starts++ }

func TestEval(t *testing.T) {
	for _, c := range []struct{ src, asked, value, err string }{
		{"x", "1:x", "x", ""},
		{"x\n%pwd\ny", "1:x\n 1:\n\ny", "y", ""},
		{"x\n%pwd", "1:x\n", "", ""},
		{"%time x", "1:      x", "x", ""},
		{"a\n  :time x", "1:a\n 1:\n        x", "x", ""},
		{"%%time\nx\ny", "1:\nx\ny", "x\ny", ""},
		{"fail\n%pwd\ny", "1:fail\n", "", "panic: failed"},
		{"x\n%nosuch\ny", "1:x\n", "", "%nosuch: no such command"},
		{"!true\nx", "1:\nx", "x", ""},
	} {
		f := &fake{}
		out := &starter{}
		result, err := New(Config{Session: f}).Eval(t.Context(), c.src, out)
		if got := strings.Join(f.log, " "); got != c.asked || result.Text() != c.value || result.Number != 1 || out.starts != 1 {
			t.Errorf("%q: asked %q, value %q, number %d, %d starts", c.src, got, result.Text(), result.Number, out.starts)
		}
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q: %v", c.src, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	f := &fake{}
	s := New(Config{Session: f})
	out := new(record.Output)
	var got []int
	for _, src := range []string{"a", " \n", "%pwd", "b", "%reset -f", "c"} {
		result, err := s.Eval(t.Context(), src, out)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, result.Number)
	}
	result, _ := s.EvalAs(t.Context(), 0, "silent", out)
	got = append(got, result.Number)
	result, _ = s.EvalAs(t.Context(), 20, "d", out)
	got = append(got, result.Number)
	result, _ = s.Eval(t.Context(), "e", out)
	got = append(got, result.Number)
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	result, _ = s.Eval(t.Context(), "f", out)
	got = append(got, result.Number)
	if want := []int{1, 1, 2, 3, 4, 5, 0, 20, 21, 1}; !slices.Equal(got, want) {
		t.Error(got, want)
	}
	if list := s.History().Range(-1, 1, 0); len(list) != 7 || list[6].Source != "e" || list[6].Output != "e" {
		t.Error(list)
	}
	if s.History().Session() != 2 {
		t.Error(s.History().Session())
	}
}

// TestHistoryFirst has a cell in the file while it runs, in case it takes the front end with it.
func TestHistoryFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	f := &fake{}
	f.before = func() {
		if list := history.Open(history.Config{Path: path}).Tail(1); len(list) != 1 || list[0].Source != "x\n" {
			t.Error(list)
		}
	}
	s := New(Config{Session: f, History: history.Open(history.Config{Path: path})})
	s.Eval(t.Context(), "x\n", new(record.Output))
	s.Close()
	if list := history.Open(history.Config{Path: path}).Tail(1); len(list) != 1 || list[0].Output != "x" || len(f.log) != 1 {
		t.Error(list)
	}
}

// TestNoHistory says once that the history cannot be written.
func TestNoHistory(t *testing.T) {
	s := New(Config{Session: &fake{}, History: history.Open(history.Config{Path: "/proc/nosuch/h"})})
	out := new(record.Output)
	for range 3 {
		if _, err := s.Eval(t.Context(), "x", out); err != nil {
			t.Error(err)
		}
	}
	if got := out.String(); !strings.HasPrefix(got, "stderr:history: append to /proc/nosuch/h: ") || strings.Count(got, "history:") != 1 {
		t.Error(got)
	}
}

// at takes a | out of a text, and tells where it was.
func at(text string) (string, int) {
	i := strings.IndexByte(text, '|')
	return text[:i] + text[i+1:], i
}

func TestComplete(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"data.jsonl", "down.go", ".hidden"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll("dir/inner", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("dir", "dlink"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KAIROS_TEST_ENV", "1")
	s := New(Config{Session: &fake{}})
	for _, c := range []struct{ src, want string }{
		{"x|", "x^"}, {"x\n%who\ny|", "x\n    \ny^"},
		{"%ti|", "<0 3 %time %timeit %timing>"}, {":ti|", "<0 3 :time :timeit :timing>"}, {"%%ti|", "<0 4 %%time %%timeit>"}, {"x\n  %ti|", "<4 7 %time %timeit %timing>"},
		{"%wri|", "<0 4 %%writefile>"}, {":wri|", "<0 4>"}, {"%who| var", "<0 4 %who %whos>"},
		{"%time f(x|)", "      f(x^)"}, {"%timeit -n 10 f(|", "              f(^"}, {"%%time\nx|", "      \nx^"}, {"%%timeit -n 3\nx|\ny", "             \nx^\ny"},
		{"?stri|", " stri^"}, {"stri|?", "stri^"}, {"%doc x.|", "     x.^"}, {"%type x|", "      x^"},
		{"%load d|", "<6 7 data.jsonl dir/ dlink/ down.go>"}, {"%run down|", "<5 9 down.go>"}, {"%cd d|", "<4 5 dir/ dlink/>"}, {"%cd dir/|", "<4 8 dir/inner/>"},
		{"!cat .h|", "<5 7 .hidden>"}, {"!cat <da|", "<6 8 data.jsonl>"}, {"%%bash\ncat do|", "<11 13 down.go>"}, {"%%writefile da|", "<12 14 data.jsonl>"},
		{"%env KAIROS_TEST_E|", "<5 18 KAIROS_TEST_ENV>"}, {"%timing o|", "<8 9 on off>"}, {"%whos f|", "<6 7 func>"}, {"%help lo|", "<6 8 load>"},
		{"%nosuch x|", "<9 9>"}, {"%pwd |", "<5 5>"}, {"(a\n%|", "(a\n%^"},
	} {
		src, pos := at(c.src)
		got, err := s.Complete(t.Context(), src, pos)
		text := fmt.Sprint("<", got.From, " ", got.To)
		for _, item := range got.Items {
			text += " " + item.Text
		}
		if text += ">"; len(got.Items) == 1 && strings.Contains(got.Items[0].Text, "^") {
			text = strings.TrimSuffix(got.Items[0].Text, " ")
		}
		if text != c.want || err != nil {
			t.Errorf("%q: %q, %v, want %q", c.src, text, err, c.want)
		}
	}
	if got, _ := s.Complete(t.Context(), "%", 1); len(got.Items) < 25 || got.From != 0 || got.Items[0].Kind != "command" || got.Items[0].Type == "" {
		t.Error(got)
	}
}

func TestInspect(t *testing.T) {
	s := New(Config{Session: &fake{}})
	for _, c := range []struct{ src, want string }{
		{"x|", "x^"}, {"%who\ny|", "    \ny^"}, {"%ti|me x", "%time"}, {"%time x|", "      x^"}, {"%%time\nx|", "      \nx^"}, {"?x|", " x^"}, {"x|?", "x^"},
		{"!x|", ""}, {"%cd x|", ""}, {"%nosuch|", ""}, {"%%ba|sh\nx", "%%bash"},
	} {
		src, pos := at(c.src)
		got, err := s.Inspect(t.Context(), src, pos, 0)
		if strings.TrimRight(got.Name, " ") != c.want || err != nil {
			t.Errorf("%q: %q, %v, want %q", c.src, got.Name, err, c.want)
		}
	}
}

func TestIsComplete(t *testing.T) {
	s := New(Config{Session: &fake{}})
	for _, c := range []struct{ src, want string }{
		{"", "asked:"}, {"x", "asked:x"}, {"%who\nx {", "asked:x {"}, {"x\n%who", "complete"}, {"x?", "complete"}, {"!ls", "complete"}, {"%nosuch", "complete"},
		{"%time f(", "asked:f("}, {"%timeit -n 3 f(", "asked:f("}, {"%time", "complete"},
		{"%%bash", "incomplete"}, {"%%bash\nls", "incomplete"}, {"%%bash\nls\n", "complete"}, {"%%bash\n", "incomplete"}, {"%%bash\n\n", "complete"},
		{"%%time", "incomplete"}, {"%%time\nf(", "asked:f("}, {"%%who", "complete"}, {"%%nosuch\nx", "complete"}, {"(a\n%who", "asked:(a\n%who"},
	} {
		if got, err := s.IsComplete(t.Context(), c.src); got.Status != c.want || err != nil {
			t.Errorf("%q: %s, %v, want %s", c.src, got.Status, err, c.want)
		}
	}
}

// TestInterrupt interrupts programs that do not want to end, and what they started.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	for _, src := range []string{
		"!echo $$ >DIR/pid; sleep 100",
		"!sleep 100 & echo $! >DIR/pid; wait",
		"!trap '' INT; echo $$ >DIR/pid; while true; do sleep 1; done",
		"%%sh\necho $$ >DIR/pid; sleep 100",
		"!!echo $$ >DIR/pid; sleep 100",
	} {
		pidFile := filepath.Join(dir, "pid")
		os.Remove(pidFile)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := New(Config{Session: &fake{}}).Eval(ctx, strings.ReplaceAll(src, "DIR", dir), new(record.Output))
			done <- err
		}()
		pid := await(t, pidFile)
		cancel()
		begin := time.Now()
		err := <-done
		var interrupted *repl.Interrupted
		if took := time.Since(begin); !errors.As(err, &interrupted) || took > 2*interruptGrace {
			t.Errorf("%s: %v after %v", src, err, took)
		}
		if !isGone(pid) {
			t.Errorf("%s: process %d is still there", src, pid)
		}
	}
}

// await waits for a number in a file.
func await(t *testing.T, path string) int {
	for range 500 {
		data, _ := os.ReadFile(path)
		if pid, err := strconv.Atoi(strings.TrimSpace(string(data))); err == nil {
			return pid
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the program did not start")
	return 0
}

// isGone tells whether a process ends soon. One that nobody waited for is a zombie.
func isGone(pid int) bool {
	for range 100 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if syscall.Kill(pid, 0) != nil || err == nil && strings.Contains(string(stat), ") Z ") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// TestBackground has a program leave another one behind that keeps its output open.
func TestBackground(t *testing.T) {
	begin := time.Now()
	out := new(record.Output)
	_, err := New(Config{Session: &fake{}}).Eval(t.Context(), "!sleep 3 & echo started", out)
	if took := time.Since(begin); err != nil || took > 2*time.Second || out.String() != "stdout:started\n" {
		t.Error(took, err, out)
	}
}

// TestStreams prints characters in pieces, on both streams at once.
func TestStreams(t *testing.T) {
	out := new(record.Output)
	src := `!printf '\303'; sleep 0.05; printf '\244\n'; (i=0; while [ $i -lt 200 ]; do echo a; echo b >&2; i=$((i+1)); done); printf '\377'; printf '\342\202'`
	if _, err := New(Config{Session: &fake{}}).Eval(t.Context(), src, out); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if strings.Contains(got, "invalid") || !strings.Contains(got, "ä\n") || strings.Count(got, "a\n") != 200 || strings.Count(got, "b\n") != 200 || strings.Count(got, "\uFFFD") != 2 {
		t.Errorf("%.200q: %d, %d, %d", got, strings.Count(got, "a\n"), strings.Count(got, "b\n"), strings.Count(got, "\uFFFD"))
	}
}

// terminal runs programs as a front end with a terminal does.
func terminal(_ context.Context, cmd *exec.Cmd) error {
	return cmd.Run()
}

func TestEdit(t *testing.T) {
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", `sh -c 'test -s "$0" && cat "$0" >"$0.copy"; echo "edited()" >>"$0"; mv -f "$0.copy" /tmp 2>/dev/null; true'`)
	var next string
	s := New(Config{Session: &fake{}, Terminal: terminal, Next: func(src string) { next = src }})
	for _, c := range []struct{ src, next, err string }{
		{"x := 1", "", ""}, {"y := 2", "", ""},
		{"%edit", "edited()", ""}, {"%edit 1-2", "x := 1\ny := 2\nedited()", ""}, {"%edit f", "1\nedited()", ""}, {"%edit 99", "", "there is no cell 99"},
	} {
		next = ""
		_, err := s.Eval(t.Context(), c.src, new(record.Output))
		if next != c.next || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %q, %v", c.src, next, err)
		}
	}
	t.Setenv("VISUAL", "false")
	if _, err := s.Eval(t.Context(), "%edit", new(record.Output)); err == nil || err.Error() != "%edit: false: exit status 1" {
		t.Error(err)
	}
}

// TestHooks calls what a front end gives, and does without.
func TestHooks(t *testing.T) {
	var timing []bool
	left, paged := 0, ""
	s := New(Config{
		Session: &fake{}, Timing: func(on bool) { timing = append(timing, on) }, Leave: func() { left++ },
		Page: func(b repl.Bundle) { paged = b.Text() },
		Doctor: func(_ context.Context, w io.Writer) error {
			fmt.Fprintln(w, "all is well")
			return errors.New("or not")
		},
	})
	out := new(record.Output)
	for _, src := range []string{"%timing on", "x", "%timing", "%quit", ":q", "?x"} {
		if _, err := s.Eval(t.Context(), src, out); err != nil {
			t.Error(src, err)
		}
	}
	if !slices.Equal(timing, []bool{true, false}) || left != 2 || !strings.Contains(paged, "^") || strings.Contains(out.String(), "[") {
		t.Error(timing, left, paged, out)
	}
	if _, err := s.Eval(t.Context(), "%doctor", out); err == nil || err.Error() != "%doctor: or not" || !strings.Contains(out.String(), "all is well\n") {
		t.Error(err, out)
	}
	bare := New(Config{Session: &fake{}})
	for _, src := range []string{"%quit", "%doctor", "%edit", "%recall", "%load 1"} {
		if _, err := bare.Eval(t.Context(), src, out); err == nil || !strings.HasPrefix(err.Error(), src[:5]) {
			t.Error(src, err)
		}
	}
	shown := new(record.Output)
	if _, err := bare.Eval(t.Context(), "?", shown); err != nil || !strings.HasPrefix(shown.String(), "show:kairos runs Go") || shown.Displays()[0].ID == "" {
		t.Error(err, shown)
	}
}

// TestTables has tables as HTML, too, and nothing in them is taken for HTML.
func TestTables(t *testing.T) {
	b := tabular([]string{"Name", "Type"}, [][]string{{"wide 語", "<-chan int"}, {"x", "map[string]int"}})
	if want := "Name     Type\n─────────────────────────\nwide 語  <-chan int\nx        map[string]int"; strings.TrimRight(b.Text(), " ") != want {
		t.Errorf("%s\nwant\n%s", b.Text(), want)
	}
	if html := string(b["text/html"]); !strings.Contains(html, `<table class="kairos">`) || !strings.Contains(html, "&lt;-chan int") {
		t.Error(html)
	}
}

// TestCommands sees that each command has what %help needs, and that no name is taken twice.
func TestCommands(t *testing.T) {
	table, seen := newTable(), map[string]bool{}
	for _, c := range table.list {
		if c.help == "" || !slices.Contains(groups, c.group) || c.run == nil || strings.HasSuffix(c.help, ".") {
			t.Errorf("%+v", c)
		}
		for _, name := range append([]string{c.name}, c.aliases...) {
			if seen[name] || foreign[name] != "" {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
	if len(table.list) < 30 {
		t.Error(len(table.list))
	}
}

// Comms and Clear pass through, those of the Go in a cell with commands too.
func TestCommsAndClear(t *testing.T) {
	s := New(Config{Session: &fake{}})
	var got []string
	session := s.ConnectComms(func(e repl.CommEvent) { got = append(got, e.ID) })
	session(repl.CommEvent{ID: "1"})
	if fmt.Sprint(got) != "[1]" {
		t.Errorf("passed %v", got)
	}
	out := &clearer{}
	for _, o := range []repl.Output{started{out}, started{&record.Output{}}} {
		o.(repl.Clearer).Clear(true)
	}
	if !out.cleared {
		t.Error("nothing was cleared")
	}
	if s := New(Config{Session: struct{ repl.Session }{}}); s.ConnectComms(nil) != nil {
		t.Error("a session without comms has some")
	}
}

type clearer struct {
	record.Output
	cleared bool
}

func (c *clearer) Clear(bool) { c.cleared = true }
