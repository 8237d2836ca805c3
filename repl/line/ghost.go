package line

import "strings"

// ghost is text that is proposed behind the cursor: how the user went on the last time. It is no part of the text, and
// without colours, by which it is known, there is none.
type ghost struct{ text string }

const (
	lookedAt  = 5000 // entries, the newest ones
	leastLine = 3    // characters of a line for which another one is proposed
)

// propose looks for the newest entry that begins with the text, or one with a line that begins with the cursor's.
func (m *machine) propose() ghost {
	typed := m.Text()
	if !m.Color || m.single || m.search != nil || m.menu != nil || !m.AtEnd() || blank(m.Before()) || m.hushed == typed || len(typed) > maxColoured {
		return ghost{}
	}
	stop := max(0, m.walk.Len()-lookedAt)
	for i := m.walk.Len() - 1; i >= stop; i-- {
		if s := m.walk.At(i); len(s) > len(typed) && strings.HasPrefix(s, typed) {
			return ghost{s[len(typed):]}
		}
	}
	line := strings.TrimLeft(m.Before(), " \t")
	if !strings.Contains(typed, "\n") || len(line) < leastLine {
		return ghost{}
	}
	for i := m.walk.Len() - 1; i >= stop; i-- {
		if rest := restOfLine(m.walk.At(i), line); rest != "" {
			return ghost{rest}
		}
	}
	return ghost{}
}

// restOfLine is how a line of an entry goes on that begins with another.
func restOfLine(entry, line string) string {
	for at := 0; ; {
		i := strings.Index(entry[at:], line)
		if i < 0 {
			return ""
		}
		at += i
		start := strings.LastIndexByte(entry[:at], '\n') + 1
		at += len(line)
		if rest, _, _ := strings.Cut(entry[at:], "\n"); rest != "" && blank(entry[start:at-len(line)]) {
			return rest
		}
	}
}

// takeGhost makes the first n bytes of what is proposed text.
func (m *machine) takeGhost(n int) bool {
	if n == 0 || !m.AtEnd() {
		return false
	}
	m.Insert(m.ghost.text[:n])
	return true
}
