package pretty

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kairos/repl"
	"kairos/repl/highlight"
)

// Error writes an error.
func (s Style) Error(err error) string {
	var (
		compile     *repl.CompileError
		panicked    *repl.Panic
		interrupted *repl.Interrupted
		busy        *repl.Busy
		exited      *repl.Exited
		crashed     *repl.Crashed
	)
	switch {
	case errors.As(err, &compile):
		return s.compileError(compile.Text)
	case errors.As(err, &panicked):
		return s.panic(panicked)
	case errors.As(err, &interrupted), errors.As(err, &busy), errors.As(err, &exited):
		return s.paint(highlight.Warning, oneError(err))
	case errors.As(err, &crashed):
		return s.crashed(crashed)
	}
	return s.failed(oneError(err))
}

func oneError(err error) string { return strings.TrimRight(err.Error(), "\n") }

// failed writes a message whose first word says what it is: error: EOF.
func (s Style) failed(text string) string {
	head, rest, found := strings.Cut(text, ": ")
	if !found || strings.ContainsAny(head, " \n") {
		return s.paint(highlight.Error, text)
	}
	return s.paint(highlight.ErrorHead, head+":") + " " + s.paint(highlight.Error, rest)
}

var (
	position = regexp.MustCompile(`^(?:[^\s:]+:\d+(?::\d+)?: )`)
	caret    = regexp.MustCompile(`^    \s*\^$`)
)

// compileError colours the text of errors of compilation: a line with a position and a message, and where it is known the
// line of source and a caret below.
func (s Style) compileError(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		switch {
		case caret.MatchString(line):
			lines[i] = s.paint(highlight.ErrorHead, strings.ReplaceAll(line, "\t", "    ")) // as the source above it
		case i+1 < len(lines) && caret.MatchString(lines[i+1]) && strings.HasPrefix(line, "    "):
			lines[i] = "    " + s.code(line[4:])
		default:
			at := position.FindString(line)
			lines[i] = s.paint(highlight.Dim, at) + s.paint(highlight.ErrorHead, line[len(at):])
		}
	}
	return strings.Join(lines, "\n")
}

// panic writes the value and the frames that are in cells.
func (s Style) panic(p *repl.Panic) string {
	text := s.paint(highlight.ErrorHead, "panic: ") + s.paint(highlight.Error, strings.TrimRight(p.Value, "\n"))
	for _, line := range s.frames(p.Trace) {
		text += "\n" + line
	}
	return text
}

// frame is a call in a cell.
type frame struct {
	function string
	file     string
	line     int
}

var location = regexp.MustCompile(`^\s+(cell\[\d+\]):(\d+)`)

// framesIn returns the calls in cells of a trace as the runtime prints it, the innermost first.
func framesIn(trace string) (list []frame) {
	lines := strings.Split(trace, "\n")
	for i := 1; i < len(lines); i++ {
		m := location.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		f := frame{file: m[1], function: strings.TrimPrefix(lines[i-1], "main.")}
		if caller, ok := strings.CutPrefix(f.function, "created by "); ok {
			caller, _, _ = strings.Cut(caller, " in goroutine ")
			f.function = "go in " + strings.TrimPrefix(caller, "main.")
		}
		fmt.Sscan(m[2], &f.line)
		list = append(list, f)
	}
	return list
}

// A trace shows this many lines at each end.
const (
	firstFrames = 8
	lastFrames  = 4
)

// frames writes a trace, a line each: where, what, and the source if it is known. Frames of one place in a row are one.
func (s Style) frames(trace string) (lines []string) {
	list := framesIn(trace)
	place, function := 0, 0
	for _, f := range list {
		place = max(place, len(f.place()))
		function = max(function, min(len(f.function), 24))
	}
	for i := 0; i < len(list); {
		n := i
		for n < len(list) && list[n] == list[i] {
			n++
		}
		lines = append(lines, s.frame(list[i], place, function))
		if more := n - i - 1; more > 0 {
			lines = append(lines, s.paint(highlight.Dim, fmt.Sprintf("  ... and %d more of it ...", more)))
		}
		i = n
	}
	if hidden := len(lines) - firstFrames - lastFrames; hidden > 1 {
		between := s.paint(highlight.Dim, fmt.Sprintf("  ... %d more lines ...", hidden))
		lines = append(append(lines[:firstFrames:firstFrames], between), lines[firstFrames+hidden:]...)
	}
	return lines
}

func (f frame) place() string { return fmt.Sprintf("%s:%d", f.file, f.line) }

func (s Style) frame(f frame, place, function int) string {
	head := fmt.Sprintf("  %-*s  %-*s", place, f.place(), function, f.function)
	source := ""
	if s.Source != nil {
		source = strings.TrimSpace(s.Source(f.file, f.line))
	}
	if source == "" {
		return s.paint(highlight.Dim, strings.TrimRight(head, " "))
	}
	return s.paint(highlight.Dim, head) + "  " + s.code(source)
}

// crashed says how the session's process ended, and what went with it.
func (s Style) crashed(e *repl.Crashed) string {
	short := *e
	short.Head, short.Lost = "", nil
	text := s.paint(highlight.ErrorHead, short.Error())
	if e.Head != "" {
		text += "\n" + s.paint(highlight.Dim, strings.TrimRight(e.Head, "\n"))
	}
	short.Lost = e.Lost
	if _, lost, found := strings.Cut(short.Error(), "\n"); found {
		text += "\n" + s.paint(highlight.Strong, lost)
	}
	return text
}
