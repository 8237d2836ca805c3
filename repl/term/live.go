package term

import (
	"slices"
	"strings"
)

// live is something that was shown and may change.
type live struct {
	id      string
	draw    func() (text string, rows int) // its state now; the text ends with a newline
	rows    int                            // that it takes on the terminal
	columns int                            // of the window when it was drawn
	changed bool
}

// display shows something. An update takes the place of the former state while that is among the last things on the
// screen; otherwise the last state is shown when the cell ends.
func (s *screen) display(id string, update bool, draw func() (text string, rows int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clearNow()
	if !update || id == "" || s.gone[id] {
		delete(s.gone, id)
		s.settleFinished()
		d := &live{id: id, draw: draw}
		s.add(s.placed(d))
		s.live = append(s.live, d)
		return
	}
	if i := s.position(id); i >= 0 && s.movable(i) {
		s.live[i].draw, s.live[i].changed = draw, true
		s.soon()
		return
	}
	s.postpone(&live{id: id, draw: draw})
}

// placed draws a display.
func (s *screen) placed(d *live) string {
	text, rows := d.draw()
	d.columns, _ = s.size()
	d.rows, d.changed = rows, false
	if rows == 0 {
		d.rows = rowsIn(text, d.columns)
	}
	if !s.row.fresh() && s.waiting.Len() == 0 || s.waiting.Len() > 0 && !strings.HasSuffix(s.waiting.String(), "\n") {
		text = "\n" + text
	}
	return text
}

func (s *screen) position(id string) int {
	return slices.IndexFunc(s.live, func(d *live) bool { return d.id == id })
}

// movable tells whether the displays from the one at i on can be drawn again: they are in the window, which has its
// width.
func (s *screen) movable(i int) bool {
	if !s.look.moves || !s.running || s.hidden {
		return false
	}
	columns, rows := s.size()
	total := len(s.bars)
	for _, d := range s.live[i:] {
		total += d.rows
		if d.columns != columns {
			return false
		}
	}
	return total < rows
}

// clear removes the displays at the end of the screen; if wait, when something else is shown. What was printed, and what
// is above that, stays.
func (s *screen) clear(wait bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cleared = true; !wait {
		s.clearNow()
	}
}

// clearNow removes the displays if that was asked for.
func (s *screen) clearNow() {
	if !s.cleared {
		return
	}
	s.cleared, s.gone = false, map[string]bool{}
	for _, d := range slices.Concat(s.live, s.late) {
		s.gone[d.id] = true
	}
	s.late = nil
	var b strings.Builder
	s.erase(&b)
	s.move(&b)
	if first := s.firstMovable(); first < len(s.live) {
		goBack(&b, s.live[first:])
	}
	s.live = nil
	s.draw(&b)
	s.atOnce(b.String())
}

// firstMovable is the first display that can be drawn again with all after it.
func (s *screen) firstMovable() int {
	i := len(s.live)
	for i > 0 && s.movable(i-1) {
		i--
	}
	return i
}

// goBack removes the last displays.
func goBack(b *strings.Builder, displays []*live) {
	up := 0
	for _, d := range displays {
		up += d.rows
	}
	b.WriteString("\r")
	writeUp(b, up)
	b.WriteString("\x1b[J")
}

func (s *screen) postpone(d *live) {
	if i := slices.IndexFunc(s.late, func(o *live) bool { return o.id == d.id }); i >= 0 {
		s.late[i] = d
		return
	}
	s.late = append(s.late, d)
	if !s.running { // there is no end of a cell to wait for
		text, _ := d.draw()
		s.write(text)
		s.late = nil
	}
}

// redraw draws the displays from the first that changed on. The bars are erased.
func (s *screen) redraw(b *strings.Builder) {
	first := slices.IndexFunc(s.live, func(d *live) bool { return d.changed })
	if first < 0 {
		return
	}
	if !s.movable(first) {
		for _, d := range s.live[first:] {
			if d.changed {
				d.changed = false
				s.postpone(&live{id: d.id, draw: d.draw})
			}
		}
		return
	}
	goBack(b, s.live[first:])
	for _, d := range s.live[first:] {
		b.WriteString(s.placed(d))
	}
}
