package line

import (
	"strings"

	"kairos/repl/line/internal/keys"
)

// search is a search in the history while its query is typed.
type search struct {
	query     string
	direction int // -1 to older entries
	at        int // the entry found last
	from, to  int // where in the text the query is
	failed    bool
	saved     string // what is restored when the search is given up
	savedPos  int
	savedAt   int
}

func (m *machine) beginSearch(direction int) {
	m.search = &search{direction: direction, at: m.walk.at, saved: m.Text(), savedPos: m.Pos(), savedAt: m.walk.at}
}

// searching takes a key for the search. done is false when the search ended and the key is for the text found.
func (m *machine) searching(k keys.Key, name string) (a action, done bool) {
	s := m.search
	switch {
	case k.Code == keys.Paste:
		s.query += strings.TrimRight(k.Text, "\r\n")
		m.find(s.at)
	case k.Typed():
		s.query += string(k.Rune)
		m.find(s.at)
	case name == "Backspace":
		s.query = dropLast(s.query)
		m.find(s.savedAt)
	case name == "Ctrl-R":
		s.direction = -1
		m.find(s.at - 1)
	case name == "Ctrl-S":
		s.direction = 1
		m.find(s.at + 1)
	case name == "Ctrl-G", name == "Ctrl-C":
		m.search = nil
		m.walk.at = s.savedAt
		m.Rewrite(s.saved)
		m.Move(s.savedPos)
	case name == "Esc":
		m.search = nil
	default:
		m.search = nil
		m.walk.on = s.query != "" && !s.failed // Enter runs what was found
		return nothing, false
	}
	return nothing, true
}

// find looks for the query from an entry on.
func (m *machine) find(from int) {
	s := m.search
	if s.query == "" {
		s.from, s.to, s.failed = 0, 0, false
		return
	}
	for i := min(from, m.walk.Len()); i >= 0 && i <= m.walk.Len(); i += s.direction {
		entry := m.walk.get(i)
		at := strings.Index(entry, s.query)
		if i == m.walk.Len() || at < 0 || i != s.at && entry == m.Text() {
			continue
		}
		s.at, s.from, s.to, s.failed = i, at, at+len(s.query), false
		m.show(m.walk.to(i, m.Text()))
		m.Move(at)
		return
	}
	s.failed = true
}
