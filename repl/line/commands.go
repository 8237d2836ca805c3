package line

import "kairos/repl/line/internal/text"

// command does what a key with a name does to a text. Names are those of keys.Key.
func (m *machine) command(name string, walking bool) action {
	if m.motion(name) || m.change(name) || !m.single && m.recall(name, walking) {
		return nothing
	}
	switch name {
	case "Enter":
		return m.enter(walking)
	case "Alt-Enter", "Ctrl-J", "Ctrl-O", "Ctrl-Enter", "Shift-Enter":
		return m.openLine(name)
	case "Ctrl-C":
		return cancel
	case "Ctrl-D":
		if m.Text() == "" {
			return leave
		}
		m.DeleteRight()
	case "Ctrl-L":
		return clearScreen
	case "Ctrl-Z":
		return suspend
	case "Ctrl-X":
		m.chord = true
	case "Ctrl-X Ctrl-E", "F2":
		if !m.single {
			return external
		}
	case "Tab":
		return m.tab()
	}
	return nothing
}

// motion moves the cursor.
func (m *machine) motion(name string) bool {
	switch name {
	case "Left", "Ctrl-B":
		m.Left()
	case "Right", "Ctrl-F":
		if !m.takeGhost(len(m.ghost.text)) {
			m.Right()
		}
	case "Home", "Ctrl-A":
		m.Home()
	case "End", "Ctrl-E":
		if !m.takeGhost(len(m.ghost.text)) {
			m.End()
		}
	case "Ctrl-Left", "Alt-Left", "Alt-B":
		m.WordLeft()
	case "Ctrl-Right", "Alt-Right", "Alt-F":
		if !m.takeGhost(text.WordEnd(m.ghost.text, 0)) {
			m.WordRight()
		}
	case "Ctrl-Home":
		m.Move(0)
	case "Ctrl-End":
		m.Move(len(m.Text()))
	default:
		return false
	}
	return true
}

// change edits the text around the cursor.
func (m *machine) change(name string) bool {
	switch name {
	case "Backspace", "Shift-Backspace":
		m.DeleteLeft()
	case "Delete":
		m.DeleteRight()
	case "Ctrl-K":
		m.KillEnd()
	case "Ctrl-U":
		m.KillStart()
	case "Ctrl-W":
		m.KillBlankLeft()
	case "Alt-Backspace", "Ctrl-Backspace":
		m.KillWordLeft()
	case "Alt-D", "Ctrl-Delete":
		m.KillWordRight()
	case "Ctrl-Y":
		m.Yank()
	case "Alt-Y":
		m.YankOther()
	case "Ctrl-T":
		m.Transpose()
	case "Ctrl-_", "Ctrl-X Ctrl-U":
		m.Undo()
	case "Alt-_":
		m.Redo()
	case "Shift-Tab":
		m.Dedent()
	case "Esc", "Ctrl-G":
		m.hushed = m.Text() // no ghost any more for this text
	default:
		return false
	}
	return true
}

// openLine begins a line whatever the text is; with Ctrl-O the cursor stays before it.
func (m *machine) openLine(name string) action {
	if m.single {
		return accept
	}
	at := m.Pos()
	m.newline()
	if name == "Ctrl-O" {
		m.Move(at)
	}
	return nothing
}

// tab indents at the start of a line and completes elsewhere.
func (m *machine) tab() action {
	switch {
	case m.single:
		return nothing
	case blank(m.Before()):
		m.Type("\t")
		return nothing
	case m.Complete == nil:
		return nothing
	}
	return complete
}
