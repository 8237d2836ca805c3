package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// columns is how many columns of a terminal s takes.
func columns(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

// cut returns about the first n bytes of s, and no half of a character.
func cut(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for k := 0; k < utf8.UTFMax && n > 0 && !utf8.RuneStart(s[n]); k++ {
		n--
	}
	return s[:n]
}

// clip shortens s to n columns, the last of which is then an ellipsis.
func clip(s string, n int) string {
	const perColumn = 16 // bytes of a character with many accents
	short := cut(s, n*perColumn)
	if len(short) == len(s) && columns(s) <= n {
		return s
	}
	end, used, state := 0, 0, -1
	for rest := short; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += width; used > n-1 {
			break
		}
		end += len(cluster)
	}
	return short[:end] + "…"
}

// quote writes about the first n columns of a string in quotes, and how long it is if that is not all.
func quote(s string, n int) string {
	short := cut(s, n*2)
	q := strconv.Quote(short)
	for w := columns(q); w > n+2 && len(short) > 1; w = columns(q) {
		short = cut(short, min(len(short)-1, len(short)*n/w))
		q = strconv.Quote(short)
	}
	if len(short) < len(s) {
		return q + "… (" + count(len(s), "byte") + ")"
	}
	return q
}

// printable escapes what a terminal would obey rather than show. Lines stay apart.
func printable(s string) string {
	if strings.IndexFunc(s, hostile) < 0 {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case hostile(r) && r != utf8.RuneError:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// hostile characters are no text, or may be none: invalid UTF-8 reads as utf8.RuneError.
func hostile(r rune) bool {
	const joiner, nonJoiner = '\u200d', '\u200c' // of scripts and emoji
	switch r {
	case '\n', '\t', joiner, nonJoiner:
		return false
	case utf8.RuneError:
		return true
	}
	return !unicode.IsGraphic(r)
}

// oneLine is the printable beginning of s, of about n columns, without line breaks.
func oneLine(s string, n int) string {
	s = printable(cut(s, n*16))
	return strings.ReplaceAll(strings.ReplaceAll(s, "\n", "↵"), "\t", " ")
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count is a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	plural := thing + "s"
	if stem, ok := strings.CutSuffix(thing, "y"); ok {
		plural = stem + "ies"
	}
	return grouped(n) + " " + plural
}

func pad(s string, n int) string     { return s + blanks(n-columns(s)) }
func padLeft(s string, n int) string { return blanks(n-columns(s)) + s }

func blanks(n int) string { return strings.Repeat(" ", max(0, n)) }
