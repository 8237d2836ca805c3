package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// verdict is what became of a program.
type verdict int

const (
	passed  verdict = iota // it printed and returned what it should
	refused                // kairos said before it ran that it cannot interpret it
	late                   // kairos said so when the program ran
	wrong                  // anything else
	verdicts
)

func (v verdict) String() string { return [...]string{"passed", "refused", "late", "wrong"}[v] }

// result is the verdict on a program with its reasons.
type result struct {
	program    string
	verdict    verdict
	took       time.Duration
	constructs []string // for which it is refused, each once
	reason     string   // why it is wrong, in a few words that others may share
	detail     string   // where it is wrong
}

// judge runs a program and compares.
func (c config) judge(ctx context.Context, program string) result {
	r := result{program: program, verdict: wrong}
	want, err := expected(filepath.Join(c.tree, filepath.FromSlash(program)))
	if err != nil {
		return r.because("cannot be judged", err.Error())
	}
	got, err := execute(ctx, c.tree, c.timeout, c.kairos, "run", program) // where Go's own runner runs it
	if err != nil {
		return r.because("cannot be judged", err.Error())
	}
	r.took = got.Took
	if got.Status == 0 && !got.TimedOut && got.Output == want {
		r.verdict = passed
		return r
	}
	if r.constructs = refusals(got.Output); r.constructs != nil {
		r.verdict = late
		if beforeItRan(got) {
			r.verdict = refused
		}
		return r.because("", lineWith(got.Output, refusal.MatchString))
	}
	if got.TimedOut {
		return r.because("takes too long", fmt.Sprintf("killed after %v", c.timeout))
	}
	reference, err := goRun(ctx, c.cache, c.tree, program)
	if err != nil {
		return r.because("cannot be judged", err.Error())
	}
	return r.compared(want, reference, got)
}

func (r result) because(reason, detail string) result {
	r.reason, r.detail = reason, detail
	return r
}

// compared judges a program that does not do what Go's own runner wants by what go run does, if that is not it either.
func (r result) compared(want string, reference, got outcome) result {
	if reference.Output != want && got.Output == reference.Output && got.Status == reference.Status {
		r.verdict = passed
		return r
	}
	if got.Status == reference.Status {
		return r.because("prints something else", difference(reference.Output, got.Output))
	}
	for _, end := range []struct{ says, reason string }{{"panic: ", "panics"}, {"fatal error: ", "crashes"}} {
		if line := lineWith(got.Output, func(l string) bool { return strings.HasPrefix(l, end.says) }); line != "" {
			return r.because(end.reason, line)
		}
	}
	return r.because(fmt.Sprintf("exits with status %d", got.Status), firstLine(got.Output))
}

var refusal = regexp.MustCompile(`(?:kairos cannot interpret this(?: program)?(?: yet)?: |: (package \S+ is not among ))(.*)`)

// refusals returns the constructs that messages of kairos name, each once, in order.
func refusals(messages string) []string {
	var constructs []string
	for _, m := range refusal.FindAllStringSubmatch(messages, -1) {
		constructs = append(constructs, construct(m[1]+m[2]))
	}
	slices.Sort(constructs)
	return slices.Compact(constructs)
}

// beforeItRan reports whether a refusal came from the front, which says nothing else. When a program that was started
// fails, its status is told as go run tells it.
func beforeItRan(got outcome) bool {
	return got.Status == 1 && !strings.Contains(got.Output, "\nexit status ") && refusal.MatchString(firstLine(got.Output))
}

// english are the short words that are no names.
var english = strings.Fields("a an as at be by do go if in is it no not of on or so the to up we")

var (
	aWord   = regexp.MustCompile(`[^\s,:()]+`)
	isPlain = regexp.MustCompile(`^[a-z][a-z'-]*$`)
)

// construct makes the same of messages that differ in the names of the program only: without the advice after a semicolon,
// and with X for what does not look like a word.
func construct(message string) string {
	message, _, _ = strings.Cut(message, "; ")
	return aWord.ReplaceAllStringFunc(message, func(w string) string {
		if !isPlain.MatchString(w) || len(w) <= 2 && !slices.Contains(english, w) {
			return "X"
		}
		return w
	})
}

func firstLine(s string) string { return lineWith(s, func(l string) bool { return l != "" }) }

// lineWith returns the first line of s that is as wanted, or nothing.
func lineWith(s string, wanted func(string) bool) string {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); wanted(line) {
			return line
		}
	}
	return ""
}

// difference shows the first line in which two outputs differ.
func difference(want, got string) string {
	w, g := strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d: want %q, got %q", i+1, at(w, i), at(g, i))
		}
	}
	return "the same text"
}

func at(lines []string, i int) string {
	if i >= len(lines) {
		return ""
	}
	return lines[i]
}
