package text

import (
	"strings"
	"unicode"
)

// maxKills is how many killed texts are kept.
const maxKills = 60

// DeleteLeft deletes the character before the cursor; in an indentation a whole tab stop of blanks.
func (b *Buffer) DeleteLeft() {
	from := b.prev(b.pos)
	if before := b.Before(); before != "" && strings.Trim(before, " ") == "" {
		from = b.pos - (len(before)-1)%TabWidth - 1
	}
	b.delete(from, b.pos, other)
}

// DeleteRight deletes the character at the cursor.
func (b *Buffer) DeleteRight() { b.delete(b.pos, b.next(b.pos), other) }

func (b *Buffer) delete(from, to int, kind last) {
	if from < to {
		b.replace(from, to, "", kind)
	}
}

// kill deletes a part and keeps it; kills one after the other are one text.
func (b *Buffer) kill(from, to int) {
	if from >= to {
		return
	}
	part, n := b.text[from:to], len(b.kills)
	switch {
	case b.last == killing && n > 0 && to == b.pos:
		b.kills[n-1] = part + b.kills[n-1]
	case b.last == killing && n > 0:
		b.kills[n-1] += part
	default:
		b.kills = append(b.kills[max(0, n+1-maxKills):], part)
	}
	b.delete(from, to, killing)
}

// KillEnd kills to the end of the line, or the end itself.
func (b *Buffer) KillEnd() {
	end := b.lineEnd(b.pos)
	if end == b.pos {
		end = min(end+1, len(b.text))
	}
	b.kill(b.pos, end)
}

// KillStart kills to the start of the line, or the end of the line before.
func (b *Buffer) KillStart() {
	start := b.lineStart(b.pos)
	if start == b.pos {
		start = max(0, start-1)
	}
	b.kill(start, b.pos)
}

// KillWordLeft kills to the start of a word.
func (b *Buffer) KillWordLeft() { b.kill(b.wordStart(b.pos), b.pos) }

// KillWordRight kills to the end of a word.
func (b *Buffer) KillWordRight() { b.kill(b.pos, WordEnd(b.text, b.pos)) }

// KillBlankLeft kills back to a blank.
func (b *Buffer) KillBlankLeft() {
	head := strings.TrimRightFunc(b.text[:b.pos], unicode.IsSpace)
	b.kill(strings.LastIndexFunc(head, unicode.IsSpace)+1, b.pos)
}

// Yank inserts the text killed last.
func (b *Buffer) Yank() {
	if n := len(b.kills); n > 0 {
		b.yanked = len(b.kills[n-1])
		b.replace(b.pos, b.pos, b.kills[n-1], yanking)
	}
}

// YankOther puts the text killed before in the place of the one that Yank inserted.
func (b *Buffer) YankOther() {
	n := len(b.kills)
	if b.last != yanking || n < 2 {
		return
	}
	b.kills = append([]string{b.kills[n-1]}, b.kills[:n-1]...)
	from := b.pos - b.yanked
	b.yanked = len(b.kills[n-1])
	b.replace(from, b.pos, b.kills[n-1], yanking)
}

// Transpose swaps the characters around the cursor, at the end of a line the two before it.
func (b *Buffer) Transpose() {
	mid, end := b.pos, b.next(b.pos)
	if b.pos == b.lineEnd(b.pos) {
		mid, end = b.prev(b.pos), b.pos
	}
	start := b.prev(mid)
	if mid <= b.lineStart(b.pos) || start >= mid {
		return
	}
	b.replace(start, end, b.text[mid:end]+b.text[start:mid], other)
}

// Reindent gives the cursor's line another indentation.
func (b *Buffer) Reindent(indent string) {
	start := b.lineStart(b.pos)
	rest := strings.TrimLeft(b.text[start:], " \t")
	end := len(b.text) - len(rest)
	behind := max(b.pos-end, 0)
	if b.text[start:end] == indent {
		return
	}
	b.replace(start, end, indent, other)
	b.pos += behind
}

// Dedent takes a tab, or as many blanks, off the line's start.
func (b *Buffer) Dedent() {
	indent, n := b.Indent(b.pos), 0
	for n < TabWidth && n < len(indent) && indent[n] == ' ' {
		n++
	}
	if strings.HasPrefix(indent, "\t") {
		n = 1
	}
	b.Reindent(indent[n:])
}

// Indent is the white space at the start of the line that pos is in.
func (b *Buffer) Indent(pos int) string {
	line := b.text[b.lineStart(pos):b.lineEnd(pos)]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
