package term_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kairos/internal/screen"
)

var (
	seed  = flag.Uint64("seed", 1, "of the soak's edits")
	edits = flag.Int("edits", 1000, "of the soak")
)

// pieces is what a soak types: code, finished or not, wide and combining characters, brackets of all kinds.
var pieces = []string{
	"x := 1", "fmt.Println(", ")", "{", "}", "for i := range 3 ", "if x > 0 ", "`raw ", "`", `"text`, `"`, "// note", "/* open", "*/",
	"世界", "e\u0301", "👩\u200d👩\u200d👧", "🇩🇪", "ｆｕｌｌ", "\u200b", "한국어", "strings.", "math.Sq", "os.ReadFile(\"", "func f(a int) int ",
	"[]int{3, 1, 2}", "[", "]", "x", " ", "  ", ".", ",", "return ", "=", "+ ", "type point struct", "a very long line of words that will have to be wrapped at the edge of the window ",
}

var strokes = []string{
	"<Left>", "<Right>", "<Up>", "<Down>", "<Home>", "<End>", "<Backspace>", "<Delete>", "<C-a>", "<C-e>", "<C-b>", "<C-f>", "<C-k>", "<C-u>",
	"<C-w>", "<C-y>", "<C-t>", "<C-_>", "<M-b>", "<M-f>", "<M-d>", "<C-Left>", "<C-Right>", "<C-Home>", "<C-End>", "<PageUp>", "<PageDown>",
	"<Tab>", "<Tab>", "<S-Tab>", "<Tab><Tab><Down>", "<M-Enter>", "<Enter>", "<Enter>", "<C-r>x", "<C-r>fmt<C-r>", "<Up><Up>", "<C-p>", "<C-n>", "<C-c>",
}

var pasted = []string{
	"<Paste>for i := range 3 {\n\tx := i\n\tfmt.Println(x)\n}</Paste>", "<Paste>世界\n\te\u0301\n</Paste>", "<Paste>one line</Paste>",
	"<Paste>a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\nz</Paste>",
}

// edit is one thing that a person may do.
func edit(r *rand.Rand) (keys string, columns, rows int) {
	switch n := r.IntN(100); {
	case n < 45:
		return pieces[r.IntN(len(pieces))], 0, 0
	case n < 88:
		return strokes[r.IntN(len(strokes))], 0, 0
	case n < 93:
		return pasted[r.IntN(len(pasted))], 0, 0
	default:
		return "", 20 + r.IntN(100), 4 + r.IntN(36)
	}
}

// TestSoak edits at random, and looks now and then whether the screen is what is drawn anew.
func TestSoak(t *testing.T) {
	dir := t.TempDir()
	w, err := screen.Start(screen.Config{Command: []string{filepath.Join(build(t), "kairos")}, Dir: dir, Env: []string{
		"HOME=" + dir, "XDG_STATE_HOME=" + dir, "XDG_CONFIG_HOME=" + dir,
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r := rand.New(rand.NewPCG(*seed, 0))
	var done []string
	failed := func(err error) {
		t.Helper()
		t.Fatalf("seed %d, after %d edits, the last of which %q:\n%v\n%v", *seed, len(done), done[max(0, len(done)-25):], err, w.Screen())
	}
	for n := range *edits {
		keys, columns, rows := edit(r)
		if columns > 0 {
			done = append(done, fmt.Sprintf("%dx%d", columns, rows))
			// What is on its way while a window changes is drawn for the old one: a terminal cannot tell.
			if err = settle(w, still); err == nil {
				err = w.Resize(columns, rows)
			}
			if err == nil {
				err = settle(w, still)
			}
		} else {
			done = append(done, keys)
			err = w.Send(keys)
		}
		if err == nil && n%4 == 3 {
			err = settle(w, still)
		}
		if err == nil && n%20 == 19 {
			err = same(w)
		}
		if err != nil {
			failed(err)
		}
	}
	if strings.Contains(w.Screen().All(), "goroutine 1 [") {
		failed(fmt.Errorf("a panic"))
	}
}

// How long nothing is drawn when all is drawn, and surely so: also after Esc, which may begin another key.
const still, surely = 30 * time.Millisecond, 200 * time.Millisecond

// settle waits until a cell is edited; what runs too long is interrupted.
func settle(w *screen.Terminal, d time.Duration) error {
	for range 20 {
		if !w.Alive() {
			return fmt.Errorf("kairos has ended")
		}
		for range 100 {
			if err := w.Quiet(d); err != nil {
				return err
			}
			if w.Reading() {
				return nil
			}
			time.Sleep(20 * time.Millisecond)
		}
		if err := w.Send("<C-c>"); err != nil {
			return err
		}
	}
	return fmt.Errorf("no prompt comes back")
}

var prompts = regexp.MustCompile(`(?m)^In \[\d+\]:`)

// same draws the screen anew, and tells how that differs from what was seen before: in the rows of the cell, there must be
// no difference, and the cursor has to be at the same place of them.
func same(w *screen.Terminal) error {
	if err := settle(w, surely); err != nil {
		return err
	}
	if err := w.Send("<Esc>"); err != nil { // the menu and the search close
		return err
	}
	if err := settle(w, surely); err != nil {
		return err
	}
	before := w.Screen()
	if err := w.Send("<C-l>"); err != nil {
		return err
	}
	if err := settle(w, surely); err != nil {
		return err
	}
	after := w.Screen()
	cell := strings.Split(after.Text(), "\n")
	top := before.Y - after.Y
	if top < 0 {
		return fmt.Errorf("the cursor was %d rows below the cell's first; drawn anew, %d:\n%v", before.Y, after.Y, before)
	}
	for y, line := range cell {
		if top+y >= len(before.Lines) || before.Lines[top+y] != line {
			return fmt.Errorf("row %d of the cell was not %q:\n%v", y, line, before)
		}
	}
	if before.X != after.X {
		return fmt.Errorf("the cursor was in column %d; drawn anew, in %d:\n%v", before.X, after.X, before)
	}
	for _, line := range before.Lines[min(len(before.Lines), top+len(cell)):] {
		if line != "" {
			return fmt.Errorf("below the cell stood %q:\n%v", line, before)
		}
	}
	return once(after, before, top)
}

// once tells whether the cell's first row was seen above the cell too: what an edit has left behind.
func once(after, before screen.Screen, top int) error {
	first := after.Lines[0]
	if prompts.FindString(first) == "" || prompts.FindString(first) == first { // Enter alone leaves such a row
		return nil
	}
	if slices.Contains(before.Lines[:top], first) {
		return fmt.Errorf("%q is twice on the screen:\n%v", first, before)
	}
	return nil
}
