package kernel

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"kairos/repl"
	"kairos/repl/pretty"
	"kairos/stdlib/cell/render"
)

// answerTime is how long a question about a cell may take. Whoever types does not wait longer.
const answerTime = 10 * time.Second

// position is a place in a cell. Jupyter counts code points, and a session bytes.
type position struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"` // nil: the end
	Detail int    `json:"detail_level"`
}

// offset is the position in bytes, within the cell.
func (p position) offset() int {
	if p.Cursor == nil {
		return len(p.Code)
	}
	left := *p.Cursor
	for i := range p.Code {
		if left <= 0 {
			return i
		}
		left--
	}
	return len(p.Code)
}

// points is the number of code points before an offset.
func (p position) points(offset int) int {
	return utf8.RuneCountInString(p.Code[:min(max(offset, 0), len(p.Code))])
}

// completeReply is the content of complete_reply.
type completeReply struct {
	Status   string         `json:"status"`
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

// match tells more about a match.
type match struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature,omitempty"`
}

// complete answers complete_request.
func (k *Kernel) complete(ctx context.Context, r *request) any {
	var q position
	if f := r.read(&q); f != nil {
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	c, err := k.session.Complete(ctx, q.Code, q.offset())
	if err != nil {
		return k.failure(err)
	}
	start, end := q.points(c.From), q.points(c.To)
	matches, types := make([]string, len(c.Items)), make([]match, len(c.Items))
	for i, item := range c.Items {
		matches[i] = item.Text
		types[i] = match{start, end, item.Text, kindName(item.Kind), item.Type}
	}
	return completeReply{"ok", matches, start, end, map[string]any{"_jupyter_types_experimental": types}}
}

// kindName is a kind in the words for which JupyterLab has icons.
func kindName(kind string) string {
	switch kind {
	case "func", "method":
		return "function"
	case "var":
		return "instance"
	case "package", "import":
		return "module"
	case "field":
		return "property"
	case "type":
		return "class"
	case "const":
		return "value"
	case "command":
		return "magic"
	}
	return kind
}

// inspectReply is the content of inspect_reply.
type inspectReply struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata struct{}       `json:"metadata"`
}

// inspect answers inspect_request.
func (k *Kernel) inspect(ctx context.Context, r *request) any {
	var q position
	if f := r.read(&q); f != nil {
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	i, err := k.session.Inspect(ctx, q.Code, q.offset(), q.Detail)
	if err != nil {
		return k.failure(err)
	}
	text := pretty.Inspection(i, true)
	if text == "" {
		return inspectReply{Status: "ok", Data: map[string]any{}}
	}
	return inspectReply{Status: "ok", Found: true, Data: map[string]any{render.Plain: text, render.Markdown: markdown(i)}}
}

// markdown tells about something where text can be formatted.
func markdown(i repl.Inspection) string {
	var b strings.Builder
	code := func(s string) {
		if s != "" {
			b.WriteString("```go\n" + s + "\n```\n\n")
		}
	}
	if i.Call != nil {
		code(i.Call.Signature)
	}
	if i.Type != "" && (i.Call == nil || i.Type != i.Call.Signature) {
		code(declaration(i))
	}
	if i.Value != "" {
		code(i.Name + " = " + i.Value)
	}
	if i.Doc != "" {
		b.WriteString(strings.TrimSpace(i.Doc) + "\n\n")
	}
	if i.Where != "" {
		b.WriteString("*" + i.Where + "*\n\n")
	}
	if len(i.Members) > 0 {
		code(strings.Join(i.Members, "\n"))
	}
	code(i.Source)
	return strings.TrimSpace(b.String())
}

// declaration is what is inspected, as its declaration would be.
func declaration(i repl.Inspection) string {
	if strings.Contains(i.Type, i.Name) || i.Kind == "" {
		return i.Type
	}
	if i.Kind == "func" || i.Kind == "method" {
		return "func " + i.Name + strings.TrimPrefix(i.Type, "func")
	}
	return i.Kind + " " + i.Name + " " + i.Type
}

// isComplete answers is_complete_request.
func (k *Kernel) isComplete(ctx context.Context, r *request) any {
	var q position
	if f := r.read(&q); f != nil {
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	c, err := k.session.IsComplete(ctx, q.Code)
	reply := map[string]any{"status": c.Status}
	switch {
	case err != nil:
		reply["status"] = "unknown"
	case c.Status == repl.Incomplete:
		reply["indent"] = strings.ReplaceAll(c.Indent, "\t", "    ") // consoles write a tab as ^I
	}
	return reply
}
