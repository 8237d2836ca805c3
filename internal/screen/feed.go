package screen

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// feed passes a program's output to the emulator in whole characters, however the kernel has cut it. The emulator puts a
// wide character for which there is one column left into that column, and does not wrap after one that fills the row;
// terminals do.
type feed struct {
	emulator *vt.Emulator
	state    byte   // of the decoder
	held     []byte // the beginning of a rune
	last     []byte // the character before the cursor, if it was the last thing written
	full     bool   // a wide character fills the row, and the next one belongs below
}

func (f *feed) write(p []byte) {
	p = append(f.held, p...)
	f.held = nil
	if n := cut(p); n > 0 {
		f.held = bytes.Clone(p[len(p)-n:])
		p = p[:len(p)-n]
	}
	p = f.extend(p)
	for len(p) > 0 {
		seq, width, state := f.next(p)
		f.state = state
		f.one(seq, width)
		p = p[len(seq):]
	}
}

// cut is how many bytes at the end of p are the beginning of a rune.
func cut(p []byte) int {
	for i := 1; i <= min(len(p), utf8.UTFMax-1); i++ {
		if utf8.RuneStart(p[len(p)-i]) {
			if utf8.FullRune(p[len(p)-i:]) {
				return 0
			}
			return i
		}
	}
	return 0
}

// extend draws the last character again if p begins with marks that belong to it, and returns the rest of p.
func (f *feed) extend(p []byte) []byte {
	if len(f.last) == 0 || len(p) == 0 || f.state != ansi.NormalState {
		return p
	}
	whole := append(bytes.Clone(f.last), p...)
	seq, width := ansi.FirstGraphemeCluster(whole, ansi.GraphemeWidth)
	more := len(seq) - len(f.last)
	if x, y, ok := f.where(); more > 0 && ok {
		fmt.Fprintf(f.emulator, "\x1b[%d;%dH", y+1, x+1)
		f.full = false
		f.one(seq, width)
		return p[more:]
	}
	return p
}

// where finds the last character on the screen: before the cursor, or under it where the row is full.
func (f *feed) where() (x, y int, ok bool) {
	at := f.emulator.CursorPosition()
	for x := at.X; x >= max(0, at.X-2); x-- {
		if c := f.emulator.CellAt(x, at.Y); c != nil && c.Content == string(f.last) {
			return x, at.Y, true
		}
	}
	return 0, 0, false
}

// next is the first character of p or control sequence, or what there is of it. The decoder parts marks from ASCII
// letters, which is mended here.
func (f *feed) next(p []byte) (seq []byte, width int, state byte) {
	if f.state == ansi.NormalState && p[0] >= ' ' && p[0] < 0x7f {
		seq, width = ansi.FirstGraphemeCluster(p, ansi.GraphemeWidth)
		return seq, width, f.state
	}
	_, width, n, state := ansi.DecodeSequence(p, f.state, nil)
	return p[:n], width, state
}

// one passes on a character or a control sequence.
func (f *feed) one(seq []byte, width int) {
	f.last = nil
	if width == 0 {
		if !sgr(seq) {
			f.full = false
		}
		f.emulator.Write(seq)
		return
	}
	x := f.emulator.CursorPosition().X
	columns := f.emulator.Width()
	if f.full || width == 2 && x == columns-1 {
		f.emulator.Write([]byte("\r\n"))
		x = 0
	}
	f.full = width == 2 && x == columns-2
	f.emulator.Write(seq)
	f.last = bytes.Clone(seq)
}

func sgr(seq []byte) bool { return len(seq) > 2 && seq[1] == '[' && seq[len(seq)-1] == 'm' }
