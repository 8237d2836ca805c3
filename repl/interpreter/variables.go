package interpreter

import (
	"context"
	"fmt"
	"go/types"
	"reflect"
	"time"

	"kairos/repl"
	"kairos/repl/stop"
	"kairos/stdlib/cell/render"
)

// Names implements repl.Assistant.
func (a assistant) Names(context.Context) ([]repl.Name, error) {
	names, values := a.declared()
	for j, v := range values {
		if v.IsValid() {
			names[j].Value = summary(v)
		}
	}
	return names, nil
}

// declared returns what cells declared, and the values of variables.
func (i *interpreter) declared() (names []repl.Name, values []reflect.Value) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for name, obj := range i.cells.All() {
		n := repl.Name{Name: name, Kind: kindOf(obj), Type: typeText(obj.Pkg(), declaredType(obj))}
		fmt.Sscanf(i.engine.FileSet().Position(obj.Pos()).Filename, "cell[%d]", &n.Number)
		if n.Number > 0 {
			names = append(names, n)
			values = append(values, i.value(obj))
		}
	}
	return names, values
}

// value is that of a variable, if there is one and no cell runs that may be changing it.
func (i *interpreter) value(obj types.Object) (value reflect.Value) {
	if v, ok := obj.(*types.Var); ok && !i.running.Load() {
		value, _ = i.low.Value(v)
	}
	return value
}

// valueOf is the summary of a variable by name, "" if there is none.
func (i *interpreter) valueOf(name string) string {
	i.mu.Lock()
	v := i.value(i.cells.Lookup(name))
	i.mu.Unlock()
	if !v.IsValid() {
		return ""
	}
	return summary(v)
}

// summaryTime is how long a value may take to say what it is.
const summaryTime = 200 * time.Millisecond

// summary asks a value, whose methods may be those of cells, for its summary.
func summary(v reflect.Value) string {
	answer := make(chan string, 1)
	c := stop.New("summary")
	go stop.With(c, func() { answer <- render.Summary(v.Interface()) })
	select {
	case s := <-answer:
		return s
	case <-time.After(summaryTime):
		c.Stop()
		return "…"
	}
}
