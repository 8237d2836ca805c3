package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func (b *Buffer) lineStart(pos int) int { return strings.LastIndexByte(b.text[:pos], '\n') + 1 }

func (b *Buffer) lineEnd(pos int) int {
	if i := strings.IndexByte(b.text[pos:], '\n'); i >= 0 {
		return pos + i
	}
	return len(b.text)
}

// Left moves the cursor by a character.
func (b *Buffer) Left() { b.Move(b.prev(b.pos)) }

// Right moves the cursor by a character.
func (b *Buffer) Right() { b.Move(b.next(b.pos)) }

// Home moves to the start of the line's text, and from there to the start of the line.
func (b *Buffer) Home() {
	start := b.lineStart(b.pos)
	line := b.text[start:b.lineEnd(b.pos)]
	indent := start + len(line) - len(strings.TrimLeft(line, " \t"))
	if b.pos == indent || start+len(line) == indent {
		indent = start
	}
	b.Move(indent)
}

// End moves to the end of the line.
func (b *Buffer) End() { b.Move(b.lineEnd(b.pos)) }

// Up moves to the line above, if there is one.
func (b *Buffer) Up() bool {
	start := b.lineStart(b.pos)
	if start == 0 {
		return false
	}
	b.toLine(b.lineStart(start - 1))
	return true
}

// Down moves to the line below, if there is one.
func (b *Buffer) Down() bool {
	end := b.lineEnd(b.pos)
	if end == len(b.text) {
		return false
	}
	b.toLine(end + 1)
	return true
}

// toLine moves to the column in the line at start that is nearest to the one where moving up and down began.
func (b *Buffer) toLine(start int) {
	if b.last != vertical {
		b.goal = Width(b.Before(), 0)
	}
	end := b.lineEnd(start)
	pos, column := start, 0
	for pos < end {
		c := First(b.text[pos:], column)
		if column+c.Width > b.goal {
			break
		}
		column, pos = column+c.Width, pos+c.Size
	}
	b.pos, b.last = pos, vertical
}

// WordLeft moves to the start of a word.
func (b *Buffer) WordLeft() { b.Move(b.wordStart(b.pos)) }

// WordRight moves to the end of a word.
func (b *Buffer) WordRight() { b.Move(WordEnd(b.text, b.pos)) }

func (b *Buffer) wordStart(pos int) int {
	inside := false
	for pos > 0 {
		r, size := utf8.DecodeLastRuneInString(b.text[:pos])
		if !inWord(r) && inside {
			break
		}
		inside = inside || inWord(r)
		pos -= size
	}
	return pos
}

// WordEnd is where the word ends that is at pos or after it.
func WordEnd(s string, pos int) int {
	inside := false
	for pos < len(s) {
		r, size := utf8.DecodeRuneInString(s[pos:])
		if !inWord(r) && inside {
			break
		}
		inside = inside || inWord(r)
		pos += size
	}
	return pos
}

func inWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}
