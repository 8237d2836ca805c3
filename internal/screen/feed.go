package screen

import (
	"bytes"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// feed passes a program's output to the emulator in whole characters. The emulator puts a wide character for which there
// is one column left into that column, and does not wrap after one that fills the row; terminals do.
type feed struct {
	emulator *vt.Emulator
	state    byte   // of the decoder
	held     []byte // the beginning of a character
	full     bool   // a wide character fills the row, and the next one belongs below
}

// write passes p on. If more is to come at once, the last character may not be whole and waits for it.
func (f *feed) write(p []byte, more bool) {
	p = append(f.held, p...)
	f.held = nil
	for len(p) > 0 {
		seq, width, state := f.next(p)
		if len(seq) == len(p) && (more && width > 0 || cut(p)) {
			break
		}
		f.state = state
		f.one(seq, width)
		p = p[len(seq):]
	}
	f.held = bytes.Clone(p)
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

// cut tells whether p ends in the middle of a rune.
func cut(p []byte) bool {
	for i := 1; i <= min(len(p), utf8.UTFMax-1); i++ {
		if utf8.RuneStart(p[len(p)-i]) {
			return !utf8.FullRune(p[len(p)-i:])
		}
	}
	return false
}

// one passes on a character or a control sequence.
func (f *feed) one(seq []byte, width int) {
	x := f.emulator.CursorPosition().X
	columns := f.emulator.Width()
	if width == 0 {
		if !sgr(seq) {
			f.full = false
		}
		f.emulator.Write(seq)
		return
	}
	if f.full || width == 2 && x == columns-1 {
		f.emulator.Write([]byte("\r\n"))
		x = 0
	}
	f.full = width == 2 && x == columns-2
	f.emulator.Write(seq)
}

func sgr(seq []byte) bool { return len(seq) > 2 && seq[1] == '[' && seq[len(seq)-1] == 'm' }
