package shell

import (
	"fmt"
	"regexp"
	"strconv"

	"kairos/repl/history"
)

// place is a cell of a session: 0 is this session, -1 the one before.
type place struct{ session, number int }

// span is a range of cells. Number 0 of its end is the last of the session.
type span struct{ from, to place }

// spanText is how ranges are written: 3, 3-7, 3-, ~1/4, ~1/, ~2/3-~1/5, 12/3-5.
var spanText = regexp.MustCompile(`^(?:(~?)(\d+)/)?(\d+)?(?:(-)(?:(~?)(\d+)/)?(\d+)?)?$`)

// parseSpan reads a range.
func parseSpan(text string) (span, bool) {
	m := spanText.FindStringSubmatch(text)
	if m == nil || m[2]+m[3] == "" {
		return span{}, false
	}
	first := place{session: sessionOf(m[1], m[2]), number: atoi(m[3])}
	last := place{session: first.session, number: atoi(m[7])}
	switch {
	case m[6] != "":
		last.session = sessionOf(m[5], m[6])
	case m[4] == "":
		last.number = first.number
	}
	first.number = max(first.number, 1)
	return span{first, last}, true
}

func sessionOf(relative, number string) int {
	if relative != "" {
		return -atoi(number)
	}
	return atoi(number)
}

// atoi is the number of digits, or 0 if there are none. One that is too large is larger than any cell's.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil && digits != "" {
		return 1 << 30
	}
	return n
}

// parseSpans reads ranges. The second result is the first that is none.
func parseSpans(words []string) (list []span, wrong string) {
	for _, w := range words {
		s, ok := parseSpan(w)
		if !ok {
			return nil, w
		}
		list = append(list, s)
	}
	return list, ""
}

// cells are the cells of ranges, without the one that asks.
func (c *call) cells(spans []span) (list []history.Entry, err error) {
	h := c.shell.History()
	now := h.Session()
	for _, s := range spans {
		from, to := s.from.session, s.to.session
		if from <= 0 {
			from += now
		}
		if to <= 0 {
			to += now
		}
		var found []history.Entry
		for session := max(from, 1); session <= min(to, now); session++ {
			start, stop := 1, 0
			if session == from {
				start = s.from.number
			}
			if session == to && s.to.number > 0 {
				stop = s.to.number + 1
			}
			found = append(found, c.others(h.Range(session, start, stop), now)...)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("there is no cell%s%s", s.text(now), have(h, from, now))
		}
		list = append(list, found...)
	}
	return list, nil
}

// others are cells without the one that asks.
func (c *call) others(list []history.Entry, session int) (others []history.Entry) {
	for _, e := range list {
		if e.Session != session || e.Number != c.number {
			others = append(others, e)
		}
	}
	return others
}

// text names a range for errors.
func (s span) text(now int) string {
	text := fmt.Sprint(" ", s.from.number)
	switch {
	case s.to.number == 0 && s.from.number == 1:
		text = ""
	case s.to.number == 0:
		text += "-"
	case s.to != s.from:
		text += fmt.Sprintf("-%d", s.to.number)
	}
	switch n := s.from.session; {
	case n < 0:
		text += fmt.Sprintf(" of session ~%d", -n)
	case n > 0 && n != now:
		text += fmt.Sprintf(" of session %d", n)
	}
	return text
}

// have says what cells a session has.
func have(h *history.Store, session, now int) string {
	if session < 1 || session > now {
		return ""
	}
	list := h.Range(session, 0, 0)
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("; it has %d to %d", list[0].Number, list[len(list)-1].Number)
}
