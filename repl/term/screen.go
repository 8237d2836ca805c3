package term

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"kairos/repl"
)

// drawInterval is how far apart two drawings of bars and live displays are at least.
const drawInterval = 100 * time.Millisecond

// screen is what cells write on: text, below it live displays while nothing follows them, and at the bottom the bars of
// the cell that runs. While there are bars text waits for the next drawing, so that they stand still.
type screen struct {
	look look
	out  io.Writer
	size func() (columns, rows int)
	now  func() time.Time

	mu        sync.Mutex
	running   bool     // a cell has the screen; else a prompt has
	hidden    bool     // bars are not to be seen: a question or a program has the screen
	row       rowState // where text goes on
	waiting   strings.Builder
	bars      []*bar
	sawBars   bool // in this cell
	drawn     []int
	broken    bool // the drawn bars are below an unfinished row of text
	live      []*live
	late      []*live         // whose last state is shown when the cell ends
	cleared   bool            // the displays are to go when something else is shown
	gone      map[string]bool // displays that went, by ID: an update shows them anew
	drawnAt   time.Time
	timer     *time.Timer
	restoring func() // what to do about a panic, deferred by goroutines of the screen
}

// begin gives the screen to a cell.
func (s *screen) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.sawBars, s.row, s.live, s.cleared, s.gone = true, false, rowState{}, nil, false, nil
}

// end leaves the bars as far as they are, shows the last states of displays, and moves to a row of its own. It reports
// whether there were bars.
func (s *screen) end() (sawBars bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(len(s.bars))
	s.flush()
	for _, d := range s.late {
		s.write(s.placed(d))
	}
	s.live, s.late = nil, nil
	if !s.row.fresh() {
		s.write("\n")
	}
	s.running = false
	return s.sawBars
}

// print shows text. What cells left behind may print while there is a prompt.
func (s *screen) print(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text == "" {
		return
	}
	s.clearNow()
	s.settleFinished()
	s.live = nil
	s.add(text)
}

// add shows text, when the bars are next drawn if there are any.
func (s *screen) add(text string) {
	if len(s.bars) == 0 || s.hidden || !s.running || !s.look.moves {
		s.write(text)
		return
	}
	s.waiting.WriteString(text)
	s.soon()
}

// write puts text on the terminal, where no bar is.
func (s *screen) write(text string) {
	s.row.add(text)
	io.WriteString(s.out, text)
}

// soon draws, now or a little later.
func (s *screen) soon() {
	if wait := drawInterval - s.now().Sub(s.drawnAt); wait > 0 {
		if s.timer == nil {
			s.timer = time.AfterFunc(wait, s.tick)
		}
		return
	}
	s.flush()
}

func (s *screen) tick() {
	if s.restoring != nil {
		defer s.restoring()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer = nil
	s.flush()
}

// flush brings the terminal up to date, in one piece so that nothing flickers.
func (s *screen) flush() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.drawnAt = s.now()
	var b strings.Builder
	s.erase(&b)
	s.move(&b)
	s.draw(&b)
	s.atOnce(b.String())
}

// atOnce writes what is not to be seen half done.
func (s *screen) atOnce(text string) {
	if strings.Contains(text, "\x1b[J") {
		text = "\x1b[?2026h" + text + "\x1b[?2026l"
	}
	if text != "" {
		io.WriteString(s.out, text)
	}
}

// move has the text that waits and the changed displays take their places.
func (s *screen) move(b *strings.Builder) {
	text := s.waiting.String()
	s.waiting.Reset()
	s.row.add(text)
	b.WriteString(text)
	s.redraw(b)
}

// erase removes the bars, and returns to where text goes on.
func (s *screen) erase(b *strings.Builder) {
	if len(s.drawn) == 0 {
		return
	}
	columns, _ := s.size()
	up := -1
	for _, width := range s.drawn {
		up += rowsOf(width, columns) // a window that became narrower has wrapped them
	}
	b.WriteString("\r")
	writeUp(b, up)
	b.WriteString("\x1b[J")
	if s.broken {
		if column, known := s.row.column(columns); known {
			writeUp(b, 1)
			fmt.Fprintf(b, "\x1b[%dG", column+1)
		} else {
			s.row = rowState{}
		}
	}
	s.drawn, s.broken = nil, false
}

func writeUp(b *strings.Builder, rows int) {
	if rows > 0 {
		fmt.Fprintf(b, "\x1b[%dA", rows)
	}
}

// draw puts the bars below the text.
func (s *screen) draw(b *strings.Builder) {
	if len(s.bars) == 0 || s.hidden || !s.running {
		return
	}
	columns, rows := s.size()
	if !s.row.fresh() {
		b.WriteString("\n")
		s.broken = true
	}
	shown := s.bars
	if most := max(rows-2, 1); len(shown) > most {
		shown = shown[:most]
	}
	for i, text := range barLines(shown, columns, s.now(), false, s.look) {
		s.drawn = append(s.drawn, widthOf(text))
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(text)
	}
}

// progress takes a report.
func (s *screen) progress(p repl.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sawBars = true
	b := s.barOf(p)
	if !s.running || !s.look.moves {
		s.quarter(b)
		return
	}
	s.soon()
}

// allFinished tells whether there are bars, and none that goes on.
func (s *screen) allFinished() bool {
	return len(s.bars) > 0 && !slices.ContainsFunc(s.bars, func(b *bar) bool { return !b.finished() })
}

// settleFinished makes text of the bars if all are finished, for something follows them.
func (s *screen) settleFinished() {
	if s.running && s.allFinished() {
		s.settle(len(s.bars))
	}
}

// makeRoom settles bars before the report of a progress if all are finished. The last one remains if the progress is
// another: that may go on around it.
func (s *screen) makeRoom(p repl.Progress) {
	if !s.running || !s.allFinished() {
		return
	}
	last := s.bars[len(s.bars)-1]
	if last.id == p.ID && p.Done == last.done && p.Total == last.total {
		return
	}
	if last.id == p.ID || last.label == p.Label {
		s.settle(len(s.bars))
	} else {
		s.settle(len(s.bars) - 1)
	}
}

// barOf returns the bar of a progress. A new one takes the place of a finished one of the same name, as loops inside of
// loops have them.
func (s *screen) barOf(p repl.Progress) *bar {
	s.makeRoom(p)
	for _, b := range s.bars {
		if b.id == p.ID {
			b.set(p, s.now())
			return b
		}
	}
	b := newBar(p, s.now())
	for i, old := range s.bars {
		if old.label == b.label && old.finished() {
			s.bars = slices.Delete(s.bars, i, i+1)
			break
		}
	}
	s.bars = append(s.bars, b)
	return b
}

// quarter prints a line at each quarter, where bars cannot be drawn.
func (s *screen) quarter(b *bar) {
	quarter := 4 * b.done / max(b.total, 1)
	if quarter > b.quarter {
		b.quarter, s.live = quarter, nil
		if !s.row.fresh() {
			s.write("\n")
		}
		s.write(fmt.Sprintf("%s: %d%% (%d/%d)\n", b.label, 100*b.done/max(b.total, 1), b.done, b.total))
	}
	if b.finished() {
		s.bars = slices.DeleteFunc(s.bars, func(other *bar) bool { return other == b })
	}
}

// settle makes text of the first bars.
func (s *screen) settle(n int) {
	if n == 0 || !s.look.moves {
		s.bars = s.bars[n:]
		return
	}
	var b strings.Builder
	s.erase(&b)
	s.move(&b)
	if !s.row.fresh() {
		b.WriteString("\n")
	}
	columns, _ := s.size()
	for _, text := range barLines(s.bars[:n], columns, s.now(), true, s.look) {
		b.WriteString(text + "\n")
	}
	s.bars, s.row, s.live = slices.Clone(s.bars[n:]), rowState{}, nil
	s.draw(&b)
	s.atOnce(b.String())
}

// echoed notes that the terminal wrote ^C where the cursor was.
func (s *screen) echoed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.drawn); n > 0 {
		s.drawn[n-1] += len("^C")
	} else if !s.hidden {
		s.write("\n")
	}
}

// hide takes the bars away until show is called: something else has the screen.
func (s *screen) hide() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settleFinished()
	s.hidden, s.live = true, nil
	s.flush()
}

func (s *screen) show() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden, s.row = false, rowState{}
	s.flush()
}
