package screen

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Modes are those of a terminal that change what keys send.
type Modes struct {
	Application bool // cursor keys
	Bracketed   bool // paste
}

var named = map[string]string{
	"Enter": "\r", "Tab": "\t", "S-Tab": "\x1b[Z", "Esc": "\x1b", "Backspace": "\x7f", "Space": " ", "lt": "<",
	"Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Home": "\x1b[H", "End": "\x1b[F",
	"Delete": "\x1b[3~", "Insert": "\x1b[2~", "PageUp": "\x1b[5~", "PageDown": "\x1b[6~",
	"C-Up": "\x1b[1;5A", "C-Down": "\x1b[1;5B", "C-Right": "\x1b[1;5C", "C-Left": "\x1b[1;5D",
	"S-Up": "\x1b[1;2A", "S-Down": "\x1b[1;2B", "S-Right": "\x1b[1;2C", "S-Left": "\x1b[1;2D",
	"M-Up": "\x1b[1;3A", "M-Down": "\x1b[1;3B", "M-Right": "\x1b[1;3C", "M-Left": "\x1b[1;3D",
	"C-Home": "\x1b[1;5H", "C-End": "\x1b[1;5F", "C-Delete": "\x1b[3;5~", "M-Enter": "\x1b\r", "M-Backspace": "\x1b\x7f",
	"C-Space": "\x00", "C-_": "\x1f", `C-\`: "\x1c", "C-]": "\x1d", "C-^": "\x1e",
	"F1": "\x1bOP", "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS", "F5": "\x1b[15~", "FocusIn": "\x1b[I", "FocusOut": "\x1b[O",
}

var key = regexp.MustCompile(`<(Paste)>|<([A-Za-z0-9]-?[^<>\s]*)>`)

// Keys returns what a terminal sends for keys written as in the documentation of editors: a name in angle brackets is a
// key (<Enter>, <C-r>, <M-b>, <S-Tab>), <Paste>…</Paste> is pasted text, <lt> is <, and all else is typed as it is. What
// looks like a key and is none is an error.
func Keys(keys string, m Modes) (string, error) {
	var b strings.Builder
	for {
		at := key.FindStringSubmatchIndex(keys)
		if at == nil {
			b.WriteString(keys)
			return b.String(), nil
		}
		b.WriteString(keys[:at[0]])
		rest := keys[at[1]:]
		if at[2] >= 0 {
			text, after, ok := strings.Cut(rest, "</Paste>")
			if !ok {
				return "", fmt.Errorf("screen: keys: <Paste> without </Paste>")
			}
			b.WriteString(paste(text, m))
			keys = after
			continue
		}
		sent, ok := one(keys[at[4]:at[5]], m)
		if !ok {
			return "", fmt.Errorf("screen: keys: <%s> is no key; write <lt> for <", keys[at[4]:at[5]])
		}
		b.WriteString(sent)
		keys = rest
	}
}

// one is what a key sends.
func one(name string, m Modes) (string, bool) {
	if s, ok := named[name]; ok {
		if m.Application && len(s) == 3 && strings.ContainsAny(s[2:], "ABCDHF") {
			s = "\x1bO" + s[2:]
		}
		return s, true
	}
	if c, ok := strings.CutPrefix(name, "C-"); ok && len(c) == 1 {
		lower := c[0] | 0x20
		return string(rune(lower & 0x1f)), lower >= 'a' && lower <= 'z'
	}
	if c, ok := strings.CutPrefix(name, "M-"); ok && utf8.RuneCountInString(c) == 1 {
		return "\x1b" + c, true
	}
	return "", false
}

// paste is what a terminal sends for pasted text.
func paste(text string, m Modes) string {
	text = strings.ReplaceAll(text, "\n", "\r")
	if m.Bracketed {
		return "\x1b[200~" + text + "\x1b[201~"
	}
	return text
}
