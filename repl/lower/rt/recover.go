package rt

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Recover is the builtin recover: it returns the value of the panic for which a deferred function runs, if that calls
// Recover itself, and else nil. As in compiled code, the stack tells whether it does.
func Recover() any {
	if held.count.Load() == 0 || !directlyDeferred() {
		return nil
	}
	top, ok := held.frames.Load(goroutine())
	if !ok || top.(*Frame).thrown == nil {
		return nil
	}
	f := top.(*Frame)
	f.thrown, f.recovered = nil, f.thrown
	return f.recovered.Value
}

// held has, by goroutine, the innermost frame that runs deferred calls for a panic.
var held struct {
	count  atomic.Int64
	frames sync.Map
}

// hold makes the panic of f the one that Recover recovers in the calling goroutine, until f releases it.
func (f *Frame) hold() {
	if f.goroutine != 0 {
		return
	}
	f.goroutine = goroutine()
	if outer, ok := held.frames.Load(f.goroutine); ok {
		f.outer = outer.(*Frame)
	}
	held.frames.Store(f.goroutine, f)
	held.count.Add(1)
}

func (f *Frame) release() {
	if f.goroutine == 0 {
		return
	}
	if f.outer != nil {
		held.frames.Store(f.goroutine, f.outer)
	} else {
		held.frames.Delete(f.goroutine)
	}
	held.count.Add(-1)
	f.goroutine, f.outer = 0, nil
}

// goroutine returns the number of the calling goroutine, which Go tells only in the text of its stack.
func goroutine() uint64 {
	var buf [40]byte
	text := buf[:runtime.Stack(buf[:], false)]
	number, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("goroutine ")), []byte(" "))
	id, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		panic("rt: find goroutine: " + err.Error())
	}
	return id
}

// Names of packages and functions on the stack.
const (
	yaegiPackage  = "github.com/traefik/yaegi/interp"
	enginePackage = "kairos/repl/engine"
	here          = "kairos/repl/lower/rt."
)

// interpreted is the function of which there is one on the stack for each interpreted function.
const interpreted = enginePackage + ".(*code).run"

// plumbing are the packages by which interpreted functions call each other.
var plumbing = []string{"reflect.", "runtime.", yaegiPackage + ".", enginePackage + ".", "kairos/repl/forge.", here}

// directlyDeferred reports whether exactly one function lies between the caller's caller and the function panicking:
// the one that was deferred. (The runtime's gorecover decides likewise.) The body of a Run is one with the function
// that calls Run, and what calls a deferred function in a thunk is none. Reflect's Call counts if the program calls it.
func directlyDeferred() bool {
	var pcs [128]uintptr // a direct call is never so deep
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	functions, reflectCall := 0, false
	for {
		frame, more := frames.Next()
		name := frame.Function
		if reflectCall && !strings.HasPrefix(name, "runtime.") {
			reflectCall = false
			if strings.HasPrefix(name, "reflect.") || !isPlumbing(name) {
				functions++
			}
		}
		switch {
		case name == here+"panicking":
			return functions == 1
		case name == "runtime.Goexit":
			return false
		case name == here+"(*Frame).guard" || name == here+"thunk":
			functions--
		case name == "reflect.Value.Call" || name == "reflect.Value.CallSlice":
			reflectCall = true
		case name == interpreted || !isPlumbing(name):
			functions++
		}
		if !more {
			return false
		}
	}
}

func isPlumbing(function string) bool {
	for _, prefix := range plumbing {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}
