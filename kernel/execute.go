package kernel

import (
	"context"
	"errors"
	"strings"
	"time"

	"kairos/kernel/wire"
	"kairos/repl"
	"kairos/repl/pretty"
)

// executeRequest is the content of a request. Fields that are missing are true where the protocol says so.
type executeRequest struct {
	Code         string            `json:"code"`
	Silent       bool              `json:"silent"`
	StoreHistory *bool             `json:"store_history"`
	Expressions  map[string]string `json:"user_expressions"`
	AllowStdin   *bool             `json:"allow_stdin"`
	StopOnError  *bool             `json:"stop_on_error"`
}

func isTrue(b *bool) bool { return b == nil || *b }

// executeReply is the content of a reply to a cell that ended well.
type executeReply struct {
	Status      string         `json:"status"`
	Count       int            `json:"execution_count"`
	Payload     []any          `json:"payload"`
	Expressions map[string]any `json:"user_expressions"`
}

// executeFailure is that to one that did not.
type executeFailure struct {
	failure
	Count       int            `json:"execution_count"`
	Payload     []any          `json:"payload"`
	Expressions map[string]any `json:"user_expressions"`
}

// execute answers execute_request.
func (k *Kernel) execute(ctx context.Context, r *request) any {
	var q executeRequest
	if f := r.read(&q); f != nil {
		return f
	}
	r.metadata = map[string]any{"started": wire.Date(time.Now()), "status": "ok"}
	out := &output{kernel: k, request: r, silent: q.Silent, allowStdin: isTrue(q.AllowStdin)}
	number, count := k.number(&q)
	if !q.Silent {
		k.iopub.publish("execute_input", r, struct {
			Code  string `json:"code"`
			Count int    `json:"execution_count"`
		}{q.Code, count})
	}
	reply := executeReply{Status: "ok", Count: count, Payload: []any{}, Expressions: map[string]any{}}
	if strings.TrimSpace(q.Code) == "" {
		return reply
	}
	k.cells.begin(number, q.Code, out)
	result, err := k.session.EvalAs(ctx, number, q.Code, out)
	out.end()
	if b := result.Bundle(); b != nil && !q.Silent {
		k.iopub.publish("execute_result", r, struct {
			Count    int            `json:"execution_count"`
			Data     map[string]any `json:"data"`
			Metadata any            `json:"metadata"`
		}{count, bundle(b), metadata(b, nil)})
	}
	if err == nil {
		reply.Expressions = k.evaluate(ctx, q.Expressions, r)
	}
	reply.Payload = k.cells.end()
	if err != nil {
		return k.fail(r, &q, err, reply)
	}
	return reply
}

// number returns the number with which a cell is evaluated, 0 for one that is not counted, and the one that is told.
func (k *Kernel) number(q *executeRequest) (number, count int) {
	k.cells.mu.Lock()
	defer k.cells.mu.Unlock()
	switch {
	case strings.TrimSpace(q.Code) == "":
		return 0, k.cells.count
	case q.Silent || !isTrue(q.StoreHistory):
		return 0, k.cells.count + 1
	}
	k.cells.count++
	return k.cells.count, k.cells.count
}

// fail tells of the error of a cell.
func (k *Kernel) fail(r *request, q *executeRequest, err error, reply executeReply) any {
	if isTrue(q.StopOnError) || isInterrupted(err) {
		k.queue.stop()
	}
	r.metadata["status"] = "error"
	f := k.failure(err)
	if !q.Silent {
		k.iopub.publish("error", r, struct {
			Name      string   `json:"ename"`
			Value     string   `json:"evalue"`
			Traceback []string `json:"traceback"`
		}{f.Name, f.Value, f.Traceback})
	}
	return executeFailure{f, reply.Count, reply.Payload, reply.Expressions}
}

func isInterrupted(err error) bool {
	var interrupted *repl.Interrupted
	return errors.As(err, &interrupted)
}

// failure is an error as Jupyter has it: its name, its first line, and the lines of all that is told of it, in colours.
func (k *Kernel) failure(err error) failure {
	text := pretty.Style{Color: true, Source: k.cells.line}.Error(err)
	first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	name := errorName(err)
	if p := (*repl.Panic)(nil); errors.As(err, &p) {
		first = p.Value
	}
	return failure{"error", name, first, strings.Split(text, "\n")}
}

func errorName(err error) string {
	switch err.(type) {
	case *repl.CompileError:
		return "CompileError"
	case *repl.Panic:
		return "Panic"
	case *repl.Interrupted:
		return "Interrupted"
	case *repl.Busy:
		return "Busy"
	case *repl.Exited:
		return "Exited"
	case *repl.Crashed:
		return "Crashed"
	}
	return "Error"
}

// evaluate evaluates the expressions that came with a cell. What they print nobody wants to see.
func (k *Kernel) evaluate(ctx context.Context, expressions map[string]string, r *request) map[string]any {
	values := map[string]any{}
	for name, src := range expressions {
		result, err := k.session.EvalAs(ctx, 0, src, &output{kernel: k, request: r, silent: true})
		if b := result.Bundle(); err == nil && b != nil {
			values[name] = struct {
				Status   string         `json:"status"`
				Data     map[string]any `json:"data"`
				Metadata struct{}       `json:"metadata"`
			}{"ok", bundle(b), struct{}{}}
			continue
		}
		if err == nil {
			err = errors.New("it has no value")
		}
		values[name] = k.failure(err)
	}
	return values
}
