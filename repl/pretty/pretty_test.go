package pretty

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/repl"
)

func ExampleError() {
	fmt.Println(Error(&repl.Panic{
		Value: "runtime error: index out of range [3] with length 0",
		Trace: "goroutine 1 [running]:\nmain.f(...)\n\tcell[1]:2\nsort.Slice(...)\n\t/go/sort.go:12 +0x1\nmain.main()\n\tcell[12]:5\n",
	}, false))
	// Output:
	// panic: runtime error: index out of range [3] with length 0
	//   cell[1]:2   f(...)
	//   cell[12]:5  main()
}

func ExampleInspection() {
	fmt.Println(Inspection(repl.Inspection{
		Name: "Cut", Kind: "func", Type: "func strings.Cut(s, sep string) (before, after string, found bool)",
		Doc:   "Cut slices s around the first instance of sep, returning the text before and after sep. The found result reports whether sep appears in s.",
		Where: "strings/strings.go:1307",
	}, false))
	// Output:
	// func strings.Cut(s, sep string) (before, after string, found bool)
	//
	//     Cut slices s around the first instance of sep, returning the text before and
	//     after sep. The found result reports whether sep appears in s.
	//
	// Where:   strings/strings.go:1307
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		err         error
		plain, seen string
	}{
		{&repl.CompileError{Text: "cell[1]:1:6: undefined: y\n    x := y\n         ^"},
			"cell[1]:1:6: undefined: y\n    x := y\n         ^",
			"{2}cell[1]:1:6: {0}{1;31}undefined: y{0}\n    x := y\n{1;31}         ^{0}"},
		{&repl.CompileError{Text: "cell[1]: cannot do it\n\tcell[1]:3:4: detail"},
			"cell[1]: cannot do it\n\tcell[1]:3:4: detail",
			"{1;31}cell[1]: cannot do it{0}\n{1;31}\tcell[1]:3:4: detail{0}"},
		{&repl.CompileError{Text: "cell[1]:2:2: undefined: y\n    \ty()\n    \t^"},
			"cell[1]:2:2: undefined: y\n        y()\n        ^",
			"{2}cell[1]:2:2: {0}{1;31}undefined: y{0}\n        {94}y{0}()\n{1;31}        ^{0}"},
		{&repl.Panic{Value: "7"}, "panic: 7", "{1;31}panic: {0}{31}7{0}"},
		{&repl.Interrupted{}, "interrupted", "{35}interrupted{0}"},
		{&repl.Interrupted{Pending: true}, "interrupted; a call that cannot be interrupted is still running", "{35}interrupted; a call that cannot be interrupted is still running{0}"},
		{&repl.Exited{Status: 3}, "exit status 3", "{35}exit status 3{0}"},
		{&repl.Failed{Text: "error: EOF"}, "error: EOF", "{1;31}error:{0} {31}EOF{0}"},
		{&repl.Failed{Text: "two words: x"}, "two words: x", "{31}two words: x{0}"},
		{errors.New("worker: start x: no such file\n"), "worker: start x: no such file", "{1;31}worker:{0} {31}start x: no such file{0}"},
		{fmt.Errorf("wrapped: %w", &repl.Panic{Value: "7"}), "panic: 7", "{1;31}panic: {0}{31}7{0}"},
		{&repl.Crashed{Status: "signal: killed", Head: "one\ntwo", Lost: []string{"a", "b"}},
			"the session crashed: signal: killed (out of memory?)\none\ntwo\nlost: a, b",
			"{1;31}the session crashed: signal: killed (out of memory?){0}\n{2}one{0}\n{2}two{0}\n{1}lost: a, b{0}"},
		{&repl.Crashed{Status: "exit status 2", Idle: true},
			"the session crashed before this cell, which did not run: exit status 2",
			"{1;31}the session crashed before this cell, which did not run: exit status 2{0}"},
	} {
		if d := cmp.Diff(c.plain, Error(c.err, false)); d != "" {
			t.Errorf("plain, want (-), got (+):\n%s", d)
		}
		if d := cmp.Diff(c.seen, visible(Error(c.err, true))); d != "" {
			t.Errorf("colored, want (-), got (+):\n%s", d)
		}
	}
}

var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// visible writes the codes of colors as {1;31}.
func visible(text string) string { return sgr.ReplaceAllString(text, "{$1}") }

// TestPanicSource shows the lines of the frames, and says once what repeats.
func TestPanicSource(t *testing.T) {
	trace := "goroutine 1 [running]:\n" + strings.Repeat("main.deep(...)\n\tcell[2]:1\n", 20) + "main.main()\n\tcell[3]:1\n"
	s := Style{Source: func(file string, line int) string {
		if file == "cell[2]" && line == 1 {
			return "\tfunc deep(n int) int { return deep(n+1) }"
		}
		return ""
	}}
	want := "panic: stack overflow\n  cell[2]:1  deep(...)  func deep(n int) int { return deep(n+1) }\n  ... and 19 more of it ...\n  cell[3]:1  main()"
	if d := cmp.Diff(want, s.Error(&repl.Panic{Value: "stack overflow", Trace: trace})); d != "" {
		t.Errorf("want (-), got (+):\n%s", d)
	}
}

func TestLongTrace(t *testing.T) {
	var trace strings.Builder
	for i := range 20 {
		fmt.Fprintf(&trace, "main.f%d(...)\n\tcell[1]:%d\n", i, i+1)
	}
	lines := strings.Split(Error(&repl.Panic{Value: "7", Trace: "goroutine 1 [running]:\n" + trace.String()}, false), "\n")
	if len(lines) != 14 || lines[8] != "  cell[1]:8   f7(...)" || lines[9] != "  ... 8 more lines ..." || lines[10] != "  cell[1]:17  f16(...)" {
		t.Errorf("%d lines: %q", len(lines), lines)
	}
}

func TestPanicOfGoroutine(t *testing.T) {
	trace := "goroutine 7 [running]:\nmain.main.func1()\n\tcell[1]:1\ncreated by main.main in goroutine 1\n\tcell[1]:1\n"
	want := "panic: 7\n  cell[1]:1  main.func1()\n  cell[1]:1  go in main"
	if got := Error(&repl.Panic{Value: "7", Trace: trace}, false); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestColorsOnly compares: without its codes, colored text is the plain text.
func TestColorsOnly(t *testing.T) {
	for _, i := range []repl.Inspection{
		{},
		{Name: "x", Kind: "var", Type: "var x []int", Value: "[1 2 3]", Where: "cell[3]:1:1", Members: []string{"a", "b"}},
		{Type: "type T struct {\n\tA int\n}", Source: "type T struct {\n\tA int // of it\n}\n", Doc: "T is.\n\n\tcode\n\nMore."},
		{Call: &repl.Call{Signature: "func f(x int)"}},
	} {
		if got, want := sgr.ReplaceAllString(Inspection(i, true), ""), Inspection(i, false); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestInspectionParts(t *testing.T) {
	members := []string{}
	for i := range 12 {
		members = append(members, fmt.Sprintf("Method%d", i))
	}
	got := Style{Width: 40}.Inspection(repl.Inspection{
		Type: "type T int", Doc: "T counts the things that there are, and this is wrapped.", Value: "3", Members: members, Source: "type T int",
	})
	want := `type T int

    T counts the things that there are,
    and this is wrapped.

Value:   3
Members:
    Method0   Method4   Method8
    Method1   Method5   Method9
    Method2   Method6   Method10
    Method3   Method7   Method11

Source:
    type T int`
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("want (-), got (+):\n%s", d)
	}
	if got := (Style{}).Inspection(repl.Inspection{}); got != "" {
		t.Errorf("nothing is %q", got)
	}
}
