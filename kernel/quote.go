package kernel

import (
	"fmt"
	"unicode/utf8"
)

// streamContent is the content of a stream message. Programs print megabytes, and so this is not left to encoding/json,
// which copies them several times.
func streamContent(name string, text []byte) []byte {
	b := make([]byte, 0, len(text)+len(text)/8+64)
	b = append(b, `{"name":`...)
	b = appendQuoted(b, []byte(name))
	b = append(b, `,"text":`...)
	b = appendQuoted(b, text)
	return append(b, '}')
}

// appendQuoted appends text as a string of JSON. What is not UTF-8 becomes U+FFFD.
func appendQuoted(b, text []byte) []byte {
	b = append(b, '"')
	done := 0 // of the text
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		size, escape := 1, ""
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRune(text[i:]); r == utf8.RuneError && size == 1 {
				escape = `\ufffd`
			}
		} else {
			escape = escaped(c)
		}
		if escape != "" {
			b = append(append(b, text[done:i]...), escape...)
			done = i + size
		}
		i += size
	}
	return append(append(b, text[done:]...), '"')
}

// escaped is how a character is written that cannot stand for itself.
func escaped(c byte) string {
	switch c {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case '"':
		return `\"`
	case '\\':
		return `\\`
	}
	return fmt.Sprintf(`\u%04x`, c)
}
