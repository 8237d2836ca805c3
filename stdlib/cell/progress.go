package cell

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// A bar is drawn at most once per drawInterval. Printed lines are at most lineInterval apart.
const (
	drawInterval = 100 * time.Millisecond
	lineInterval = 30 * time.Second
)

// meter shows one progress.
type meter struct {
	term  *terminal
	label string
	bar   *progressbar.ProgressBar // on a screen
	start time.Time

	done, total int       // as last set
	last        time.Time // it was drawn or printed
	quarter     int       // reached when it was last printed
}

// Progress starts the clock: work is often first reported when a step of it is done.
func (t *terminal) Progress(label string) func(done, total int) {
	m := &meter{term: t, label: label}
	m.restart()
	return m.set
}

func (m *meter) restart() {
	m.start = m.term.now()
	if m.term.screen {
		m.bar = newBar(m.term.stderr, m.label)
		m.bar.StartWithoutRender()
	}
}

func newBar(w io.Writer, label string) *progressbar.ProgressBar {
	return progressbar.NewOptions(1,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(label),
		progressbar.OptionSetWidth(24),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionShowElapsedTimeOnFinish(),
	)
}

// set shows a new state. A total that changes, or a count that falls, begins anew.
func (m *meter) set(done, total int) {
	m.term.mu.Lock()
	defer m.term.mu.Unlock()
	if total < 1 {
		return
	}
	done = min(max(done, 0), total)
	begins := total != m.total || done < m.done
	if begins {
		m.begin(total)
	}
	m.done = done
	if m.term.screen {
		m.draw(begins)
	} else {
		m.print(begins)
	}
}

func (m *meter) begin(total int) {
	if m.total > 0 {
		m.restart()
	}
	m.total = total
	if m.bar != nil {
		m.bar.ChangeMax(total)
	}
}

// draw updates the bar. The screen has room for one: a bar that takes over erases the one before it, which comes back
// when it is next set; a finished one stays and is left behind.
func (m *meter) draw(begins bool) {
	t, now := m.term, m.term.now()
	if !begins && m.done < m.total && now.Sub(m.last) < drawInterval {
		return
	}
	m.last = now
	if t.drawn != nil && t.drawn != m {
		t.drawn.bar.Clear()
	}
	t.drawn = m
	m.bar.Set(m.done)
	if m.done == m.total {
		t.release()
	}
}

// print writes a line if enough happened since the last one.
func (m *meter) print(begins bool) {
	now, quarter := m.term.now(), 4*m.done/m.total
	if !begins && quarter == m.quarter && now.Sub(m.last) < lineInterval {
		return
	}
	m.quarter, m.last = quarter, now
	line := fmt.Sprintf("%s: %d%% (%d/%d)", m.label, 100*m.done/m.total, m.done, m.total)
	if took := now.Sub(m.start); m.done > 0 && took > 0 {
		rate := float64(m.done) / took.Seconds()
		left := time.Duration(float64(m.total-m.done) / rate * float64(time.Second))
		line += fmt.Sprintf(", %s/s, ", threeDigits(rate))
		if m.done < m.total {
			line += fmt.Sprintf("%v left", left.Round(time.Second))
		} else {
			line += fmt.Sprintf("took %v", took.Round(100*time.Millisecond))
		}
	}
	fmt.Fprintln(m.term.stderr, line)
}

// threeDigits writes a positive number for reading, without an exponent.
func threeDigits(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
