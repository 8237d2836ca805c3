package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"github.com/traefik/yaegi/interp"

	"kairos/bench/interpreter/programs"
	"kairos/repl"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

// side makes a program ready to run.
type side func(programs.Program) (run, error)

// run runs a program and returns its number.
type run func() (int, error)

// inSession declares the program in a cell; to run it is another cell.
func inSession(p programs.Program) (run, error) {
	s, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		return nil, err
	}
	src, err := p.Source()
	if err != nil {
		return nil, err
	}
	if _, err := eval(s, strings.TrimPrefix(src, "package programs\n")); err != nil {
		return nil, err
	}
	return func() (int, error) {
		result, err := eval(s, p.Name+"()")
		if err != nil {
			return 0, err
		}
		return strconv.Atoi(result.Text())
	}, nil
}

// eval evaluates a cell.
func eval(s repl.Session, src string) (repl.Result, error) {
	return s.Eval(context.Background(), src, silent{})
}

// silent is the Output of cells that show nothing.
type silent struct{ repl.Output }

// byYaegi has yaegi read the program; to run it is another evaluation. Both are such that they can be interrupted, as those of
// its own prompt.
func byYaegi(p programs.Program) (run, error) {
	in := interp.New(interp.Options{Stderr: io.Discard})
	if err := in.Use(used); err != nil {
		return nil, err
	}
	src, err := p.Source()
	if err != nil {
		return nil, err
	}
	if _, err := in.EvalWithContext(context.Background(), src); err != nil {
		return nil, err
	}
	call := "programs." + p.Name + "()"
	return func() (int, error) {
		v, err := in.EvalWithContext(context.Background(), call)
		if err != nil {
			return 0, err
		}
		return int(v.Int()), nil
	}, nil
}

// used is what the programs import.
var used = interp.Exports{
	"fmt/fmt":   {"Sprint": reflect.ValueOf(fmt.Sprint)},
	"sort/sort": {"Slice": reflect.ValueOf(sort.Slice)},
	"strings/strings": {
		"Contains": reflect.ValueOf(strings.Contains),
		"Fields":   reflect.ValueOf(strings.Fields),
		"Repeat":   reflect.ValueOf(strings.Repeat),
	},
}

func compiled(p programs.Program) (run, error) {
	return func() (int, error) { return p.Compiled(), nil }, nil
}
