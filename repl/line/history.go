package line

import "strings"

// walk is a way through the history: the entries and, behind them, the text that was being typed. What is changed in an entry
// is kept until the text is accepted, beside the history.
type walk struct {
	History
	at     int
	edited map[int]string
	prefix string // of the entries that are looked at
	shown  string // by the last step; while the text is this, the prefix holds
	on     bool   // the last key was a step
}

func (w *walk) restart(h History) {
	if h == nil {
		h = noHistory{}
	}
	*w = walk{History: h, at: h.Len(), edited: map[int]string{}}
}

// get is the text at a place.
func (w *walk) get(i int) string {
	if s, ok := w.edited[i]; ok {
		return s
	}
	if i < w.Len() {
		return w.At(i)
	}
	return ""
}

// step goes by one, in either direction, past what does not begin with the prefix or is the same as now.
func (w *walk) step(now string, by int) (string, bool) {
	for i := w.at + by; i >= 0 && i <= w.Len(); i += by {
		if s := w.get(i); i == w.Len() || s != now && strings.HasPrefix(s, w.prefix) {
			return w.to(i, now), true
		}
	}
	return "", false
}

// to goes to a place and leaves there what the text is now.
func (w *walk) to(i int, now string) string {
	if now != w.get(w.at) {
		w.edited[w.at] = now
	}
	w.at = i
	return w.get(i)
}

// recall moves up and down: in the text, and beyond its first and last line in the history.
func (m *machine) recall(name string, walking bool) bool {
	switch name {
	case "Up", "Ctrl-P":
		if !m.Up() {
			m.aim()
			m.older(walking)
		}
	case "Down", "Ctrl-N":
		if !m.Down() {
			m.aim()
			m.newer(walking)
		}
	case "Ctrl-Up", "Alt-P", "Alt-Up", "PageUp":
		m.walk.prefix = ""
		m.older(walking)
	case "Ctrl-Down", "Alt-N", "Alt-Down", "PageDown":
		m.walk.prefix = ""
		m.newer(walking)
	case "Alt-<":
		m.walk.prefix = ""
		m.jump(0)
	case "Alt->":
		m.jump(m.walk.Len())
	case "Ctrl-R":
		m.beginSearch(-1)
	case "Ctrl-S":
		m.beginSearch(1)
	default:
		return false
	}
	return true
}

// older recalls the entry before. The cursor comes to the end of its first line, so that Up goes on to the one before.
func (m *machine) older(walking bool) {
	m.walk.on = walking
	if s, ok := m.walk.step(m.Text(), -1); ok {
		m.show(s)
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			m.Move(i)
		}
	}
}

// newer recalls the entry after.
func (m *machine) newer(walking bool) {
	m.walk.on = walking
	if s, ok := m.walk.step(m.Text(), 1); ok {
		m.show(s)
	}
}

// aim makes what stands before the cursor in the first line the prefix, unless a walk goes on.
func (m *machine) aim() {
	switch {
	case m.Text() == m.walk.shown:
	case m.OnFirstLine():
		m.walk.prefix = m.Before()
	default:
		m.walk.prefix = ""
	}
}

func (m *machine) jump(i int) {
	if i != m.walk.at && i <= m.walk.Len() {
		m.show(m.walk.to(i, m.Text()))
	}
}

// show makes an entry the text. Enter accepts it wherever the cursor is.
func (m *machine) show(s string) {
	m.Rewrite(s)
	m.walk.on, m.walk.shown = true, m.Text()
}
