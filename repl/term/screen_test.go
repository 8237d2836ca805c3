package term

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/google/go-cmp/cmp"

	"kairos/repl"
)

// bench is a screen on an emulated terminal, with a clock that the test moves.
type bench struct {
	*screen
	t        *testing.T
	emulator *vt.Emulator
	columns  int
	rows     int
	clock    time.Time
}

func newBench(t *testing.T, columns, rows int, l look) *bench {
	b := &bench{t: t, emulator: vt.NewEmulator(columns, rows), columns: columns, rows: rows, clock: time.Unix(1000, 0)}
	b.screen = &screen{
		look: l, out: b, now: func() time.Time { return b.clock },
		size: func() (int, int) { return b.columns, b.rows },
	}
	b.begin()
	return b
}

// Write is that of a terminal in its ordinary mode.
func (b *bench) Write(p []byte) (int, error) {
	b.emulator.Write([]byte(strings.ReplaceAll(string(p), "\n", "\r\n")))
	return len(p), nil
}

// pass moves the clock, after which everything is drawn that waits for it.
func (b *bench) pass(d time.Duration) {
	b.clock = b.clock.Add(d)
	b.tick()
}

func (b *bench) report(id string, done, total int) {
	b.progress(repl.Progress{ID: id, Label: id, Done: done, Total: total})
}

func (b *bench) text(id string, update bool, text string) {
	b.display(id, update, func() (string, int) { return text + "\n", 0 })
}

func (b *bench) shows(what, want string) {
	b.t.Helper()
	var lines []string
	for y := range b.rows {
		var line strings.Builder
		for x := range b.columns {
			if cell := b.emulator.CellAt(x, y); cell != nil && cell.Width > 0 {
				line.WriteString(cell.Content)
			}
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	got := strings.TrimRight(strings.Join(lines, "\n"), "\n")
	if d := cmp.Diff(strings.Trim(want, "\n"), got); d != "" {
		b.t.Errorf("%s: want (-), the screen shows (+):\n%s", what, d)
	}
}

var able = look{moves: true}

func TestNestedBars(t *testing.T) {
	b := newBench(t, 60, 12, able)
	b.report("epochs", 0, 2)
	b.pass(time.Second)
	for i := range 3 {
		b.report("batch", i, 4)
		b.print(fmt.Sprintf("loss %d\n", i))
		b.pass(time.Second)
	}
	b.shows("running", `
loss 0
loss 1
loss 2
epochs   0% [..............] 0/2 - 0:04
batch   50% [=======.......] 2/4 - 0:02 left - 1/s - 0:03`)
	b.report("batch", 4, 4)
	b.report("epochs", 1, 2)
	b.progress(repl.Progress{ID: "second", Label: "batch", Total: 4})
	b.pass(time.Second)
	b.shows("a finished bar inside of another gives its place to the next", `
loss 0
loss 1
loss 2
epochs  50% [=====......] 1/2 - 0:04 left - 0.25/s - 0:05
batch    0% [...........] 0/4 - 0:01`)
	if !b.end() {
		t.Error("no bars were seen")
	}
	b.print("after\n")
	b.shows("interrupted", `
loss 0
loss 1
loss 2
epochs  50% [===========............] 1/2 - 0.25/s - 0:04
batch    0% [.......................] 0/4 - 0:00
after`)
}

func TestFinishedBarsStay(t *testing.T) {
	b := newBench(t, 60, 12, able)
	for _, id := range []string{"one", "two"} {
		for i := range 3 {
			b.report(id, i, 2)
			b.pass(time.Second)
		}
	}
	b.print("text\n")
	b.end()
	b.shows("the bars", `
one 100% [=======================] 2/2 - took 2.0 s - 1/s
two 100% [=======================] 2/2 - took 2.0 s - 1/s
text`)
}

func TestBarsKeepUnfinishedRow(t *testing.T) {
	b := newBench(t, 40, 8, able)
	b.report("bar", 1, 4)
	b.print("a\ndots")
	b.pass(time.Second)
	for range 3 {
		b.print(".")
		b.pass(time.Second)
	}
	b.shows("the row goes on", `
a
dots...
bar  25% [===............] 1/4 - 0:04`)
	b.print(strings.Repeat("x", 33))
	b.pass(time.Second)
	b.print("yz")
	b.pass(time.Second)
	b.shows("a full row wraps", `
a
dots...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
yz
bar  25% [===............] 1/4 - 0:06`)
	b.print("\x1b[31mred\x1b[0m 界")
	b.pass(time.Second)
	b.print("!")
	b.end()
	b.shows("colors take no room", `
a
dots...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
yzred 界!
bar  25% [===............] 1/4 - 0:00`)
}

func TestBarsInNarrowerWindow(t *testing.T) {
	b := newBench(t, 60, 8, able)
	b.print("text\n")
	b.report("a label", 1, 4)
	b.columns = 30
	b.emulator.Resize(30, 8)
	b.Write([]byte("\x1b[1;1Htext\r\n\x1b[J" + strings.Repeat("x", 50))) // as the terminal wraps what was drawn
	b.drawn = []int{50}
	b.pass(time.Second)
	b.shows("nothing of the wide bar is left", `
text
a label  25% [==......] 1/4`)
}

func TestManyBars(t *testing.T) {
	b := newBench(t, 40, 6, able)
	b.print("text\n")
	for i := range 10 {
		b.report(fmt.Sprint("bar", i), 1, 4)
	}
	b.pass(time.Second)
	b.shows("as many as there is room for", `
text
bar0  25% [===...........] 1/4 - 0:01
bar1  25% [===...........] 1/4 - 0:01
bar2  25% [===...........] 1/4 - 0:01
bar3  25% [===...........] 1/4 - 0:01`)
}

// TestBarsAreDrawnSeldom reports often, and counts what is written.
func TestBarsAreDrawnSeldom(t *testing.T) {
	b := newBench(t, 60, 8, able)
	writes := 0
	b.out = writer(func(p []byte) { writes++ })
	for i := range 1000 {
		b.clock = b.clock.Add(time.Millisecond)
		b.report("bar", i, 1000)
		b.print("text\n")
	}
	if writes < 9 || writes > 12 {
		t.Errorf("%d writes in a second", writes)
	}
}

type writer func(p []byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }

func TestQuarters(t *testing.T) {
	b := newBench(t, 60, 12, look{})
	for i := range 9 {
		b.report("train", i, 8)
	}
	b.report("again", 2, 8)
	b.print("text")
	b.report("again", 8, 8)
	b.end()
	b.shows("without bars", `
train: 0% (0/8)
train: 25% (2/8)
train: 50% (4/8)
train: 75% (6/8)
train: 100% (8/8)
again: 25% (2/8)
text
again: 100% (8/8)`)
}

func TestLive(t *testing.T) {
	b := newBench(t, 40, 10, able)
	b.print("before")
	b.text("1", false, "state 1\nof two lines")
	b.text("2", false, "second")
	b.report("bar", 1, 2)
	for i := range 5 {
		b.text("1", true, fmt.Sprintf("state %d\n%s", i, strings.Repeat("wide", 11)))
		b.pass(time.Second)
	}
	b.text("2", true, "changed")
	b.report("bar", 2, 2)
	b.text("1", true, "last")
	b.end()
	b.shows("changes in place", `
before
last
changed
bar 100% [=========] 2/2 - took 5.0 s`)
}

func TestLiveAboveText(t *testing.T) {
	b := newBench(t, 40, 10, able)
	b.text("1", false, "first")
	b.print("text\n")
	b.text("1", true, "second")
	b.text("1", true, "third")
	b.shows("text is below", "first\ntext")
	b.end()
	b.shows("the cell has ended", "first\ntext\nthird")
}

func TestLiveTooHigh(t *testing.T) {
	b := newBench(t, 20, 4, able)
	b.text("1", false, "1\n2\n3\n4")
	b.text("1", true, "a")
	b.end()
	b.shows("it does not fit", "3\n4\na")
}

func TestLiveInDumbTerminal(t *testing.T) {
	b := newBench(t, 20, 6, look{})
	var out strings.Builder
	b.out = &out
	b.text("1", false, "a")
	b.text("1", true, "b")
	b.text("1", true, "c")
	b.end()
	if out.String() != "a\nc\n" {
		t.Errorf("%q is written", out.String())
	}
}

func TestUnfinishedRowAtEnd(t *testing.T) {
	b := newBench(t, 20, 6, able)
	b.print("no newline")
	b.end()
	b.begin()
	b.print("\x1b[1mnewline\x1b[0m\n\x1b[0m")
	b.end()
	b.print("prompt")
	b.shows("each on its own row", "no newline\nnewline\nprompt")
}

// TestLate has goroutines that a cell left behind report: nothing is drawn that would disturb the prompt.
func TestLate(t *testing.T) {
	b := newBench(t, 40, 8, able)
	b.end()
	b.report("late", 1, 2)
	b.print("text\n")
	b.text("1", false, "shown")
	b.text("1", true, "again")
	b.report("late", 2, 2)
	b.shows("lines", "late: 50% (1/2)\ntext\nshown\nagain\nlate: 100% (2/2)")
}

// TestOuterBarComesLate has an outer loop that reports only after its first step.
func TestOuterBarComesLate(t *testing.T) {
	b := newBench(t, 60, 8, able)
	for epoch := range 2 {
		for i := range 3 {
			b.report("steps", i, 2)
			b.pass(time.Second)
		}
		b.report("epochs", epoch+1, 2)
		b.pass(time.Second)
	}
	b.end()
	b.shows("two bars", `
steps  100% [=================] 2/2 - took 2.0 s - 1/s
epochs 100% [=================] 2/2 - took 4.0 s - 0.25/s`)
}

// TestSameBarAgain runs one after the other: each stays.
func TestSameBarAgain(t *testing.T) {
	b := newBench(t, 60, 8, able)
	for range 2 {
		b.report("steps", 1, 2)
		b.pass(time.Second)
		b.report("steps", 2, 2)
		b.report("steps", 2, 2)
	}
	b.display("1", false, func() (string, int) { return "picture\n", 1 })
	b.report("steps", 0, 3)
	b.end()
	b.shows("three bars", `
steps 100% [=====================] 2/2 - took 1.0 s - 1/s
steps 100% [=====================] 2/2 - took 1.0 s - 1/s
picture
steps   0% [..............................] 0/3 - 0:00`)
}

func TestClear(t *testing.T) {
	b := newBench(t, 30, 12, able)
	b.print("printed\n")
	b.text("a", false, "first")
	b.text("b", false, "second\nin two lines")
	b.clear(true)
	b.shows("nothing goes before something comes", "printed\nfirst\nsecond\nin two lines")
	b.text("c", false, "third")
	b.shows("displays go", "printed\nthird")
	b.clear(false)
	b.shows("at once", "printed")
	b.text("c", true, "fourth")
	b.shows("an update is shown anew", "printed\nfourth")
	b.report("work", 1, 2)
	b.pass(time.Second)
	b.clear(true)
	b.print("more\n")
	b.pass(time.Second)
	b.shows("bars stay", `
printed
more
work  50% [=====......] 1/2`)
	b.text("d", false, "above")
	b.print("text\n")
	b.clear(false)
	b.clear(true)
	b.end()
	b.shows("what is above text stays", `
printed
more
above
text
work  50% [=====......] 1/2`)
}

func TestClearInDumbTerminal(t *testing.T) {
	b := newBench(t, 30, 12, look{})
	b.text("a", false, "first")
	b.clear(true)
	b.text("b", false, "second")
	b.clear(false)
	b.end()
	b.shows("nothing can go", "first\nsecond")
}
