package interpreter

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"kairos/repl"
	"kairos/repl/assist"
	"kairos/repl/check"
)

// helper completes and explains the cells of a session.
type helper struct {
	mu      sync.Mutex
	engine  *assist.Engine
	sources map[string]string // of cells, by name
}

// begin makes it the assistant of a session that starts anew.
func (h *helper) begin(cfg assist.Config) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sources = map[string]string{}
	cfg.Source = h.source
	h.engine = assist.New(cfg)
}

// keep remembers the source of a cell. What else was evaluated under its name stands where this source is blank.
func (h *helper) keep(name, src string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lines, before := strings.Split(src, "\n"), strings.Split(h.sources[name], "\n")
	for i, line := range before {
		switch {
		case i == len(lines):
			lines = append(lines, line)
		case strings.TrimSpace(lines[i]) == "":
			lines[i] = line
		}
	}
	h.sources[name] = strings.Join(lines, "\n")
}

func (h *helper) source(name string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sources[name]
}

func (h *helper) current() *assist.Engine {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.engine
}

// assistant is a repl.Assistant.
type assistant struct{ *interpreter }

// Complete implements repl.Assistant.
func (a assistant) Complete(_ context.Context, src string, pos int) (repl.Completion, error) {
	c := a.helper.current().Complete(src, pos)
	out := repl.Completion{From: c.Start, To: c.End}
	for _, item := range c.Items {
		out.Items = append(out.Items, repl.Candidate{Text: item.Text, Kind: fmt.Sprint(item.Kind), Type: item.Detail})
	}
	return out, nil
}

// Inspect implements repl.Assistant.
func (a assistant) Inspect(_ context.Context, src string, pos, detail int) (repl.Inspection, error) {
	info, ok := a.helper.current().Inspect(src, pos)
	if !ok {
		return repl.Inspection{}, nil
	}
	out := repl.Inspection{
		Name: info.Name, Kind: fmt.Sprint(info.Kind), Type: info.Declaration, Doc: info.Doc, Where: info.Where,
		Members: info.Members,
	}
	if info.Global && detail >= 0 {
		out.Value = a.valueOf(info.Name)
	}
	if info.Call != nil {
		out.Call = &repl.Call{Signature: info.Call.Signature, Params: info.Call.Params, Active: info.Call.Active}
	}
	if detail > 0 {
		out.Source = info.Source
	}
	return out, nil
}

// IsComplete implements repl.Assistant.
func (assistant) IsComplete(_ context.Context, src string) (repl.Completeness, error) {
	status, indent := check.Complete(src)
	words := map[check.Status]string{check.Whole: repl.Complete, check.Unfinished: repl.Incomplete, check.Invalid: repl.Invalid}
	return repl.Completeness{Status: words[status], Indent: indent}, nil
}
