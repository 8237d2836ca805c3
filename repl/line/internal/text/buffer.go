// Package text edits a text at a cursor, without a screen.
//
//	Buffer   the text and the cursor: moving, inserting, deleting, the kill ring, undo and redo
//	Cluster  the first character of a text as people count them, and how many columns it takes
//
// The cursor moves by grapheme clusters. Nothing here knows of Go but the indentation by tabs.
package text

import "strings"

// last is what the command before was, for those that go on where it ended.
type last uint8

const (
	other last = iota
	typing
	killing
	yanking
	vertical
)

// Buffer is a text with a cursor. The zero Buffer is empty.
type Buffer struct {
	text string
	pos  int // bytes
	last last
	goal int // the column that Up and Down keep to

	undo, redo []edit
	kills      []string
	yanked     int // how long the text is that Yank inserted
}

// edit is a replacement that can be taken back.
type edit struct {
	at       int
	old, new string
	pos      int // of the cursor before
	kind     last
}

// Text is the whole text.
func (b *Buffer) Text() string { return b.text }

// Pos is where the cursor is, in bytes.
func (b *Buffer) Pos() int { return b.pos }

// AtEnd tells whether nothing follows the cursor.
func (b *Buffer) AtEnd() bool { return b.pos == len(b.text) }

// Before is the cursor's line up to the cursor.
func (b *Buffer) Before() string { return b.text[b.lineStart(b.pos):b.pos] }

// OnFirstLine tells whether no line is before the cursor's.
func (b *Buffer) OnFirstLine() bool { return b.lineStart(b.pos) == 0 }

// OnLastLine tells whether no line follows the cursor's that is more than blank.
func (b *Buffer) OnLastLine() bool {
	rest := b.text[b.lineEnd(b.pos):]
	return strings.TrimSpace(rest) == ""
}

// Set replaces the whole text and forgets what can be undone. The cursor is set to its end.
func (b *Buffer) Set(text string) {
	b.text, b.undo, b.redo, b.last = clean(text), nil, nil, other
	b.pos = len(b.text)
}

// Rewrite replaces the whole text, with the cursor at its end. It can be undone.
func (b *Buffer) Rewrite(text string) {
	text = clean(text)
	if text == b.text {
		b.Move(len(text))
		return
	}
	b.replace(0, len(b.text), text, other)
}

// Move sets the cursor.
func (b *Buffer) Move(pos int) { b.pos, b.last = min(max(pos, 0), len(b.text)), other }

// Replace puts a text in the place of the bytes from and to, with the cursor behind it.
func (b *Buffer) Replace(from, to int, text string) { b.replace(from, to, clean(text), other) }

// Type inserts what was typed. A word typed at once is undone at once.
func (b *Buffer) Type(text string) { b.replace(b.pos, b.pos, text, typing) }

// Insert inserts a text that came otherwise.
func (b *Buffer) Insert(text string) { b.replace(b.pos, b.pos, clean(text), other) }

// clean makes every end of a line a newline.
func clean(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

func (b *Buffer) replace(from, to int, text string, kind last) {
	e := edit{at: from, old: b.text[from:to], new: text, pos: b.pos, kind: kind}
	b.apply(e)
	b.redo = nil
	if n := len(b.undo); n > 0 && kind == typing && b.last == typing && b.undo[n-1].joins(e) {
		b.undo[n-1].new += text
	} else {
		b.undo = append(b.undo, e)
	}
	b.last = kind
}

// joins tells whether e was typed right behind, in the same word.
func (u edit) joins(e edit) bool {
	fresh := strings.TrimSpace(e.new) != "" && strings.HasSuffix(u.new, " ")
	return u.kind == typing && e.old == "" && u.at+len(u.new) == e.at && !fresh && !strings.Contains(e.new, "\n")
}

func (b *Buffer) apply(e edit) {
	b.text = b.text[:e.at] + e.new + b.text[e.at+len(e.old):]
	b.pos = e.at + len(e.new)
}

// Undo takes the last edit back and tells whether there was one.
func (b *Buffer) Undo() bool {
	n := len(b.undo)
	if n == 0 {
		return false
	}
	e := b.undo[n-1]
	b.undo, b.redo = b.undo[:n-1], append(b.redo, e)
	b.apply(edit{at: e.at, old: e.new, new: e.old})
	b.pos, b.last = e.pos, other
	return true
}

// Redo does again what was taken back last.
func (b *Buffer) Redo() bool {
	n := len(b.redo)
	if n == 0 {
		return false
	}
	e := b.redo[n-1]
	b.redo, b.undo = b.redo[:n-1], append(b.undo, e)
	b.apply(e)
	b.last = other
	return true
}
