package tokenize

import (
	"strings"
	"unicode/utf8"
)

// Byte-level vocabularies are written in an alphabet of 256 printable
// characters, one for each byte (bytes_to_unicode in GPT-2's encoder.py).
// Printable Latin-1 stands for itself; the other bytes, in order, are the
// characters from U+0100.

// alphabet is the character of every byte, and byteOf the way back; characters
// outside the alphabet have no entry.
var alphabet, byteOf = func() (chars [256]rune, back map[rune]byte) {
	back = make(map[rune]byte, 256)
	beyond := rune(256)
	for b := range chars {
		r := rune(b)
		if !('!' <= r && r <= '~' || 0xa1 <= r && r <= 0xac || 0xae <= r) {
			r = beyond
			beyond++
		}
		chars[b], back[r] = r, byte(b)
	}
	return chars, back
}()

// rawBytes returns the bytes that a token written in the alphabet stands for.
// A token with any other character stands for itself.
func rawBytes(token string) string {
	var raw strings.Builder
	for _, r := range token {
		b, ok := byteOf[r]
		if !ok {
			return token
		}
		raw.WriteByte(b)
	}
	return raw.String()
}

// inAlphabet reports whether a token is written in the alphabet.
func inAlphabet(token string) bool {
	for _, r := range token {
		if _, ok := byteOf[r]; !ok {
			return false
		}
	}
	return true
}

// validText returns b as a string with every ill-formed part replaced by one
// U+FFFD. A part is, as Unicode recommends and Rust's from_utf8_lossy does, the
// longest piece that begins a character, or else one byte.
func validText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var text strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			for n < len(b) && !utf8.FullRune(b[:n+1]) {
				n++
			}
		}
		text.WriteRune(r)
		b = b[n:]
	}
	return text.String()
}
