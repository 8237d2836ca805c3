package interpreter_test

import (
	"context"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"kairos/repl"
	"kairos/repl/conformance/cells"
	"kairos/repl/internal/record"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

// FuzzEval evaluates arbitrary text and programs that are almost right: see evaluates. A seed other than 0 changes the
// tokens of the text first.
func FuzzEval(f *testing.F) {
	for i, src := range sources(f) {
		f.Add(src, uint64(0))
		f.Add(src, uint64(i+1))
	}
	f.Fuzz(func(t *testing.T, src string, seed uint64) {
		discard(t) // here, for the process that reports progress prints too
		evaluates(t, mutate(src, seed))
	})
}

// TestMutated evaluates what FuzzEval begins with, and more of the kind.
func TestMutated(t *testing.T) {
	discard(t)
	rounds := uint64(2)
	if testing.Short() {
		rounds = 1
	}
	for i, src := range sources(t) {
		for round := range rounds {
			evaluates(t, mutate(src, round*(round<<20+uint64(i))))
		}
	}
}

// before declares what the cells under test may refer to, hide and fail to change.
const before = `a := 1
type T struct { n int; s string }
func (t T) String() string { return fmt.Sprint(t.n, t.s, a) }
func f(x int) (y int) { defer func() { recover() }(); return x + a }
t := T{2, "t"}
m := map[string]T{"k": t}`

// evaluates evaluates a cell in a session of its own. It must not panic, nor complain of itself, and must end soon after
// it is told to. One that fails to compile leaves the session as it was, any other in order.
func evaluates(t *testing.T, src string) {
	if dangerous.MatchString(src) {
		return
	}
	s, err := interpreter.Open(interpreter.Config{Lookup: harmless})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Eval(context.Background(), before, new(record.Output)); err != nil {
		t.Fatal(err)
	}
	names := namesOf(t, s)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	begin := time.Now()
	_, err = s.Eval(ctx, src, &record.Output{Answer: record.Mute})
	took := time.Since(begin) - time.Second
	var compile *repl.CompileError
	var interrupted *repl.Interrupted
	switch {
	case errors.As(err, &interrupted) && took > 100*time.Millisecond:
		t.Errorf("an interrupt took %v, %v:\n%s", took, err, src)
	case err != nil && faults.MatchString(said(err)):
		t.Errorf("%v:\n%s", err, src)
	case errors.As(err, &compile):
		if now := namesOf(t, s); !slices.Equal(now, names) {
			t.Errorf("a cell failed and the names are\n%v\nno longer\n%v:\n%s", now, names, src)
		}
		usable(t, s, src, "fmt.Sprint(a, t, f(3), m)", `"1 2t1 4 map[k:2t1]"`)
	}
	usable(t, s, src, "type T struct{ next *T }\na, f, t := `4`, func() {}, T{}\nf()\na", `"4"`) // no predeclared names, which src may hide
}

// usable evaluates a cell that must succeed whatever happened before.
func usable(t *testing.T, s repl.Session, after, src, want string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	result, err := s.Eval(ctx, src, new(record.Output))
	if err != nil || result.Text() != want {
		t.Errorf("%s: %s, %v; after\n%s", src, result.Text(), err, after)
	}
}

// namesOf are the names that the session has declared, with their types.
func namesOf(t *testing.T, s repl.Session) (names []string) {
	c, err := s.Complete(context.Background(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range c.Items {
		if item.Kind != "package" && item.Kind != "keyword" {
			names = append(names, fmt.Sprint(item))
		}
	}
	return names
}

// said is what an error says without the lines of the cell.
func said(err error) string {
	var compile *repl.CompileError
	if !errors.As(err, &compile) {
		return err.Error()
	}
	var b strings.Builder
	for _, p := range compile.Problems {
		b.WriteString(p.Message + "\n")
	}
	return b.String()
}

// faults are what the errors of a session never say.
var faults = regexp.MustCompile(`internal error|yaegi|CFG|reflect: |reflect\.Value|interp\.|yet: .*(nil pointer|out of range|interface conversion)`)

// dangerous is what can end the process, which is the program's right: large numbers, which may be sizes, and maps and
// locks of more than one goroutine.
var dangerous = regexp.MustCompile(`\d{6}|\d[eEpPxX_]|<<|Max|Unlock|\bgo\b[^~]*\bmap\b|\bmap\b[^~]*\bgo\b`)

// harmless finds the names of packages that do nothing to the machine.
func harmless(path, name string) (reflect.Value, bool) {
	allowed := []string{
		"bytes", "cmp", "context", "encoding/json", "errors", "fmt", "iter", "maps", "math", "slices", "sort", "strconv",
		"strings", "sync", "sync/atomic", "text/template", "time", "unicode", "unicode/utf8",
	}
	if !slices.Contains(allowed, path) {
		return reflect.Value{}, false
	}
	return symbols.Pure().Lookup(path, name)
}

// discard has the process print nothing while a test runs.
func discard(t testing.TB) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	in, out, errs := os.Stdin, os.Stdout, os.Stderr
	os.Stdin, os.Stdout, os.Stderr = null, null, null
	t.Cleanup(func() {
		os.Stdin, os.Stdout, os.Stderr = in, out, errs
		null.Close()
	})
}

// sources are the everyday cells, programs of package script, and pieces that are hard to read.
func sources(t testing.TB) []string {
	list := []string{"", "}", "x :=", "func (T) String() {}", "var a a", "type T T", "a, b := 1", "\x00", "// %%", "goto x", "f(f(f))", "for {}", "select {}"}
	everyday, err := cells.Load("../testdata/cells")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range everyday {
		list = append(list, c.Cells...)
	}
	paths, err := filepath.Glob("../script/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			list = append(list, string(file.Data))
		}
	}
	return list
}

// mutate drops, repeats and exchanges a few tokens, most of them for others of their kind, which often leaves a program
// that compiles. Seed 0 leaves the text as it is.
func mutate(src string, seed uint64) string {
	all := lexemes(src)
	if seed == 0 || len(all) == 0 {
		return src
	}
	random := rand.New(rand.NewPCG(seed, 0))
	for range 1 + random.IntN(3) {
		i, j := random.IntN(len(all)), random.IntN(len(all))
		switch random.IntN(8) {
		case 0:
			all = append(slices.Delete(all, i, i+1), lexeme{token.SEMICOLON, "\n"})
		case 1:
			all = slices.Insert(all, i, all[j])
		default:
			all[i] = alike(random, all, all[i])
		}
	}
	var b strings.Builder
	for _, l := range all {
		b.WriteString(l.text + " ")
	}
	return b.String()
}

// lexeme is a token as it is written.
type lexeme struct {
	tok  token.Token
	text string
}

func lexemes(src string) (list []lexeme) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), func(token.Position, string) {}, 0)
	for {
		_, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return list
		case text == "":
			text = tok.String()
		}
		list = append(list, lexeme{tok, text})
	}
}

// alike chooses one of the tokens of l's kind.
func alike(random *rand.Rand, all []lexeme, l lexeme) lexeme {
	var kind []lexeme
	for _, other := range all {
		if other.tok == l.tok || other.tok.IsOperator() && l.tok.IsOperator() && other.tok.Precedence() == l.tok.Precedence() && l.tok.Precedence() > 0 {
			kind = append(kind, other)
		}
	}
	return kind[random.IntN(len(kind))]
}
