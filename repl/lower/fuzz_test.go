package lower

import (
	"errors"
	"fmt"
	"go/build"
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"kairos/repl/check"
)

// TestPrograms translates many programs: those in testdata here and of package script, and Go's own tests where there is
// a copy of its source.
func TestPrograms(t *testing.T) {
	for _, src := range append(programs(t), goTests()...) {
		lowersOrRefuses(t, src)
	}
}

// TestMutated translates programs that are almost those of TestPrograms.
func TestMutated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, src := range programs(t) {
		for range 10 {
			lowersOrRefuses(t, mutate(random, src))
		}
	}
}

// TestSession translates the programs as the cells of one session, each twice: they declare the same names anew.
func TestSession(t *testing.T) {
	s := newSession()
	for _, src := range programs(t) {
		for range 2 {
			_, err := s.cell(src)
			complain(t, src, err)
		}
	}
}

// TestDeterministic translates programs twice, into the same core.
func TestDeterministic(t *testing.T) {
	for _, src := range programs(t) {
		first, err := exactly(src)
		again, errAgain := exactly(src)
		if first != again || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Errorf("two translations of\n%s\nare\n%s%v\nand\n%s%v", src, first, err, again, errAgain)
		}
	}
}

// FuzzProgram translates arbitrary text. It must not panic, nor make anything that is not core.
func FuzzProgram(f *testing.F) {
	for _, src := range programs(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { lowersOrRefuses(t, src) })
}

// FuzzCells translates arbitrary text as the cells of a session.
func FuzzCells(f *testing.F) {
	for _, path := range []string{"testdata/core/cells.txt", "testdata/core/redefinition.txt"} {
		for _, file := range archive(f, path).Files {
			first, second, _ := strings.Cut(string(file.Data), separator)
			f.Add(first, second)
		}
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		_, err := translateCells([]string{first, second, second})
		complain(t, first+separator+second, err)
	})
}

// lowersOrRefuses translates a program that may be wrong, or beyond what can be translated.
func lowersOrRefuses(t *testing.T, src string) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("panic: %v\n%s\nfor\n%s", r, debug.Stack(), src)
		}
	}()
	_, err := exactly(src)
	complain(t, src, err)
}

// complain fails the test if an error is a fault of lowering, and not of the program.
func complain(t *testing.T, src string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var list check.Errors
	if !errors.As(err, &list) || len(list.List) == 0 {
		t.Errorf("%T for\n%s", err, src)
	}
	for _, e := range list.List {
		if strings.Contains(e.Msg, "a fault of kairos") {
			t.Errorf("%v\nfor\n%s", e, src)
		}
	}
}

// exactly translates a program and prints the core as it is, with all that it has put into the pool.
func exactly(src string) (string, error) {
	l, shown := forTest(token.NewFileSet())
	prog, err := check.Script(l.Fset, "x.go", []byte(src))
	if err != nil {
		return "", err
	}
	unit, err := l.Program(prog)
	if err != nil {
		return "", err
	}
	var pool []string
	for name, v := range shown {
		pool = append(pool, name+" "+v.Type().String())
	}
	slices.Sort(pool)
	return printed(unit.File.Decls) + strings.Join(pool, "\n"), nil
}

// programs are the programs in testdata, here and of package script.
func programs(t testing.TB) (list []string) {
	paths, _ := filepath.Glob("testdata/core/*.txt")
	for _, path := range append(paths, "../script/testdata/everyday.txtar") {
		for _, file := range archive(t, path).Files {
			src := string(file.Data)
			switch {
			case !strings.HasSuffix(file.Name, ".go"):
			case strings.Contains(src, "package main"):
				list = append(list, src)
			default:
				list = append(list, wholeProgram(src))
			}
		}
	}
	return list
}

func archive(t testing.TB, path string) *txtar.Archive {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// goTests are the programs of Go's tests, if they are here.
func goTests() (list []string) {
	for _, pattern := range []string{"*.go", "*/*.go"} {
		paths, _ := filepath.Glob(filepath.Join(build.Default.GOROOT, "test", pattern))
		for _, path := range paths {
			src, err := os.ReadFile(path)
			if err == nil && strings.HasPrefix(string(src), "// run\n") {
				list = append(list, string(src))
			}
		}
	}
	return list
}

// mutate makes a program that is likely wrong, but may be right: it repeats or exchanges lines, or puts other words of the
// same kind in the places of some.
func mutate(random *rand.Rand, src string) string {
	lines := strings.Split(src, "\n")
	i, j := random.IntN(len(lines)), random.IntN(len(lines))
	switch random.IntN(4) {
	case 0:
		return strings.Join(slices.Insert(lines, i, lines[j]), "\n")
	case 1:
		lines[i], lines[j] = lines[j], lines[i]
		return strings.Join(lines, "\n")
	}
	words, kinds := tokens(src)
	for range 1 + random.IntN(2) {
		i, j := random.IntN(len(words)), random.IntN(len(words))
		for kinds[j] != kinds[i] {
			j = random.IntN(len(words))
		}
		words[i] = words[j]
	}
	return strings.Join(words, " ")
}

// tokens returns the words of a program, and of which kind each is: operators are of one kind.
func tokens(src string) (words []string, kinds []token.Token) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), nil, 0)
	for {
		_, tok, text := s.Scan()
		if text == "" {
			text = tok.String()
		}
		if tok == token.EOF {
			return words, kinds
		}
		if tok.IsOperator() && tok < token.LPAREN {
			tok = token.ADD
		}
		words, kinds = append(words, text), append(kinds, tok)
	}
}
