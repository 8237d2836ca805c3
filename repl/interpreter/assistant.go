package interpreter

import (
	"context"
	"fmt"
	"sync"

	"kairos/repl"
	"kairos/repl/assist"
	"kairos/repl/check"
)

// assistant is a repl.Assistant for the cells of a session.
type assistant struct {
	mu      sync.Mutex
	engine  *assist.Engine
	sources map[string]string // of cells, by name
}

// begin makes it the assistant of a session that starts anew.
func (a *assistant) begin(cfg assist.Config) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sources = map[string]string{}
	cfg.Source = a.source
	a.engine = assist.New(cfg)
}

func (a *assistant) keep(name, src string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sources[name] = src
}

func (a *assistant) source(name string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sources[name]
}

func (a *assistant) current() *assist.Engine {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.engine
}

// Complete implements repl.Assistant.
func (a *assistant) Complete(_ context.Context, src string, pos int) (repl.Completion, error) {
	c := a.current().Complete(src, pos)
	out := repl.Completion{From: c.Start, To: c.End}
	for _, item := range c.Items {
		out.Items = append(out.Items, repl.Candidate{Text: item.Text, Kind: fmt.Sprint(item.Kind), Type: item.Detail})
	}
	return out, nil
}

// Inspect implements repl.Assistant.
func (a *assistant) Inspect(_ context.Context, src string, pos, detail int) (repl.Inspection, error) {
	info, ok := a.current().Inspect(src, pos)
	if !ok {
		return repl.Inspection{}, nil
	}
	out := repl.Inspection{
		Name: info.Name, Kind: fmt.Sprint(info.Kind), Type: info.Declaration, Doc: info.Doc, Value: info.Value, Where: info.Where,
		Members: info.Members,
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
func (*assistant) IsComplete(_ context.Context, src string) (repl.Completeness, error) {
	status, indent := check.Complete(src)
	words := map[check.Status]string{check.Whole: repl.Complete, check.Unfinished: repl.Incomplete, check.Invalid: repl.Invalid}
	return repl.Completeness{Status: words[status], Indent: indent}, nil
}
