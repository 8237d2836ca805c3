package line

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kairos/repl"
	"kairos/repl/line/internal/keys"
)

// menu is the candidates for what stands before the cursor. The one selected stands in the text already.
type menu struct {
	items    []repl.Candidate
	selected int // -1: none
	from     int // where candidates begin
	typed    string
	height   int // rows of the last painting
}

// completed takes candidates. filter says that they are for a menu that is open while the user types on.
func (m *machine) completed(c repl.Completion, filter bool) {
	m.menu = nil
	if len(c.Items) == 0 || c.From < 0 || c.From > m.Pos() || c.To < m.Pos() || c.To > len(m.Text()) {
		return
	}
	if len(c.Items) == 1 && !filter {
		m.Replace(c.From, c.To, c.Items[0].Text)
		m.ghost = m.propose()
		return
	}
	typed := m.Text()[c.From:c.To]
	if common := commonPrefix(c.Items); !filter && len(common) > len(typed) && strings.HasPrefix(common, typed) {
		m.Replace(c.From, c.To, common)
		typed = common
	} else if m.Pos() < c.To {
		m.Move(c.To)
	}
	m.menu = &menu{items: c.Items, selected: -1, from: c.From, typed: typed}
	m.ghost = ghost{}
}

func commonPrefix(items []repl.Candidate) string {
	prefix := items[0].Text
	for _, item := range items[1:] {
		for !strings.HasPrefix(item.Text, prefix) {
			prefix = dropLast(prefix)
		}
	}
	return prefix
}

// choosing takes a key for the menu. done is false when the menu closed and the key is for the text.
func (m *machine) choosing(k keys.Key, name string) (a action, done bool) {
	page := max(1, m.menu.height-1)
	switch name {
	case "Tab", "Down", "Ctrl-N":
		m.choose(1, true)
	case "Shift-Tab", "Up", "Ctrl-P":
		m.choose(-1, true)
	case "PageDown":
		m.choose(page, false)
	case "PageUp":
		m.choose(-page, false)
	case "Enter":
		chosen := m.menu.selected >= 0
		m.menu = nil
		return nothing, chosen
	case "Esc", "Ctrl-G":
		m.insert(m.menu.typed)
		m.menu = nil
	case "Backspace":
		return m.narrow(m.DeleteLeft)
	default:
		if k.Typed() && goesOn(k.Rune) {
			return m.narrow(func() { m.Type(string(k.Rune)) })
		}
		m.menu = nil
		return nothing, false
	}
	return nothing, true
}

// narrow edits the text and asks for the candidates that are left.
func (m *machine) narrow(edit func()) (action, bool) {
	edit()
	if m.Pos() <= m.menu.from {
		m.menu = nil
		return nothing, true
	}
	return complete, true
}

// goesOn tells whether a character belongs to what is being completed.
func goesOn(r rune) bool {
	return r == '_' || r == '/' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// choose moves the selection. Around the end there is a place without one, which is what was typed.
func (m *machine) choose(by int, around bool) {
	n := len(m.menu.items)
	to := m.menu.selected + by
	switch {
	case around && to >= n:
		to = -1
	case around && to < -1:
		to = n - 1
	default:
		to = min(max(to, 0), n-1)
		if around && m.menu.selected == 0 && by < 0 {
			to = -1
		}
	}
	m.menu.selected = to
	if to < 0 {
		m.insert(m.menu.typed)
		return
	}
	m.insert(m.menu.items[to].Text)
}

// insert puts a candidate in the place of the one before.
func (m *machine) insert(s string) {
	if m.Text()[m.menu.from:m.Pos()] != s {
		m.Replace(m.menu.from, m.Pos(), s)
	}
}

// columns are the widths of a menu's columns: texts and kinds.
func (mn *menu) columns() (text, kind int) {
	for _, item := range mn.items {
		text, kind = max(text, utf8.RuneCountInString(item.Text)), max(kind, len(item.Kind))
	}
	return min(text, 40), kind
}
