package stop

import (
	"runtime"
	"slices"
)

// Guard runs f, the function of a goroutine that the program started, and reports whether it was interrupted.
// Panics other than Interrupted pass.
//
//go:noinline
func Guard(f func()) (interrupted bool) {
	defer func() {
		if !Current().Stopped() {
			return
		}
		switch r := recover(); r {
		case nil:
		case any(Interrupted{}):
			interrupted = true
		default:
			panic(r)
		}
	}()
	f()
	return false
}

// Unwind ends the calling goroutine, or as much of it as a With or Guard runs.
func Unwind() {
	if guarded() {
		panic(Interrupted{})
	}
	runtime.Goexit()
}

// inGuard is where Guard calls its function, as it appears in a stack.
var inGuard = func() uintptr {
	var pc [1]uintptr
	Guard(func() { runtime.Callers(2, pc[:]) })
	return pc[0]
}()

// guarded reports whether Guard is on the stack of the calling goroutine.
func guarded() bool {
	for size := 64; ; size *= 4 {
		pcs := make([]uintptr, size)
		n := runtime.Callers(0, pcs)
		if slices.Contains(pcs[:n], inGuard) {
			return true
		}
		if n < size {
			return false
		}
	}
}
