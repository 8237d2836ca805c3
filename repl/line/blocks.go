package line

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"kairos/repl/highlight"
)

// maxColoured is how long a text is coloured, and its brackets known, while it is typed.
const maxColoured = 128 << 10

// spans are the colours of the text. It is read anew after each key, which takes a fraction of a millisecond.
func (c *Config) spans(src string) []highlight.Span {
	switch {
	case len(src) > maxColoured:
		return nil
	case c.Highlight != nil:
		return c.Highlight(src)
	}
	return highlight.Go(src)
}

// opener finds the bracket that is open at an offset, -1 if none.
func opener(src string, spans []highlight.Span, at int) int {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		if !bracket(src[i]) || quoted(spans, i) {
			continue
		}
		if strings.IndexByte("([{", src[i]) >= 0 {
			if depth == 0 {
				return i
			}
			depth--
		} else {
			depth++
		}
	}
	return -1
}

// closer finds the bracket that closes the one at an offset, -1 if none.
func closer(src string, spans []highlight.Span, at int) int {
	depth := 0
	for i := at; i < len(src); i++ {
		if !bracket(src[i]) || quoted(spans, i) {
			continue
		}
		if strings.IndexByte("([{", src[i]) >= 0 {
			depth++
		} else if depth--; depth == 0 {
			return i
		}
	}
	return -1
}

func bracket(c byte) bool { return strings.IndexByte("()[]{}", c) >= 0 }

// quoted tells whether a byte belongs to a string, a comment or a command.
func quoted(spans []highlight.Span, at int) bool {
	low, high := 0, len(spans)
	for low < high {
		if mid := (low + high) / 2; spans[mid].To <= at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(spans) || spans[low].From > at {
		return false
	}
	kind := spans[low].Kind
	return kind == highlight.String || kind == highlight.Comment || kind == highlight.Command
}

// pair is the bracket at the cursor, or else the one before it, with its partner.
func pair(src string, spans []highlight.Span, pos int) (a, b int, ok bool) {
	for _, at := range []int{pos, pos - 1} {
		if at < 0 || at >= len(src) || !bracket(src[at]) || quoted(spans, at) {
			continue
		}
		partner := -1
		if strings.IndexByte("([{", src[at]) >= 0 {
			partner = closer(src, spans, at)
		} else {
			partner = opener(src, spans, at)
		}
		if partner >= 0 && strings.Index("([{)]}", src[at:at+1])%3 == strings.Index("([{)]}", src[partner:partner+1])%3 {
			return at, partner, true
		}
	}
	return 0, 0, false
}

// closeBlock gives a line that begins with the bracket just typed the indentation of the line that it closes.
func (m *machine) closeBlock() {
	if !blank(m.Before()[:len(m.Before())-1]) {
		return
	}
	at := m.Pos() - 1
	if open := opener(m.Text(), m.spans(m.Text()), at); open >= 0 {
		m.Reindent(m.Indent(open))
	}
}

// outdentCase puts case and default under their switch, as gofmt does.
func (m *machine) outdentCase() {
	if ok, _ := regexp.MatchString(`^\s+(case\s.*|default):$`, m.Before()); !ok {
		return
	}
	src := m.Text()
	open := opener(src, m.spans(src), m.Pos())
	if open >= 0 && src[open] == '{' && len(m.Indent(open)) < len(m.Indent(m.Pos())) {
		m.Reindent(m.Indent(open))
	}
}

// inCall tells, without looking closely, whether the cursor may be among the arguments of a call.
func (m *machine) inCall() bool {
	return m.search == nil && strings.IndexByte(m.Text()[:m.Pos()], '(') >= 0
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// dropLast is a text without its last character.
func dropLast(s string) string {
	_, size := utf8.DecodeLastRuneInString(s)
	return s[:len(s)-size]
}

// cutLine cuts a text at the first end of a line.
func cutLine(s string) (line, rest string, found bool) {
	i := strings.IndexAny(s, "\r\n")
	if i < 0 {
		return s, "", false
	}
	rest = s[i+1:]
	if s[i] == '\r' {
		rest = strings.TrimPrefix(rest, "\n")
	}
	return s[:i], rest, true
}
