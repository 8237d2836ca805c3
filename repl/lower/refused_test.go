package lower

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"kairos/repl/check"
)

// TestRefused translates what core has no form for. The message says what that is, and what to write instead.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"position", "import \"runtime\"\n\nfunc main() {\n\truntime.Caller(0)\n}",
			"5:10: runtime.Caller, which would show positions in the interpreter; say where in words of your own"},
		{"position as a value", "import \"runtime\"\nvar f = runtime.Callers",
			"3:17: runtime.Callers, which would show positions in the interpreter; say where in words of your own"},
		{"flag of a logger", "import . \"log\"\nfunc main() { SetFlags(Lshortfile) }",
			"3:24: log.Lshortfile, which would show positions in the interpreter; say where in words of your own"},
		{"option of a logger", "import \"log/slog\"\nvar o = slog.HandlerOptions{AddSource: true}",
			"3:29: slog.AddSource, which would show positions in the interpreter; say where in words of your own"},
		{"name of a function", "import \"runtime\"\nvar s = runtime.FuncForPC(0).Name()",
			"3:17: runtime.FuncForPC, which would show positions in the interpreter; name the function in a string of your own"},
		{"stack", "import \"runtime/debug\"\nfunc main() { debug.PrintStack() }",
			"3:21: debug.PrintStack, which would show positions in the interpreter; a panic that nobody recovers shows the program's own stack"},
		{"large type", "type T struct{ a, b [1 << 46]byte; c [1 << 47]byte }\nfunc main() { var x T; _ = x }",
			"3:19: the type T: type is too large"},
		{"invisible function", "import \"kairos/stdlib/model\"\nfunc main() { model.Load(\"\") }",
			"3:21: model.Load is not among what the interpreter can see"},
		{"invisible type", "import \"kairos/stdlib/train\"\nfunc main() { var s train.Step; _ = s }",
			"3:19: the type train.Step: type kairos/stdlib/train.Step is not known"},
		{"in a literal", "import \"runtime\"\nfunc main() { func() { runtime.Caller(0) }() }",
			"3:32: runtime.Caller, which would show positions in the interpreter; say where in words of your own"},
		{"in a generic function", "import \"runtime\"\nfunc f[T any]() { runtime.Caller(0) }\nfunc main() { f[int](); f[string]() }",
			"3:27: runtime.Caller, which would show positions in the interpreter; say where in words of your own"},
		{"several", "import \"runtime\"\nfunc main() { runtime.Caller(0) }\nfunc f() { runtime.Stack(nil, false) }",
			"3:23: runtime.Caller, which would show positions in the interpreter; say where in words of your own\n" +
				"4:20: runtime.Stack, which would show positions in the interpreter; a panic that nobody recovers shows the program's own stack"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := translate("go", c.src)
			var want []string
			for _, line := range strings.Split(c.want, "\n") {
				parts := strings.SplitN(line, ": ", 2)
				want = append(want, "x.go:"+parts[0]+": kairos cannot interpret this yet: "+parts[1])
			}
			if got := fmt.Sprint(err); got != strings.Join(want, "\n") {
				t.Errorf("refused with\n%s\nwant\n%s", got, strings.Join(want, "\n"))
			}
		})
	}
}

// TestRefusedCell checks that a cell that is refused leaves nothing behind: the next one becomes what it would have become.
func TestRefusedCell(t *testing.T) {
	before := "import \"runtime\"\ntype L[T any] []T\nfunc (l L[T]) Len() int { return len(l) }\nfunc g[T any](x T) T { return x }\nfunc f() int { return 1 }"
	refused := "runtime.Caller(0)\n_ = L[int]{}\ng(1)\nfunc f() int { runtime.Caller(1); return 2 }"
	after := "any(L[int]{}).(interface{ Len() int }).Len() + g(1) + f()"
	want := cellAfter(t, []string{before}, after)
	if got := cellAfter(t, []string{before, refused}, after); got != want {
		t.Errorf("after a refused cell:\n%s\nwant\n%s", got, want)
	}
}

// cellAfter is what a cell becomes after others, of which some may be refused.
func cellAfter(t *testing.T, before []string, src string) string {
	s := newSession()
	for _, src := range before {
		s.cell(src)
	}
	core, err := s.cell(src)
	if err != nil {
		t.Fatal(err)
	}
	return renumber(core)
}

// TestRefusedMuch checks that a long list of what is refused ends early, as the compiler's.
func TestRefusedMuch(t *testing.T) {
	src := "import \"runtime\"\nfunc main() {}\n"
	for i := range 12 {
		src += fmt.Sprintf("func f%d() { runtime.Caller(0) }\n", i)
	}
	_, err := translate("go", src)
	lines := strings.Split(fmt.Sprint(err), "\n")
	if want := "x.go:13:21: too many errors"; len(lines) != 11 || lines[10] != want {
		t.Errorf("refused with\n%v\nwant ten lines and then\n%s", err, want)
	}
}

// TestFault checks that what lowering does not know ends as a refusal that says whose fault it is.
func TestFault(t *testing.T) {
	l, _ := forTest(token.NewFileSet())
	local := types.NewParam(token.NoPos, nil, "x", types.Typ[types.Int])
	l.guard(func() { l.global(nowhere, local) })
	want := "kairos cannot interpret this yet: a fault of kairos itself made it refuse var x int, which is not known here; please report it with the program"
	if got := fmt.Sprint(check.Errors{List: l.refused}); got != want {
		t.Errorf("refused with\n%s\nwant\n%s", got, want)
	}
}
