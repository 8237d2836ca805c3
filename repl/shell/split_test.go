package shell

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// written is a part as tests write it: Go as it is, commands in angles with their arguments in parentheses.
func written(src string, parts []part) string {
	var list []string
	for _, p := range parts {
		switch {
		case !p.command:
			list = append(list, src[p.start:p.end])
		case p.sign == "%%":
			list = append(list, fmt.Sprintf("<%s>(%s){%s}", p.typed(), p.args, p.body))
		default:
			list = append(list, fmt.Sprintf("<%s>(%s)", p.typed(), p.args))
		}
	}
	return strings.Join(list, "|")
}

func TestSplit(t *testing.T) {
	s := New(Config{})
	for _, c := range []struct{ src, want string }{
		{"", ""}, {" \n\t", ""},
		{"x := 1", "x := 1"},
		{"%who", "<%who>()"}, {"  :who var ", "<:who>(var)"}, {"%time f(x)", "<%time>(f(x))"},
		{"x := 1\n%who\ny := 2\n", "x := 1\n|<%who>()|y := 2\n"},
		{"%who\n%whos\n", "<%who>()|<%whos>()"},
		{"!ls -l | wc", "<!>(ls -l | wc)"}, {"!!ls", "<!!>(ls)"}, {"!a \\\n b\nx", "<!>(a \\\n b)|x"},
		{"?x", "<?>(x)"}, {"??x.y", "<??>(x.y)"}, {"x?", "<?>(x)"}, {"x.y??  ", "<??>(x.y)"}, {"?", "<?>()"}, {"f(1)?", "<?>(f(1))"},
		{"%time?", "<?>(%time)"}, {"?%time", "<?>(%time)"}, {":time??", "<??>(:time)"}, {"%%bash?", "<?>(%%bash)"},
		{"x // why?", "x // why?"}, {`"what?"`, `"what?"`}, {"`a\nwhat?\n`", "`a\nwhat?\n`"}, {"/* a\n%who\n!b */", "/* a\n%who\n!b */"}, {"'?'", "'?'"},
		{"a\n% b", "a\n% b"}, {"f(a,\n%b)", "f(a,\n%b)"}, {"(a\n%b)", "(a\n%b)"}, {"x := a ||\n!b", "x := a ||\n!b"}, {"if a {\n%who\n}", "if a {\n%who\n}"},
		{"`\n%who\n`", "`\n%who\n`"}, {"x := `\n` +\n`%who`\n%who", "x := `\n` +\n`%who`\n|<%who>()"},
		{"x = 7 % 3", "x = 7 % 3"}, {"switch {\ncase a:\n!b\n}", "switch {\ncase a:\n!b\n}"},
		{"// a\n%who", "// a\n|<%who>()"},
		{"%%bash -x\na\nb", "<%%bash>(-x){a\nb}"}, {"\n %%time\nx", "<%%time>(){x}"}, {"%%", "<%%>(){}"}, {"%%bash", "<%%bash>(){}"}, {"x\n%%bash\ny", "x\n%%bash\ny"},
		{"%time for {\n\tf()\n}\nx", "<%time>(for {\n\tf()\n})|x"}, {"%time f(\n1)\n%who", "<%time>(f(\n1))|<%who>()"}, {"%time `a\n`", "<%time>(`a\n`)"},
		{"%who f(\n1", "<%who>(f()|1"}, {"x\r\n%who\r\n", "x\r\n|<%who>()"},
		{"%9", "%9"}, {": x", ": x"}, {"%time", "<%time>()"},
	} {
		if got := written(c.src, s.split(c.src)); got != c.want {
			t.Errorf("%q: %q, want %q", c.src, got, c.want)
		}
	}
}

// TestOffsets has parts know where their arguments and bodies are.
func TestOffsets(t *testing.T) {
	s := New(Config{})
	for _, src := range []string{"x\n  %time  f(x) \n", "%%time  a\nb", "?x", "  x.y ??", "%time f(\n1)\n", "!!ls", "%time?", "%%bash?", " :who"} {
		for _, p := range s.split(src) {
			if p.command && (src[p.argsAt:p.argsAt+len(p.args)] != p.args || src[p.bodyAt:p.bodyAt+len(p.body)] != p.body) {
				t.Errorf("%q: %+v", src, p)
			}
		}
	}
}

// FuzzSplit checks that the parts of whatever is typed follow each other in it, and leave out nothing but blanks.
func FuzzSplit(f *testing.F) {
	for _, src := range []string{"x\n%who\n!ls\ny?", "%%bash\na", "%time f(\n1)", "`\n%who", "x := 1 // ?\n?", "\x00\n!\xff\\\n"} {
		f.Add(src)
	}
	s := New(Config{})
	f.Fuzz(func(t *testing.T, src string) {
		at := 0
		for _, p := range s.split(src) {
			if p.start < at || p.end < p.start || strings.TrimSpace(src[at:p.start]) != "" {
				t.Fatalf("%q: %+v after %d", src, p, at)
			}
			if p.command && (src[p.argsAt:p.argsAt+len(p.args)] != p.args || src[p.bodyAt:p.bodyAt+len(p.body)] != p.body) {
				t.Fatalf("%q: %+v", src, p)
			}
			at = p.end
		}
		if strings.TrimSpace(src[at:]) != "" {
			t.Fatalf("%q: nothing has %q", src, src[at:])
		}
	})
}

func TestPad(t *testing.T) {
	for _, c := range []struct {
		cell string
		at   int
		want string
	}{{"abc", 0, ""}, {"abc", 2, "  "}, {"a\nbc", 2, "\n"}, {"a\n\nbc", 4, "\n\n "}} {
		if got := pad(c.cell, c.at); got != c.want {
			t.Errorf("%q %d: %q", c.cell, c.at, got)
		}
	}
}

func TestNear(t *testing.T) {
	all := newTable().names()
	for _, c := range []struct{ word, want string }{
		{"tiem", "time"}, {"timeti", "timeit"}, {"whoos", "whos"}, {"histroy", "history"}, {"hist", "history"}, {"laod", "load"}, {"zzz", ""}, {"x", ""}, {"", ""},
	} {
		got := ""
		if names := near(c.word, all); len(names) > 0 {
			got = names[0]
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.word, got, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"ä", "a", 1}, {"abc", "abc", 0}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%s %s: %d", c.a, c.b, got)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "[] <nil>"}, {" a  b\tc ", `["a" "b" "c"] <nil>`}, {`'a b' "c 'd'" e\ f`, `["a b" "c 'd'" "e f"] <nil>`}, {`''`, `[""] <nil>`},
		{`a"b"c`, `["abc"] <nil>`}, {`'a\b'`, `["a\\b"] <nil>`}, {`"a`, `[] a quote " is not closed`},
	} {
		list, err := words(c.args)
		if got := fmt.Sprintf("%q %v", list, err); got != c.want {
			t.Errorf("%s: %s, want %s", c.args, got, c.want)
		}
	}
}

func TestSpans(t *testing.T) {
	for _, c := range []struct {
		text string
		want span
		ok   bool
	}{
		{"3", span{place{0, 3}, place{0, 3}}, true}, {"3-7", span{place{0, 3}, place{0, 7}}, true}, {"3-", span{place{0, 3}, place{0, 0}}, true},
		{"~1/4", span{place{-1, 4}, place{-1, 4}}, true}, {"~1/", span{place{-1, 1}, place{-1, 0}}, true}, {"~2/3-~1/5", span{place{-2, 3}, place{-1, 5}}, true},
		{"12/3-5", span{place{12, 3}, place{12, 5}}, true}, {"", span{}, false}, {"-", span{}, false}, {"x", span{}, false}, {"3-x", span{}, false}, {"~1", span{}, false},
	} {
		got, ok := parseSpan(c.text)
		if c.text == "~1/" && got.to.number == got.from.number {
			got.to.number = -1
		}
		if got != c.want || ok != c.ok {
			t.Errorf("%s: %v %v", c.text, got, ok)
		}
	}
}

func TestPartial(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{{"", 0}, {"a", 0}, {"ä", 0}, {"a\xc3", 1}, {"\xe2\x82", 2}, {"\xf0\x9f\x98", 3}, {"\xff", 0}, {"\x80\x80", 0}} {
		if got := partial([]byte(c.text)); got != c.want {
			t.Errorf("%q: %d", c.text, got)
		}
	}
}

func TestSummary(t *testing.T) {
	if got, want := summary(durations(100, 300), 2), "100 ns ± 50.0 ns per loop (mean ± std. dev. of 2 runs, 2 loops each), best 50.0 ns"; got != want {
		t.Error(got)
	}
	if got, want := summary(durations(2_500_000), 1000), "2.50 µs ± 0.00 ns per loop (mean ± std. dev. of 1 run, 1,000 loops each), best 2.50 µs"; got != want {
		t.Error(got)
	}
	for _, c := range []struct {
		ns   int64
		want string
	}{{0, "0.00 ns"}, {999, "999 ns"}, {1500, "1.50 µs"}, {12_345_678, "12.3 ms"}, {1_234_000_000, "1.23 s"}, {61_000_000_000, "1m1s"}} {
		if got := short(durations(c.ns)[0]); got != c.want {
			t.Errorf("%d: %s", c.ns, got)
		}
	}
}

// TestSplitTime takes apart long cells that look like commands everywhere.
func TestSplitTime(t *testing.T) {
	s := New(Config{})
	for _, src := range []string{
		"(\n" + strings.Repeat("%a\n", 50_000), strings.Repeat("%a\n", 3000), "%time (\n" + strings.Repeat("%a\n", 50_000), "`" + strings.Repeat("x?\n", 50_000),
	} {
		begin := time.Now()
		if s.split(src); time.Since(begin) > 2*time.Second {
			t.Errorf("%.20q: %v", src, time.Since(begin))
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	s := New(Config{})
	src := strings.Repeat("for i := range order {\n\ttotal += distance(order[i], i) // what is it?\n}\n", 66) + "%time total"
	for b.Loop() {
		s.split(src)
	}
}
