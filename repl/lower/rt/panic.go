package rt

import (
	"runtime"

	"kairos/repl/stop"
)

// Panic is the builtin panic.
func Panic(v any) {
	if v == nil {
		v = new(runtime.PanicNilError)
	}
	panic(&Thrown{Value: v})
}

// Go is the statement go f(). A panic that nobody recovers in the new goroutine goes to uncaught, on that goroutine,
// or ends the process if that is nil.
func Go(f func(), uncaught func(*Thrown)) {
	go stop.Guard(func() {
		defer func() {
			r := recover()
			if _, ok := r.(stop.Interrupted); ok || r != nil && uncaught == nil {
				panic(r)
			}
			if r != nil {
				uncaught(Caught(r))
			}
		}()
		f()
	})
}
