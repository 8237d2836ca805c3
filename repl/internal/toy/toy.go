// Package toy is an interpreter for the tests of sessions. A cell is a list of commands, one a line, each a word and its
// argument, which is a number or text:
//
//	let x 3, x            declare a variable; its value is the cell's
//	value TEXT, err TEXT  a value of the cell; an error, nil without TEXT
//	print, eprint         a line on stdout, stderr
//	prints N, flood N     N lines in as many writes; N MB
//	late N                a line on stdout from a goroutine after N ms
//	spin, native N        run for ever, checking; N ms in a call that cannot be interrupted
//	sleep N, lock, wait   in one that can
//	busy N                use the processor for N ms
//	show, picture, progress N, input, check, osexit N, log    what package cell and Overrides offer
//	wrong TEXT, panic TEXT, gopanic TEXT, fault               fail to compile, panic, in a goroutine, in the interpreter
//	crash KIND            end the process; the kinds are those of Crashes
//	closeout, pid, sub TEXT    close stdout; the process id; run a shell command
package toy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"kairos/repl"
	"kairos/repl/stop"
	"kairos/stdlib/cell"
)

// Evaluator is a repl.Evaluator.
type Evaluator struct {
	session *repl.Local
	vars    map[string]int
	Kept    map[int]string // the values of cells
}

// New returns a session that evaluates commands, and what is beneath.
func New() (*repl.Local, *Evaluator) {
	e := &Evaluator{}
	e.Reset()
	e.session = repl.New(e, assistant{})
	return e.session, e
}

// Reset implements repl.Evaluator.
func (e *Evaluator) Reset() error {
	e.vars, e.Kept = map[string]int{}, map[int]string{}
	return nil
}

// Load implements repl.Evaluator.
func (e *Evaluator) Load(number int, src string) (repl.Unit, error) {
	unit := repl.Unit{Quiet: strings.HasSuffix(src, ";")}
	var commands []command
	for i, line := range strings.Split(src, "\n") {
		c := command{eval: e}
		c.word, c.arg, _ = strings.Cut(strings.TrimRight(strings.TrimSpace(line), ";"), " ")
		c.n, _ = strconv.Atoi(c.arg)
		switch c.word {
		case "", "//":
			continue
		case "wrong":
			file := fmt.Sprintf("cell[%d]", number)
			return unit, &repl.CompileError{
				Problems: []repl.Problem{{File: file, Line: i + 1, Column: 1, Message: c.arg}},
				Text:     fmt.Sprintf("%s:%d:1: %s\n\t%s\n\t^", file, i+1, c.arg, line),
			}
		case "fault":
			panic("toy: fault")
		case "let":
			name, _, _ := strings.Cut(c.arg, " ")
			unit.Names = append(unit.Names, repl.Name{Name: name, Kind: "var", Type: "int"})
		}
		unit.Prints = c.word == "print"
		commands = append(commands, c)
	}
	unit.Run = func() (values []repl.Typed, err error) {
		for _, c := range commands {
			stop.Check()
			if values, err = c.run(); err != nil {
				return nil, err
			}
		}
		return values, nil
	}
	unit.Keep = func(values []repl.Typed) { e.Kept[number] = fmt.Sprint(values[0].Value) }
	return unit, nil
}

// Call implements repl.Evaluator.
func (e *Evaluator) Call(f func()) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case stop.Interrupted:
			panic(p)
		default:
			err = &repl.Panic{Value: fmt.Sprint(p), Trace: "goroutine 2 [running]:"}
		}
	}()
	f()
	return nil
}

// command is one line of a cell.
type command struct {
	eval *Evaluator
	word string
	arg  string
	n    int
}

func (c command) run() ([]repl.Typed, error) {
	switch c.word {
	case "let":
		name, value, _ := strings.Cut(c.arg, " ")
		c.eval.vars[name], _ = strconv.Atoi(value)
	case "value":
		return []repl.Typed{{Type: "string", Value: reflect.ValueOf(c.arg)}}, nil
	case "err":
		var err error
		if c.arg != "" {
			err = errors.New(c.arg)
		}
		return []repl.Typed{{Type: "error", Value: reflect.ValueOf(&err).Elem()}}, nil
	case "print":
		print(os.Stdout, c.arg)
		return []repl.Typed{{Type: "int", Value: reflect.ValueOf(c.n)}, {Type: "error"}}, nil
	case "wrong", "fault", "gopanic", "panic":
		return nil, c.goWrong()
	case "pid":
		return []repl.Typed{{Type: "int", Value: reflect.ValueOf(os.Getpid())}}, nil
	case "pair":
		return []repl.Typed{{Type: "int", Value: reflect.ValueOf(1)}, {Type: "error"}}, nil
	case "crash":
		crash(c.arg)
	default:
		if v, ok := c.eval.vars[c.word]; ok {
			return []repl.Typed{{Type: "int", Value: reflect.ValueOf(v)}}, nil
		}
		return nil, c.act()
	}
	return nil, nil
}

func (c command) goWrong() error {
	p := &repl.Panic{Value: c.arg, Trace: "goroutine 1 [running]:\nmain.main()\n\tcell[1]:1\n"}
	if c.word == "panic" {
		return p
	}
	go c.eval.session.End(p)
	spin(time.Minute)
	return nil
}

// act executes the commands that print, wait or show.
func (c command) act() error {
	overridden := repl.Overrides()
	call := func(name string, arg any) { overridden[name].Call([]reflect.Value{reflect.ValueOf(arg)}) }
	switch c.word {
	case "eprint":
		print(os.Stderr, c.arg)
	case "prints":
		for i := range c.n {
			fmt.Println("line", i)
		}
	case "flood":
		block := []byte(strings.Repeat("0123456789abcde\n", 1<<10)) // 16 kB
		for range c.n << 6 {
			os.Stdout.Write(block)
		}
	case "late":
		go func() {
			time.Sleep(time.Duration(c.n) * time.Millisecond)
			fmt.Println("late")
		}()
	case "spin":
		spin(time.Minute)
	case "native":
		time.Sleep(time.Duration(c.n) * time.Millisecond)
	case "busy":
		spin(time.Duration(c.n) * time.Millisecond)
	case "sleep":
		call("time.Sleep", time.Duration(c.n)*time.Millisecond)
	case "lock":
		var mu sync.Mutex
		mu.Lock()
		call("(*sync.Mutex).Lock", &mu)
	case "wait":
		var wg sync.WaitGroup
		wg.Add(1)
		call("(*sync.WaitGroup).Wait", &wg)
	case "cond":
		var mu sync.Mutex
		mu.Lock()
		defer mu.Unlock()
		call("(*sync.Cond).Wait", sync.NewCond(&mu))
	case "context":
		<-cell.Context().Done()
	case "show":
		cell.Show(c.arg)
	case "picture":
		cell.Show(picture(c.arg))
	case "progress":
		set := cell.Progress("work")
		for i := range c.n + 1 {
			set(i, c.n)
		}
	case "input":
		text, err := cell.Input(c.arg)
		fmt.Printf("%q %v\n", text, err)
	case "check":
		cell.Check(errors.New(c.arg))
	case "osexit":
		call("os.Exit", c.n)
	case "log":
		call("log.Fatal", c.arg)
	case "closeout":
		os.Stdout.Close()
	case "sub":
		cmd := exec.Command("sh", "-c", c.arg)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			fmt.Println(err)
		}
	default:
		return fmt.Errorf("toy: what is %q?", c.word)
	}
	return nil
}

// print does as cells do.
func print(w *os.File, text string) {
	repl.Overrides()["fmt.Fprintln"].Call([]reflect.Value{reflect.ValueOf(w), reflect.ValueOf(text)})
}

func spin(d time.Duration) {
	for begin := time.Now(); time.Since(begin) < d; {
		stop.Check()
	}
}

type picture string

func (p picture) PNG() []byte    { return []byte("PNG " + p) }
func (p picture) String() string { return "a picture" }

// assistant completes nothing but says what it was asked.
type assistant struct{}

func (assistant) Complete(_ context.Context, src string, pos int) (repl.Completion, error) {
	return repl.Completion{From: pos, To: len(src), Items: []repl.Candidate{{Text: src}}}, nil
}

func (assistant) Inspect(_ context.Context, src string, pos, detail int) (repl.Inspection, error) {
	if src == "panic" {
		panic("toy: inspect")
	}
	return repl.Inspection{Name: src, Doc: fmt.Sprint(pos, detail)}, nil
}

func (assistant) Names(context.Context) ([]repl.Name, error) { return nil, nil }

func (assistant) IsComplete(_ context.Context, src string) (repl.Completeness, error) {
	return repl.Completeness{}, errors.New("toy: " + src)
}
