package shell

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kairos/repl"
)

// explain says more about the last error, or about a message.
func explain(_ context.Context, c *call) error {
	if c.args != "" {
		c.page(explained(located.ReplaceAllString(c.args, "")))
		return nil
	}
	c.shell.mu.Lock()
	err := c.shell.failed
	c.shell.mu.Unlock()
	if err == nil {
		c.print("no cell of this session failed")
		return nil
	}
	c.page(explainError(err))
	return nil
}

// located is the position and what else stands before a message.
var located = regexp.MustCompile(`^(\S+:\d+(:\d+)?: |panic: |runtime error: |error: )+`)

// explainError says more about an error of a session.
func explainError(err error) string {
	var wrong *repl.CompileError
	var panicked *repl.Panic
	var crashed *repl.Crashed
	var failed *repl.Failed
	var interrupted *repl.Interrupted
	var busy *repl.Busy
	var exited *repl.Exited
	switch {
	case errors.As(err, &wrong):
		return explainProblems(wrong)
	case errors.As(err, &panicked):
		return "panic: " + explained(strings.TrimPrefix(panicked.Value, "runtime error: ")) + frame(panicked.Trace)
	case errors.As(err, &crashed):
		return explained(strings.TrimSpace(crashed.Status+" "+firstLine(crashed.Head))) +
			"\n\n  The session's process ended, and with it its variables. Another one has begun: run the cells again that you need (%rerun 1-5)."
	case errors.As(err, &interrupted) && interrupted.Pending:
		return err.Error() + "\n\n  The cell was told to stop, but is in a call that cannot be. It may still end; %reset does not wait for it."
	case errors.As(err, &interrupted):
		return "interrupted\n\n  You stopped the cell. What it had changed until then stays changed."
	case errors.As(err, &busy):
		return err.Error() + "\n\n  Cells run one after the other, and the one before does not end. %reset ends it, and forgets all variables."
	case errors.As(err, &exited):
		return err.Error() + "\n\n  The cell called os.Exit. In a session that ends the cell alone; the variables are still there."
	case errors.As(err, &failed):
		return explained(located.ReplaceAllString(failed.Text, ""))
	}
	return explained(err.Error())
}

// explainProblems says more about each thing that is wrong with a cell, but the same only once.
func explainProblems(wrong *repl.CompileError) string {
	var texts []string
	seen := map[string]bool{}
	for _, p := range wrong.Problems {
		text := explained(p.Message)
		if seen[text] {
			continue
		}
		seen[text] = true
		if p.Line > 0 {
			text = fmt.Sprintf("line %d: %s", p.Line, text)
		}
		texts = append(texts, text)
	}
	return strings.Join(append(texts, "Nothing of the cell was run."), "\n\n")
}

// explained is a message with what is known about it.
func explained(message string) string {
	for _, e := range explanations {
		if at := e.message.FindStringSubmatchIndex(message); at != nil {
			return message + e.text(message, at)
		}
	}
	return message + "\n\n  There is no more to say about this one. ?name tells about the names in it."
}

// text is what an explanation says about a message.
func (e explanation) text(message string, at []int) string {
	var b strings.Builder
	fill := func(text string) string { return string(e.message.ExpandString(nil, text, message, at)) }
	b.WriteString("\n\n  " + fill(e.means))
	for _, part := range []struct {
		title string
		list  []string
	}{{"Usual causes", e.causes}, {"What to do", e.do}} {
		if len(part.list) > 0 {
			b.WriteString("\n\n  " + part.title)
		}
		for _, text := range part.list {
			b.WriteString("\n  - " + fill(text))
		}
	}
	return b.String()
}

// frame is the first line of a trace that is of a cell.
func frame(trace string) string {
	if m := cellFrame.FindString(trace); m != "" {
		return "\n\n  It happened at " + m + "."
	}
	return ""
}

var cellFrame = regexp.MustCompile(`cell\[\d+\]:\d+`)

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
