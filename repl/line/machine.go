package line

import (
	"context"
	"time"

	"kairos/repl"
	"kairos/repl/line/internal/keys"
	"kairos/repl/line/internal/text"
)

// machine is what a text in the writing is, and what keys do to it. It knows no terminal: what is to be done outside it
// returns as an action.
type machine struct {
	*Config
	text.Buffer
	single, secret bool // one line only; not to be seen

	walk   walk    // through the history
	search *search // nil: none
	menu   *menu   // nil: none
	ghost  ghost
	hint   string // the call that the cursor is in

	chord  bool   // the key before was Ctrl-X
	more   bool   // keys are waiting behind this one
	burst  bool   // lines come faster than anyone types
	rest   string // what was pasted behind a single line
	hushed string // the text for which nothing is to be proposed
}

// action is what is to be done after a key.
type action uint8

const (
	nothing action = iota
	accept
	cancel
	leave // the end of the input
	clearScreen
	suspend
	external // edit the text in another program
	complete
)

func newMachine(c *Config, initial string) *machine {
	m := &machine{Config: c}
	m.Set(initial)
	m.walk.restart(c.History)
	return m
}

// key does what a key says. more tells that others follow it already.
func (m *machine) key(k keys.Key, more bool) action {
	m.more = more
	was := m.Text()
	a := m.route(k)
	if !more {
		m.burst = false
	}
	if m.Text() != was {
		m.hushed = ""
	}
	m.ghost = m.propose()
	return a
}

// route gives the key to whoever is on turn: the search, the menu, a chord or the text.
func (m *machine) route(k keys.Key) action {
	name := k.String()
	if m.search != nil {
		if a, done := m.searching(k, name); done {
			return a
		}
	}
	if m.menu != nil {
		if a, done := m.choosing(k, name); done {
			return a
		}
	}
	walking := m.walk.on
	m.walk.on = false
	if m.chord {
		m.chord = false
		name = "Ctrl-X " + name
	}
	switch {
	case k.Code == keys.Paste:
		return m.paste(k.Text)
	case k.Typed() && name == k.String():
		m.typed(string(k.Rune))
		return nothing
	}
	return m.command(name, walking)
}

// typed inserts a character. Brackets and colons that end a block come under the line that began it.
func (m *machine) typed(s string) {
	m.Type(s)
	if m.burst || m.single {
		return
	}
	switch s {
	case "}", ")", "]":
		m.closeBlock()
	case ":":
		m.outdentCase()
	}
}

// paste inserts a text as it is. A single line ends at the first newline, as if it had been typed.
func (m *machine) paste(s string) action {
	if !m.single {
		m.Insert(s)
		return nothing
	}
	line, rest, found := cutLine(s)
	m.Insert(line)
	if !found {
		return nothing
	}
	m.rest = rest
	return accept
}

// enter accepts the text if it is complete or wrong, and otherwise begins a new line.
func (m *machine) enter(recalled bool) action {
	if m.single {
		return accept
	}
	if m.more {
		return m.enterBurst()
	}
	if !m.OnLastLine() && !recalled {
		m.newline()
		return nothing
	}
	c := m.completeness(m.Text())
	if c.Status != repl.Incomplete {
		return accept
	}
	if m.Pos() < len(m.Text()) {
		m.newline()
		return nothing
	}
	m.Type("\n" + c.Indent)
	return nothing
}

// enterBurst is Enter among keys that came at once: lines from a terminal without bracketed paste, indented already.
func (m *machine) enterBurst() action {
	m.burst = true
	if m.OnLastLine() && m.completeness(m.Text()).Status != repl.Incomplete {
		return accept
	}
	m.Type("\n")
	return nothing
}

// newline begins a line that is indented for what stands before the cursor.
func (m *machine) newline() {
	if m.burst || m.more {
		m.Type("\n")
		return
	}
	before := m.Text()[:m.Pos()]
	c := m.completeness(before)
	if c.Status != repl.Incomplete {
		c.Indent = m.Indent(m.Pos())
	}
	m.Type("\n" + c.Indent)
}

// maxWait is how long Enter waits to be told whether a text is complete.
const maxWait = time.Second

func (m *machine) completeness(src string) repl.Completeness {
	if m.IsComplete == nil {
		return repl.Completeness{Status: repl.Complete}
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxWait)
	defer cancel()
	answer := make(chan repl.Completeness, 1)
	go func() { answer <- m.IsComplete(ctx, src) }()
	select {
	case c := <-answer:
		return c
	case <-ctx.Done(): // whoever evaluates it will say what is wrong
		return repl.Completeness{Status: repl.Complete}
	}
}
