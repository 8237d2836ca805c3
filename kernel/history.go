package kernel

import (
	"context"

	"kairos/repl/history"
)

// History has earlier cells; *history.Store is one. Session 0 is this one, and -1 the one before.
type History interface {
	Tail(n int) []history.Entry
	Range(session, start, stop int) []history.Entry
	Search(pattern string, n int, unique bool) []history.Entry
}

// historyRequest is the content of history_request.
type historyRequest struct {
	Output  bool   `json:"output"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    int    `json:"stop"`
	N       int    `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

// history answers history_request.
func (k *Kernel) history(_ context.Context, r *request) any {
	var q historyRequest
	if f := r.read(&q); f != nil {
		return f
	}
	var found []history.Entry
	switch h := k.cfg.History; {
	case h == nil:
	case q.Access == "tail":
		found = h.Tail(q.N)
	case q.Access == "range":
		found = h.Range(q.Session, q.Start, q.Stop)
	case q.Access == "search":
		if q.Pattern == "" {
			q.Pattern = "*"
		}
		found = h.Search(q.Pattern, q.N, q.Unique)
	default:
		return failed("BadRequest", "kairos kernel: hist_access_type is "+q.Access+", and not tail, range or search")
	}
	cells := make([][3]any, len(found))
	for i, e := range found {
		cells[i] = [3]any{e.Session, e.Number, e.Source}
		if q.Output {
			cells[i][2] = [2]any{e.Source, orNull(e.Output)}
		}
	}
	return map[string]any{"status": "ok", "history": cells}
}

// orNull is null for no text: such a cell had no value.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
