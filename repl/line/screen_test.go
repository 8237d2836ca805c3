package line

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"

	"kairos/repl/highlight"
	"kairos/repl/line/internal/keys"
	"kairos/repl/line/internal/paint"
)

// terminal is an emulated one with a screen on it.
type terminal struct {
	*vt.Emulator
	*screen
}

func newTerminal(m *machine, columns, rows int) *terminal {
	e := vt.NewEmulator(columns, rows)
	s := &screen{out: e, machine: m, view: newView(Prompt{highlight.Prompt.Paint("In [1]: "), "   ...: "}, m.Color)}
	s.fresh(columns, rows)
	s.paint()
	return &terminal{e, s}
}

// text is what the rows of the emulator show, with styles as far as told apart by them, without blanks at the end.
func (t *terminal) text(from int) []string {
	var list []string
	for y := from; y < t.Emulator.Height(); y++ {
		var b strings.Builder
		for x := 0; x < t.Emulator.Width(); {
			c := t.CellAt(x, y)
			if c == nil || c.Content == "" {
				b.WriteByte(' ')
				x++
				continue
			}
			fmt.Fprintf(&b, "%s", c.Content)
			if !c.Style.IsZero() {
				fmt.Fprintf(&b, "{%s}", strings.TrimPrefix(c.Style.String(), "\x1b"))
			}
			x += max(c.Width, 1)
		}
		list = append(list, strings.TrimRight(b.String(), " "))
	}
	for len(list) > 0 && list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return list
}

// top is the row of the emulator in which the frame begins.
func (t *terminal) top() int {
	f := t.view.frame(t.machine, t.painter.Columns, t.screen.rows)
	return t.CursorPosition().Y - f.Row
}

// alike checks that the screen is as if painted from scratch.
func (t *terminal) alike() error {
	columns, rows := t.painter.Columns, t.screen.rows
	view := *t.view
	clean := &terminal{vt.NewEmulator(columns, rows), &screen{machine: t.machine, view: &view}}
	clean.out = clean.Emulator
	clean.fresh(columns, rows)
	clean.paint()
	got, want := t.text(t.top()), clean.text(0)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		return fmt.Errorf("the screen is\n%s\nfrom scratch it is\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if a, b := t.CursorPosition(), clean.CursorPosition(); a.X != b.X {
		return fmt.Errorf("the cursor is in column %d, from scratch in %d", a.X, b.X)
	}
	if t.painter.Columns != columns {
		return fmt.Errorf("the painter thinks of %d columns", t.painter.Columns)
	}
	return nil
}

// pieces are what a soak types.
var pieces = []string{
	"a", "b", " ", "fmt.Println(", ")", "{", "}", "\"日本\"", "語", "👍🏽", "👨‍👩‍👧", "e\u0301", "\u200b", "`", "// note", "«Tab»", "«Enter»", "«Alt-Enter»",
	"«Left»", "«Left»", "«Right»", "«Up»", "«Down»", "«Home»", "«End»", "«Backspace»", "«Backspace»", "«Delete»", "«Ctrl-K»", "«Ctrl-Y»", "«Ctrl-W»",
	"«Ctrl-U»", "«Ctrl-_»", "«Alt-_»", "«Ctrl-T»", "«Ctrl-R»", "«Ctrl-Up»", "«Ctrl-Down»", "«Ctrl-End»", "«Ctrl-Home»", "«Esc»", "ap", "«Ctrl-G»",
	"«Paste func f() {\r\n\treturn 1\r\n}»", "«Paste \x01\x7f\xff\xfe»", "a long line that surely needs more than one row of any window",
	"🇩🇪", "ｆｕｌｌ", "ก็", "«Alt-B»", "«Alt-D»",
}

// TestSoak edits, prints and resizes at random. After each step the screen has to be as if painted from scratch, and what was
// printed last stands above it.
func TestSoak(t *testing.T) {
	for seed := range uint64(8) {
		soak(t, rand.New(rand.NewPCG(seed, 7)), 400)
	}
}

func soak(t *testing.T, random *rand.Rand, steps int) {
	m := newMachine(testConfig("apple(1)", "f {\n\tapricot\n\tx\n}", "日本"), "")
	term := newTerminal(m, 40, 12)
	printed, step := "", ""
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%s: %v", step, r)
		}
	}()
	for i := range steps {
		step = fmt.Sprintf("step %d: ", i) + term.step(random, i, &printed)
		if err := term.alike(); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if top := term.top(); printed != "" && top > 0 {
			if above := term.text(top - 1)[0]; !strings.HasSuffix(above, printed) {
				t.Fatalf("%s: %q is above and does not end in %q", step, above, printed)
			}
		}
	}
}

// step does one thing and says what.
func (t *terminal) step(random *rand.Rand, i int, printed *string) string {
	switch n := random.IntN(100); {
	case n < 4:
		columns, rows := 20+random.IntN(60), 4+random.IntN(20)
		if low := t.CursorPosition().Y - rows + 1; low > 0 { // terminals keep the cursor's row when they become lower
			fmt.Fprintf(t.Emulator, "\x1b[%dS\x1b[%dA", low, low)
		}
		t.Emulator.Resize(columns, rows)
		*printed = ""
		t.resize(columns, rows)
		return fmt.Sprintf("resize to %d, %d", columns, rows)
	case n < 10:
		*printed = fmt.Sprintf("line %d", i)
		t.above(*printed + "\n")
		return "print"
	case n < 14:
		*printed = "."
		t.above(".")
		return "print a dot"
	case n < 15:
		t.finish("")
		t.machine.Set("")
		t.machine.menu, t.machine.search = nil, nil
		t.machine.walk.restart(t.machine.History)
		t.fresh(t.painter.Columns, t.screen.rows)
		t.paint()
		*printed = ""
		return "accept"
	default:
		piece := pieces[random.IntN(len(pieces))]
		play(t.machine, piece)
		t.paint()
		return piece
	}
}

// TestPrintGoesOn prints pieces of lines above the text.
func TestPrintGoesOn(t *testing.T) {
	m := newMachine(&Config{}, "x")
	term := newTerminal(m, 20, 8)
	for _, s := range []string{"one", ", two", "\nthree", " four five six seven", " eight\n50%", "\r60%", "\n"} {
		term.above(s)
	}
	want := "one, two\nthree four five six\nseven eight\n60%\nIn [1]: x"
	if got := strings.Join(term.text(0), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// look is the screen as text with the cursor's place.
func look(script string, columns, rows int) (string, int, int) {
	m := newMachine(testConfig("fmt.Println(1)"), "")
	m.Color = false
	term := newTerminal(m, columns, rows)
	play(m, script)
	term.paint()
	p := term.CursorPosition()
	return strings.Join(term.text(0), "\n"), p.X, p.Y
}

func TestLook(t *testing.T) {
	for _, test := range []struct {
		keys          string
		columns, rows int
		want          string
		x, y          int
	}{
		{"abc", 20, 5, "In [1]: abc", 11, 0},
		{"f {«Enter»x", 20, 5, "In [1]: f {\n   ...:     x", 13, 1},
		{"0123456789ab", 20, 5, "In [1]: 0123456789ab", 8, 1},
		{"0123456789abc", 20, 5, "In [1]: 0123456789ab\n        c", 9, 1},
		{"0123456789a日", 20, 5, "In [1]: 0123456789a\n        日", 10, 1},
		{"0123456789a日«Left»", 20, 5, "In [1]: 0123456789a\n        日", 8, 1},
		{"0123456789ab«Left»", 20, 5, "In [1]: 0123456789ab", 19, 0},
		{"«Paste a\x01\tb»", 20, 5, "In [1]: a^A b", 13, 0},
		{"«Paste \u200bx\xffy»", 20, 5, "In [1]: <200b>x\ufffdy", 17, 0},
		{"1«Alt-Enter»2«Alt-Enter»3«Alt-Enter»4", 20, 3, "   ...: 2\n   ...: 3\n   ...: 4", 9, 2},
		{"1«Alt-Enter»2«Alt-Enter»3«Alt-Enter»4«Ctrl-Home»", 20, 3, "In [1]: 1\n   ...: 2\n   ...: 3", 8, 0},
		{"a«Tab»«Tab»", 30, 8, "In [1]: apple\n> apple    var  fruit\n  apricot  var  fruit", 13, 0},
		{"x «Ctrl-R»Pr", 40, 8, "In [1]: fmt.Println(1)\nsearch: Pr", 12, 0},
		{"x «Ctrl-R»zz", 40, 8, "In [1]: x\nsearch: zz  no entry has this", 10, 0},
		{"abcdefghijk", 12, 5, "In …abcdefgh\n    ijk", 7, 1},
	} {
		got, x, y := look(test.keys, test.columns, test.rows)
		if got != test.want || x != test.x || y != test.y {
			t.Errorf("%s: got\n%s\nwith the cursor at %d, %d; want\n%s\n%d, %d", test.keys, got, x, y, test.want, test.x, test.y)
		}
	}
}

// TestFresh begins behind what others left in the row.
func TestFresh(t *testing.T) {
	for _, before := range []string{"", "x", "0123456789012345678", "01234567890123456789", "012345678901234567890"} {
		m := newMachine(testConfig(), "")
		m.Color = false
		e := vt.NewEmulator(20, 6)
		e.WriteString(before)
		s := &screen{out: e, machine: m, view: newView(Prompt{"> ", ""}, false)}
		s.fresh(20, 6)
		s.paint()
		got := strings.Join((&terminal{e, s}).text(0), "")
		if got != before+">" {
			t.Errorf("after %q: %q", before, got)
		}
	}
}

// TestFinish leaves all of a text that is higher than the screen, and nothing that does not belong to it.
func TestFinish(t *testing.T) {
	m := newMachine(testConfig("y(1)z"), "")
	term := newTerminal(m, 20, 4)
	play(m, "1«Alt-Enter»2«Alt-Enter»3«Alt-Enter»4«Alt-Enter»y")
	term.paint()
	play(m, "«Ctrl-Home»")
	term.paint()
	term.finish("^C")
	var all []string
	for y := range term.ScrollbackLen() {
		c := term.ScrollbackCellAt(8, y)
		all = append(all, c.Content)
	}
	for y := range 4 {
		all = append(all, term.CellAt(8, y).Content)
	}
	if got := strings.Join(all, ""); !strings.HasSuffix(got, "1234y ") {
		t.Errorf("got %q", got)
	}
	if p := term.CursorPosition(); p.X != 0 || p.Y != 3 {
		t.Errorf("the cursor is at %v", p)
	}
	if got := strings.Join(term.text(2), "\n"); !strings.Contains(got, "y^{[2m}C{[2m}") {
		t.Errorf("the last row is %q", got)
	}
}

// TestTinyWindow has room for hardly anything.
func TestTinyWindow(t *testing.T) {
	for columns := 1; columns < 12; columns++ {
		for rows := 1; rows < 4; rows++ {
			m := newMachine(testConfig("apple"), "")
			term := newTerminal(m, columns, rows)
			for _, keys := range []string{"f(日👍🏽", "\t«Paste \u200b\x01»", "«Alt-Enter»a«Tab»", "«Tab»", "«Ctrl-R»a", "«Esc»«Ctrl-Home»", "«Ctrl-End»"} {
				play(m, keys)
				term.paint()
				if p := term.CursorPosition(); p.X >= columns || p.Y >= rows {
					t.Fatalf("%d by %d: the cursor is at %v", columns, rows, p)
				}
			}
			term.resize(columns+1, rows)
			term.finish("^C")
		}
	}
}

// TestOneKeyIsFewBytes: a character typed at the end is written and nothing else.
func TestOneKeyIsFewBytes(t *testing.T) {
	m := newMachine(&Config{Color: true}, "")
	var out strings.Builder
	s := &screen{out: &out, machine: m, view: newView(Prompt{"> ", "  "}, true)}
	s.fresh(80, 24)
	s.paint()
	out.Reset()
	play(m, "x")
	s.paint()
	if out.String() != "x" {
		t.Errorf("wrote %q", out.String())
	}
}

// BenchmarkKey types at the end of a cell of 200 lines: the key, the colours, the proposal and the painting.
func BenchmarkKey(b *testing.B) {
	line := "for i, name := range names { total += weights[i] * len(name); fmt.Println(\"name\", name) }\n"
	history := entries{}
	for i := range 5000 {
		history = append(history, fmt.Sprintf("x%d := %d\nfmt.Println(x%d)", i, i, i))
	}
	benchmark(b, newMachine(&Config{Color: true, History: history}, strings.Repeat(line, 200)))
}

// BenchmarkKeyInMegabyte types at the end of a megabyte.
func BenchmarkKeyInMegabyte(b *testing.B) {
	benchmark(b, newMachine(&Config{Color: true}, strings.Repeat("x = append(x, 1, 2, 3, 4, 5, 6)\n", 1<<15)))
}

func benchmark(b *testing.B, m *machine) {
	s := &screen{out: &strings.Builder{}, machine: m, view: newView(Prompt{"In [1]: ", "   ...: "}, true), painter: paint.Painter{}}
	s.fresh(120, 40)
	s.paint()
	for i := 0; b.Loop(); i++ {
		k := keys.Key{Rune: 'x'}
		if i%2 == 1 {
			k = keys.Key{Code: keys.Backspace}
		}
		m.key(k, false)
		s.paint()
	}
}
