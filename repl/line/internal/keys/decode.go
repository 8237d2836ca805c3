package keys

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const (
	esc        = 0x1b
	pasteEnd   = "\x1b[201~"
	maxControl = 64 << 10 // a control string that is longer is no control string
)

// Decoder splits what a terminal sends into keys. The zero Decoder is ready.
type Decoder struct {
	buf     []byte
	pasting bool
}

// Feed takes bytes and returns the keys that are complete with them.
func (d *Decoder) Feed(p []byte) []Key {
	d.buf = append(d.buf, p...)
	var list []Key
	for len(d.buf) > 0 {
		k, n, ok := d.next()
		if n == 0 {
			break
		}
		d.buf = d.buf[n:]
		if ok {
			list = append(list, k)
		}
	}
	if len(d.buf) == 0 {
		d.buf = nil
	}
	return list
}

// Pending tells whether the bytes so far end in the middle of something. If nothing follows soon, Flush is to be called.
func (d *Decoder) Pending() bool { return len(d.buf) > 0 || d.pasting }

// Pasting tells whether it is a paste that did not end yet.
func (d *Decoder) Pasting() bool { return d.pasting }

// Flush returns the keys that the pending bytes are by themselves: ESC the key Esc, half a character nothing.
func (d *Decoder) Flush() []Key {
	buf := d.buf
	d.buf = nil
	if d.pasting {
		d.pasting = false
		return []Key{{Code: Paste, Text: string(buf)}}
	}
	switch {
	case len(buf) == 1 && buf[0] == esc:
		return []Key{{Code: Escape}}
	case len(buf) == 2 && buf[0] == esc && buf[1] == esc:
		return []Key{{Code: Escape}, {Code: Escape}}
	case len(buf) == 2 && buf[0] == esc && buf[1] < utf8.RuneSelf:
		k := plain(buf[1])
		k.Mod |= Alt
		return []Key{k}
	}
	return nil
}

// Rest gives up the pending bytes.
func (d *Decoder) Rest() []byte {
	rest := d.buf
	if d.pasting {
		rest = append([]byte("\x1b[200~"), rest...)
	}
	*d = Decoder{}
	return rest
}

// next reads one key: how many bytes it takes, 0 if there are not enough, and whether they are a key.
func (d *Decoder) next() (k Key, n int, ok bool) {
	if d.pasting {
		return d.paste()
	}
	switch c := d.buf[0]; {
	case c == esc:
		return d.escape()
	case c < ' ' || c == 0x7f:
		return plain(c), 1, true
	case c < utf8.RuneSelf:
		return Key{Rune: rune(c)}, 1, true
	}
	return char(d.buf)
}

func (d *Decoder) paste() (k Key, n int, ok bool) {
	i := bytes.Index(d.buf, []byte(pasteEnd))
	if i < 0 {
		return Key{}, 0, false
	}
	d.pasting = false
	return Key{Code: Paste, Text: string(d.buf[:i])}, i + len(pasteEnd), true
}

// char reads a character that is not ASCII. Bytes that are none are left out.
func char(buf []byte) (k Key, n int, ok bool) {
	if !utf8.FullRune(buf) {
		return Key{}, 0, false
	}
	r, n := utf8.DecodeRune(buf)
	return Key{Rune: r}, n, !(r == utf8.RuneError && n == 1) && r >= 0xa0
}

// plain is the key of a byte of ASCII.
func plain(c byte) Key {
	switch {
	case c == '\r':
		return Key{Code: Enter}
	case c == '\t':
		return Key{Code: Tab}
	case c == 0x7f || c == 0x08:
		return Key{Code: Backspace}
	case c == esc:
		return Key{Code: Escape}
	case c == 0:
		return Key{Rune: ' ', Mod: Ctrl}
	case c <= 26:
		return Key{Rune: rune(c) + 'a' - 1, Mod: Ctrl}
	case c < ' ':
		return Key{Rune: rune(c) + 'A' - 1, Mod: Ctrl}
	}
	return Key{Rune: rune(c)}
}

// escape reads what begins with ESC.
func (d *Decoder) escape() (k Key, n int, ok bool) {
	if len(d.buf) < 2 {
		return Key{}, 0, false
	}
	switch c := d.buf[1]; {
	case c == '[':
		return d.csi()
	case c == 'O':
		return ss3(d.buf)
	case control(d.buf) != none:
		return d.control()
	case c == esc:
		return d.double()
	case c < utf8.RuneSelf:
		k = plain(c)
		k.Mod |= Alt
		return k, 2, true
	}
	k, n, ok = char(d.buf[1:])
	if n == 0 {
		return Key{}, 0, false
	}
	k.Mod |= Alt
	return k, n + 1, ok
}

// double reads ESC ESC: with a sequence after it, the way rxvt sends Alt with a key that is a sequence itself.
func (d *Decoder) double() (k Key, n int, ok bool) {
	if len(d.buf) < 3 {
		return Key{}, 0, false
	}
	if d.buf[2] != '[' && d.buf[2] != 'O' {
		return Key{Code: Escape}, 1, true
	}
	inner := Decoder{buf: d.buf[1:]}
	k, n, ok = inner.next()
	if n == 0 {
		return Key{}, 0, false
	}
	d.pasting = inner.pasting
	k.Mod |= Alt
	return k, n + 1, ok
}

// ss3 reads ESC O, a final byte and perhaps a modifier before it.
func ss3(buf []byte) (k Key, n int, ok bool) {
	i, mod := 2, 0
	if len(buf) > 2 && buf[2] >= '1' && buf[2] <= '8' {
		mod, i = int(buf[2]-'0'), 3
	}
	if len(buf) <= i {
		return Key{}, 0, false
	}
	if c := buf[i]; c < ' ' || c >= utf8.RuneSelf { // no final byte: the key was Alt-O
		return Key{Rune: 'O', Mod: Alt}, 2, i == 2
	}
	if buf[i] == 'M' {
		return Key{Code: Enter}, i + 1, true
	}
	k, ok = letter(buf[i])
	k.Mod = modifiers(mod)
	return k, i + 1, ok
}

// A control string (an answer of the terminal) is told from Alt with its first letter by what follows.
const (
	none = iota
	perhaps
	surely
)

func control(buf []byte) int {
	if !strings.ContainsRune("]P_", rune(buf[1])) {
		return none
	}
	if len(buf) < 3 {
		return perhaps
	}
	first := map[byte]string{']': "0123456789", 'P': "0123456789!>+=$", '_': "G"}[buf[1]]
	if !strings.ContainsRune(first, rune(buf[2])) {
		return none
	}
	return surely
}

// control skips a control string up to BEL or ST.
func (d *Decoder) control() (k Key, n int, ok bool) {
	if control(d.buf) == perhaps {
		return Key{}, 0, false
	}
	for i := 2; i < len(d.buf); i++ {
		switch {
		case d.buf[i] == 7:
			return Key{}, i + 1, false
		case d.buf[i] == esc && i+1 == len(d.buf):
			return Key{}, 0, false
		case d.buf[i] == esc && d.buf[i+1] == '\\':
			return Key{}, i + 2, false
		case d.buf[i] == esc:
			return Key{}, i, false
		}
	}
	if len(d.buf) > maxControl {
		return Key{}, len(d.buf), false
	}
	return Key{}, 0, false
}
