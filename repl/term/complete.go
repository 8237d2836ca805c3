package term

import (
	"context"
	"strings"
	"sync"

	"kairos/repl"
	"kairos/repl/highlight"
)

// completer is what the editor asks the session, in goroutines of its own.
type completer struct {
	session repl.Session
	look    look
	restore func() // deferred: what to do about a panic
}

func (c completer) complete(ctx context.Context, src string, pos int) (repl.Completion, error) {
	defer c.restore()
	return c.session.Complete(ctx, src, pos)
}

// isComplete takes a cell as complete that the session cannot judge: evaluating it tells why.
func (c completer) isComplete(ctx context.Context, src string) repl.Completeness {
	defer c.restore()
	answer, err := c.session.IsComplete(ctx, src)
	if err != nil {
		return repl.Completeness{Status: repl.Complete}
	}
	return answer
}

// signature is the function that is being called, with the parameter at the cursor in bold.
func (c completer) signature(ctx context.Context, src string, pos int) string {
	defer c.restore()
	info, err := c.session.Inspect(ctx, src, pos, -1)
	if err != nil || info.Call == nil {
		return ""
	}
	return c.activated(*info.Call)
}

func (c completer) activated(call repl.Call) string {
	text := strings.TrimPrefix(call.Signature, "func ")
	if !c.look.color || call.Active < 0 || call.Active >= len(call.Params) {
		return text
	}
	list := strings.Join(call.Params, ", ")
	from := strings.Index(text, "("+list+")")
	if from < 0 {
		return text
	}
	from++
	for _, before := range call.Params[:call.Active] {
		from += len(before) + len(", ")
	}
	to := from + len(call.Params[call.Active])
	return text[:from] + highlight.Strong.Paint(text[from:to]) + text[to:]
}

// keptSources is how many cells are remembered to show their lines beside panics.
const keptSources = 1000

// sources are the texts of cells by number.
type sources struct {
	mu    sync.Mutex
	cells map[string]string
	last  []string
}

func (s *sources) keep(number int, src string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cells == nil {
		s.cells = map[string]string{}
	}
	name := cellName(number)
	if hasCommand(src) {
		src = "" // its lines are not those that were evaluated
	}
	s.cells[name] = src
	if s.last = append(s.last, name); len(s.last) > keptSources {
		delete(s.cells, s.last[0])
		s.last = s.last[1:]
	}
}

// line returns a line of a cell, "" if it is not known.
func (s *sources) line(file string, n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(s.cells[file], "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return lines[n-1]
}

// hasCommand tells whether a cell has lines that look like commands of a shell.
func hasCommand(src string) bool {
	for line := range strings.Lines(src) {
		if line = strings.TrimSpace(line); line != "" && strings.ContainsRune("%!?:", rune(line[0])) {
			return true
		}
	}
	return false
}
