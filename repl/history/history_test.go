//go:build linux

package history

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// role has this test binary append to the file that is its argument.
const role = "KAIROS_TEST_HISTORY"

func TestMain(m *testing.M) {
	if os.Getenv(role) != "" {
		appendMany(os.Args[1], os.Getenv(role))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// appendMany appends 200 cells, or if it is to be killed without end, and says when it began.
func appendMany(path, how string) {
	cfg := Config{Path: path}
	if how == "endless" {
		cfg.MaxBytes = 200_000
	}
	s := Open(cfg)
	for n := 1; how == "endless" || n <= 200; n++ {
		err := s.Append(Entry{Number: n, Source: fmt.Sprintf("cell %d of %d", n, os.Getpid())})
		s.SetOutput(n, strings.Repeat("value ", n%7))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		if n == 1 {
			fmt.Println("begun")
		}
	}
	s.Close()
}

func start(t *testing.T, path, how string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, path)
	cmd.Env = append(os.Environ(), role+"="+how)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "begun\n" {
		t.Fatal(line)
	}
	return cmd
}

func mustAppend(t testing.TB, s *Store, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := s.Append(e); err != nil {
			t.Fatal(err)
		}
	}
}

func brief(list []Entry) string {
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintf(&b, "%d/%d:%s=%s ", e.Session, e.Number, e.Source, e.Output)
	}
	return strings.TrimSpace(b.String())
}

func TestSessions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "dir", "history.jsonl")
	first := Open(Config{Path: path})
	mustAppend(t, first, Entry{Number: 1, Source: "a"}, Entry{Number: 2, Source: "b\nb"}, Entry{Number: 3, Source: "b\nb"})
	first.SetOutput(2, "7")
	second := Open(Config{Path: path})
	if second.Session() != 2 {
		t.Error(second.Session())
	}
	mustAppend(t, second, Entry{Number: 1, Source: "c"})
	mustAppend(t, first, Entry{Number: 4, Source: "d"})
	for _, c := range []struct{ name, got, want string }{
		{"tail", brief(second.Tail(3)), "1/3:b\nb= 1/4:d= 2/1:c="},
		{"all", brief(first.Tail(99)), "2/1:c= 1/1:a= 1/2:b\nb=7 1/3:b\nb= 1/4:d="},
		{"this", brief(second.Range(0, 1, 0)), "2/1:c="},
		{"before", brief(second.Range(-1, 2, 4)), "1/2:b\nb=7 1/3:b\nb="},
		{"absolute", brief(second.Range(1, 4, 0)), "1/4:d="},
		{"none", brief(second.Range(9, 1, 0)) + brief(second.Range(-9, 1, 0)), ""},
		{"search", brief(second.Search("*b", 0, false)), "1/2:b\nb=7 1/3:b\nb="},
		{"unique", brief(second.Search("b?b", 0, true)), "1/3:b\nb="},
		{"last", brief(second.Search("*", 2, false)), "1/4:d= 2/1:c="},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	var recall []string
	for i := range second.Len() {
		recall = append(recall, second.At(i))
	}
	if got := strings.Join(recall, "|"); got != "a|b\nb|c" {
		t.Error(got)
	}
}

func TestNewSession(t *testing.T) {
	for _, path := range []string{"", filepath.Join(t.TempDir(), "h")} {
		s := Open(Config{Path: path})
		s.NewSession() // nothing was appended: the same
		mustAppend(t, s, Entry{Number: 1, Source: "a"})
		s.NewSession()
		mustAppend(t, s, Entry{Number: 1, Source: "b"})
		if got := brief(s.Tail(9)) + "|" + brief(s.Range(-1, 1, 0)) + "|" + brief(s.Range(0, 1, 0)); got != "1/1:a= 2/1:b=|1/1:a=|2/1:b=" {
			t.Errorf("%q: %s", path, got)
		}
	}
}

// TestTorn appends after lines that a crash tore at every byte.
func TestTorn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	mustAppend(t, Open(Config{Path: path}), Entry{Number: 1, Source: "whole", Time: time.Unix(0, 0)}, Entry{Number: 2, Source: "törn", Time: time.Unix(0, 0)})
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	for cut := 1; cut < len(lines[1]); cut++ {
		if err := os.WriteFile(path, []byte(lines[0]+lines[1][:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		reader := Open(Config{Path: path})
		reader.Len()
		mustAppend(t, Open(Config{Path: path}), Entry{Number: 1, Source: "next"})
		want := "1/1:whole= 2/1:next="
		if cut == len(lines[1])-1 { // only the newline was torn off
			want = "1/1:whole= 1/2:törn= 2/1:next="
		}
		for _, s := range []*Store{reader, Open(Config{Path: path})} {
			if got := brief(s.Tail(9)); got != want {
				t.Fatalf("torn at %d: %s", cut, got)
			}
		}
	}
	if err := os.WriteFile(path, []byte("not ours\n\n{}\n[1]\n"+lines[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := brief(Open(Config{Path: path}).Tail(9)); got != "1/1:whole=" {
		t.Error(got)
	}
}

// TestProcesses has eight processes append at once.
func TestProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	var all []*exec.Cmd
	for range 8 {
		all = append(all, start(t, path, "some"))
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	counts := map[int]int{}
	for _, e := range Open(Config{Path: path, MaxBytes: 1 << 30}).Tail(10_000) {
		counts[e.Session]++
		if e.Number != counts[e.Session] || e.Output != strings.Repeat("value ", e.Number%7) {
			t.Fatal(e)
		}
	}
	if len(counts) != 8 {
		t.Fatal(counts)
	}
	for session, n := range counts {
		if n != 200 {
			t.Errorf("session %d has %d cells", session, n)
		}
	}
}

// TestKilled kills processes in the midst of appending, and of writing the file anew. No cell of the one that lives is
// lost but for the oldest, and there is always something to read.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	s := Open(Config{Path: path, MaxBytes: 200_000})
	number := 0
	for round := range 10 {
		victims := []*exec.Cmd{start(t, path, "endless"), start(t, path, "endless")}
		for range 50 {
			number++
			mustAppend(t, s, Entry{Number: number, Source: "mine"})
			time.Sleep(time.Millisecond)
		}
		for _, v := range victims {
			v.Process.Signal(syscall.SIGKILL)
			v.Wait()
		}
		mustAppend(t, s, Entry{Number: number + 1, Source: "after"})
		number++
		all := Open(Config{Path: path}).Tail(100_000)
		if !slices.ContainsFunc(all, func(e Entry) bool { return e.Number == number && e.Source == "after" }) || len(all) < 100 {
			t.Fatalf("round %d: %d cells", round, len(all))
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 210_000 {
		t.Error(info.Size(), err)
	}
	if got := len(s.Range(0, 1, 0)); got != number {
		t.Errorf("this session has %d of its %d cells", got, number)
	}
}

// TestCompaction has a session whose number is the highest fall out of the file while it lives.
func TestCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	cfg := Config{Path: path, MaxBytes: 20_000}
	old, young := Open(cfg), Open(cfg)
	mustAppend(t, old, Entry{Number: 1, Source: "first"})
	mustAppend(t, young, Entry{Number: 1, Source: "young"})
	for n := 2; n < 1000; n++ {
		mustAppend(t, old, Entry{Number: n, Source: fmt.Sprintf("cell %d", n)})
		old.SetOutput(n, "out")
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 21_000 || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	third := Open(cfg)
	tail := third.Tail(2000)
	if n := len(tail); n < 80 || tail[n-1].Source != "cell 999" || tail[n-1].Output != "out" || tail[0].Output != "out" {
		t.Error(n, tail[0], tail[n-1])
	}
	for i := 1; i < len(tail); i++ {
		if tail[i].Number != tail[i-1].Number+1 {
			t.Fatal(tail[i-1], tail[i])
		}
	}
	if third.Session() != 3 {
		t.Errorf("session %d: the number of a session that lives", third.Session())
	}
	mustAppend(t, young, Entry{Number: 2, Source: "still here"})
	if got := brief(young.Range(0, 1, 0)); got != "2/1:young= 2/2:still here=" {
		t.Error(got)
	}
	if n := len(old.Range(0, 1, 0)); n != 999 {
		t.Error(n)
	}
}

// TestNowhere writes where nothing can be written: that is said once, and the history works.
func TestNowhere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "file", "h"), "/proc/kairos/h"} {
		s := Open(Config{Path: path})
		err := s.Append(Entry{Number: 1, Source: "a"})
		if err == nil || !strings.Contains(err.Error(), "history: append to "+path) || !strings.Contains(err.Error(), "stays in memory") {
			t.Error(err)
		}
		mustAppend(t, s, Entry{Number: 2, Source: "b"})
		if got := brief(s.Tail(9)); got != "1/1:a= 1/2:b=" || s.Len() != 2 {
			t.Error(got)
		}
	}
}

// TestRecovers appends while the file cannot be written, and then can.
func TestRecovers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dir")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "h")
	s := Open(Config{Path: path})
	if s.Append(Entry{Number: 1, Source: "a"}) == nil {
		t.Error("no error")
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, Open(Config{Path: path}), Entry{Number: 1, Source: "other"})
	mustAppend(t, s, Entry{Number: 2, Source: "b"})
	if got := brief(Open(Config{Path: path}).Tail(9)); got != "1/1:other= 2/1:a= 2/2:b=" {
		t.Error(got)
	}
}

// TestFullDisk writes to a file that may not grow: half a line does not stay.
func TestFullDisk(t *testing.T) {
	d := newDisk("/dev/full", 1<<20)
	if err := d.write([]record{{Session: 1, Source: "a"}}); err == nil {
		t.Error("no error")
	}
}

// TestHeldLock has another process keep the lock: the first append waits, and those after it do not.
func TestHeldLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	other := newDisk(path, 1)
	err := other.locked(true, func() error {
		s := Open(Config{Path: path})
		if err := s.Append(Entry{Number: 1, Source: "a"}); err == nil || !strings.Contains(err.Error(), "lock") {
			t.Error(err)
		}
		begin := time.Now()
		mustAppend(t, s, Entry{Number: 2, Source: "b"})
		if took := time.Since(begin); took > patience/2 {
			t.Error(took)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestLateOutput: an output is written though no cell follows, and though the process is not asked to end.
func TestLateOutput(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	s := Open(Config{Path: path})
	mustAppend(t, s, Entry{Number: 1, Source: "6 * 7"})
	s.SetOutput(1, "42")
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if e := Open(Config{Path: path}).Tail(1); len(e) == 1 && e[0].Output == "42" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the output is not in the file")
		}
	}
}

func TestSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	s := Open(Config{Path: path, MaxBytes: 4000})
	mustAppend(t, s, Entry{Number: 1, Source: " secret"}, Entry{Number: 2, Source: "\tpasted"}, Entry{Number: 3, Source: strings.Repeat("long", 300)})
	s.SetOutput(1, "secret too")
	if data, _ := os.ReadFile(path); strings.Contains(string(data), "secret") || !strings.Contains(string(data), "pasted") || strings.Contains(string(data), "long") {
		t.Errorf("%s", data)
	}
	if s.Len() != 3 || s.At(0) != " secret" {
		t.Error(s.Len())
	}
}

func TestBounded(t *testing.T) {
	s := Open(Config{})
	mustAppend(t, s, Entry{Number: 1, Source: "a", Output: strings.Repeat("ä", 4000)})
	if out := s.Tail(1)[0].Output; len(out) > maxOutput+3 || !strings.HasSuffix(out, "ä…") {
		t.Error(len(out))
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"*", "", true}, {"*", "a\nb", true}, {"?", "ä", true}, {"?", "", false},
		{"a*c", "abbc", true}, {"a*c", "abcd", false}, {"*a*b*", "xxaxxbx", true}, {"*ab", "aab", true}, {"a?c*", "abc", true},
		{"[a]", "a", false}, {"[a]", "[a]", true}, {strings.Repeat("*a", 30) + "b", strings.Repeat("a", 5000), false},
	} {
		if got := Match(c.pattern, c.text); got != c.want {
			t.Errorf("%q %q: %v", c.pattern, c.text, got)
		}
	}
}

func TestDefaultPath(t *testing.T) {
	env := map[string]string{"HOME": "/home/u"}
	get := func(name string) string { return env[name] }
	if got := DefaultPath(get); !strings.HasPrefix(got, "/home/u/") || !strings.HasSuffix(got, "/kairos/history.jsonl") {
		t.Error(got)
	}
	env["XDG_STATE_HOME"] = "/state"
	if got := DefaultPath(get); got != "/state/kairos/history.jsonl" {
		t.Error(got)
	}
	if got := DefaultPath(func(string) string { return "" }); got != "" {
		t.Error(got)
	}
}

func ExampleStore() {
	s := Open(Config{}) // in memory
	s.Append(Entry{Number: 1, Source: "x := 3"})
	s.Append(Entry{Number: 2, Source: "x * 2"})
	s.SetOutput(2, "6")
	for _, e := range s.Search("x*", 0, true) {
		fmt.Printf("%d: %s %q\n", e.Number, e.Source, e.Output)
	}
	// Output:
	// 1: x := 3 ""
	// 2: x * 2 "6"
}

func BenchmarkAppend(b *testing.B) {
	s := Open(Config{Path: filepath.Join(b.TempDir(), "h")})
	for n := 1; b.Loop(); n++ {
		mustAppend(b, s, Entry{Number: n, Source: "similarity.WSD(train, test, similarity.Config{})"})
	}
}

// BenchmarkOpen reads a full file.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "h")
	var records []record
	for n := range 20_000 {
		records = append(records, record{Session: 1, Number: n, Source: "similarity.WSD(train, test, similarity.Config{})", Output: strings.Repeat("0.5 ", 20)})
	}
	if err := newDisk(path, maxBytes).write(records); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if Open(Config{Path: path}).Len() == 0 {
			b.Fatal("empty")
		}
	}
}
