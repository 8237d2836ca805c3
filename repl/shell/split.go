package shell

import (
	"regexp"
	"strings"
)

// part is a piece of a cell: Go, or a command.
type part struct {
	start, end int // in the cell
	command    bool
	sign       string // %, :, %%, !, !!, ?, ??; the name of a command that has no other
	name       string // "" for those
	args       string
	argsAt     int // in the cell
	body       string
	bodyAt     int
}

// typed is the name as it was typed.
func (p part) typed() string { return p.sign + p.name }

// lineCommand is what a line looks like that may be one.
var (
	lineCommand = regexp.MustCompile(`^[ \t]*(?:([%:])([A-Za-z]\w*)|(!!|!|\?\?|\?))`)
	cellCommand = regexp.MustCompile(`^\s*%%([A-Za-z]\w*)?`)
	asked       = regexp.MustCompile(`^[ \t]*([^\s"'` + "`" + `/].*?)[ \t]*(\?\??)[ \t\r]*$`)
)

// split takes a cell to its parts. It never evaluates anything, and takes whatever is typed.
func (s *Shell) split(src string) (parts []part) {
	if at := cellCommand.FindStringSubmatchIndex(src); at != nil {
		return []part{wholeCell(src, at)}
	}
	begun, before := 0, newTracker(src) // where the Go before the line begins, and how far it is
	flush := func(end int) {
		if strings.TrimSpace(src[begun:end]) != "" {
			parts = append(parts, part{start: begun, end: end})
		}
	}
	for at := 0; at < len(src); {
		end := lineEnd(src, at)
		p, ok := parseCommand(src, at, end)
		if !ok || !before.ends(at-begun) {
			at = end
			continue
		}
		if s.takesCode(p) {
			p = extend(p, src)
		} else if strings.HasPrefix(p.sign, "!") {
			p = continued(p, src)
		}
		flush(at)
		parts = append(parts, p)
		at, begun, before = p.end, p.end, newTracker(src[p.end:])
	}
	flush(len(src))
	return parts
}

// lineEnd is where the line at an offset ends, with its newline.
func lineEnd(src string, at int) int {
	if i := strings.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}

// wholeCell is a cell that is all for one command.
func wholeCell(src string, at []int) part {
	p := part{start: 0, end: len(src), command: true, sign: "%%"}
	nameEnd := at[1]
	if at[2] >= 0 {
		p.name = src[at[2]:at[3]]
	}
	p.bodyAt = lineEnd(src, nameEnd)
	p.args, p.argsAt = trimmed(src, nameEnd, p.bodyAt)
	p.body = src[p.bodyAt:]
	if p.name != "" && (p.args == "?" || p.args == "??") && strings.TrimSpace(p.body) == "" { // %%bash?
		return part{end: len(src), command: true, sign: p.args, args: p.typed(), argsAt: at[2] - len(p.sign)}
	}
	return p
}

// parseCommand reads a line as a command if it looks like one.
func parseCommand(src string, start, end int) (part, bool) {
	line := src[start:end]
	p := part{start: start, end: end, command: true}
	if at := lineCommand.FindStringSubmatchIndex(line); at != nil {
		if at[2] >= 0 {
			p.sign, p.name = line[at[2]:at[3]], line[at[4]:at[5]]
		} else {
			p.sign = line[at[6]:at[7]]
		}
		p.args, p.argsAt = trimmed(src, start+at[1], end)
		if p.name != "" && (p.args == "?" || p.args == "??") { // %time?
			return part{start: start, end: end, command: true, sign: p.args, args: p.typed(), argsAt: start + at[2]}, true
		}
		return p, true
	}
	if at := asked.FindStringSubmatchIndex(line); at != nil && asksGo(line[at[2]:at[5]]) {
		p.sign, p.args, p.argsAt = line[at[4]:at[5]], line[at[2]:at[3]], start+at[2]
		return p, true
	}
	return p, false
}

// asksGo tells whether the question mark that ends a line is none of a comment or a string.
func asksGo(line string) bool {
	t := newTracker(line)
	t.ends(len(line))
	return t.asks
}

// trimmed is what stands between two offsets, without blanks around it, and where.
func trimmed(src string, start, end int) (string, int) {
	left := strings.TrimLeft(src[start:end], " \t\r\n")
	return strings.TrimRight(left, " \t\r\n"), end - len(left)
}

// extend gives a command that takes Go the lines that its Go goes on to.
func extend(p part, src string) part {
	for code := newTracker(src[p.argsAt:]); p.end < len(src) && !code.ends(p.end-p.argsAt); {
		p.end = lineEnd(src, p.end)
	}
	p.args, _ = trimmed(src, p.argsAt, p.end)
	return p
}

// continued gives a line for sh those that follow a backslash at its end.
func continued(p part, src string) part {
	for p.end < len(src) && strings.HasSuffix(strings.TrimRight(src[p.argsAt:p.end], "\r\n"), `\`) {
		p.end = lineEnd(src, p.end)
	}
	p.args, _ = trimmed(src, p.argsAt, p.end)
	return p
}
