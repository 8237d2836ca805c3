package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// TabWidth is how far apart tab stops are.
const TabWidth = 4

// lookBack is how far back, in bytes, the start of a cluster is looked for.
const lookBack = 256

// Cluster is one character on the screen.
type Cluster struct {
	Size  int    // in bytes
	Width int    // in columns; at least 1, but 0 for a newline
	Show  string // what is written for it
	Sure  bool   // whether all terminals agree on the width
}

// First is the first cluster of a text, which stands in a column. Controls are shown as ^X and what has no width or is not
// UTF-8 as its code, so that everything that is in the text can be seen.
func First(s string, column int) Cluster {
	c := s[0]
	if c >= ' ' && c < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return Cluster{1, 1, s[:1], true}
	}
	switch {
	case c == '\n':
		return Cluster{1, 0, "", true}
	case c == '\t':
		n := TabWidth - column%TabWidth
		return Cluster{1, n, "    "[:n], true}
	case c < ' ' || c == 0x7f:
		return Cluster{1, 2, "^" + string(rune(c^0x40)), true}
	}
	if r, size := utf8.DecodeRuneInString(s); r == utf8.RuneError && size == 1 {
		return Cluster{1, 1, "\ufffd", true}
	}
	return long(s)
}

// long is a cluster that may be of several characters.
func long(s string) Cluster {
	show, _, width, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	r, size := utf8.DecodeRuneInString(show)
	if size < len(show) && strings.ContainsRune(show, utf8.RuneError) { // broken bytes do not join a cluster
		show, width = show[:size], uniseg.StringWidth(show[:size])
	}
	cut := len(show)
	switch {
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Mc, r): // marks without a letter
		return Cluster{cut, 1, "\u25cc" + show, false}
	case width == 0 || !unicode.IsPrint(r) && r != '\u3000':
		show = fmt.Sprintf("<%x>", r)
		return Cluster{size, len(show), show, true}
	}
	return Cluster{cut, min(width, 2), show, size == cut && common(r)}
}

// common tells whether a character is among those whose width no terminal mistakes.
func common(r rune) bool {
	return r < 0x300 || r >= 0x370 && r < 0x530 || r >= 0x2500 && r < 0x25a0 || r >= 0x3000 && r < 0xa4d0 || r >= 0xac00 && r < 0xd7a4
}

// Width is how many columns a text of one line takes that begins in a column.
func Width(s string, column int) int {
	at := column
	for len(s) > 0 {
		c := First(s, at)
		at += c.Width
		s = s[c.Size:]
	}
	return at - column
}

// next is where the cluster at pos ends.
func (b *Buffer) next(pos int) int {
	if pos >= len(b.text) {
		return len(b.text)
	}
	return pos + First(b.text[pos:], 0).Size
}

// prev is where the cluster before pos begins. It looks back to where one ends for certain: between two plain letters.
func (b *Buffer) prev(pos int) int {
	if pos <= 0 {
		return 0
	}
	from := pos - 1
	for from > 0 && pos-from < lookBack && !(plain(b.text[from]) && plain(b.text[from-1])) && b.text[from-1] != '\n' {
		from--
	}
	for from < pos && !utf8.RuneStart(b.text[from]) {
		from++
	}
	for from < pos {
		n := b.next(from)
		if n >= pos {
			return from
		}
		from = n
	}
	return pos - 1
}

func plain(c byte) bool { return c >= ' ' && c < 0x7f }
