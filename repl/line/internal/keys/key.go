// Package keys turns the bytes that a terminal sends into keys.
//
//	Key      a key with its modifiers, or a pasted text; String is its name, as in "Ctrl-A"
//	Decoder  bytes in pieces of any size -> keys
//
// It reads UTF-8, xterm's and rxvt's sequences, those of the linux console, CSI u and modifyOtherKeys, and bracketed paste.
// What else a terminal reports (positions, colours, focus, mouse) is left out, and sequences that it does not know as well.
package keys

import "unicode"

// Key is one key press. Code is Rune for characters.
type Key struct {
	Code Code
	Rune rune
	Mod  Mod
	Text string // of Paste
}

// Mod is a set of modifier keys.
type Mod uint8

// The modifiers, as terminals number them.
const (
	Shift Mod = 1 << iota
	Alt
	Ctrl
)

// Code is a key without its modifiers.
type Code uint8

// The keys.
const (
	Rune Code = iota
	Enter
	Tab
	Backspace
	Escape
	Up
	Down
	Right
	Left
	Home
	End
	Insert
	Delete
	PageUp
	PageDown
	F1
	F2
	F3
	F4
	F5
	F6
	F7
	F8
	F9
	F10
	F11
	F12
	Paste
)

var names = [...]string{
	"", "Enter", "Tab", "Backspace", "Esc", "Up", "Down", "Right", "Left", "Home", "End", "Insert", "Delete", "PageUp", "PageDown",
	"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "Paste",
}

// String is the key's name: "Ctrl-A", "Alt-Enter", "Shift-Tab". Letters with Ctrl or Alt are in upper case.
func (k Key) String() string {
	name := names[k.Code]
	if k.Code == Rune {
		name = string(k.Rune)
		if k.Mod&(Ctrl|Alt) != 0 {
			name = string(unicode.ToUpper(k.Rune))
		}
		if k.Rune == ' ' {
			name = "Space"
		}
	}
	if k.Mod&Shift != 0 && k.Code != Rune {
		name = "Shift-" + name
	}
	if k.Mod&Alt != 0 {
		name = "Alt-" + name
	}
	if k.Mod&Ctrl != 0 {
		name = "Ctrl-" + name
	}
	return name
}

// Typed tells whether the key stands for its character.
func (k Key) Typed() bool { return k.Code == Rune && k.Mod&(Ctrl|Alt) == 0 && k.Rune >= ' ' }
