package rt

// Loop is a loop over a function, for x := range seq, which lowered code writes as a call seq(body). It makes seq panic as
// compiled code does if it calls the body when it should not.
type Loop struct{ state loopState }

type loopState uint8

const (
	loopReady     loopState = iota // the body may be called
	loopRunning                    // the body runs, or panicked
	loopDone                       // the body left the loop
	loopExhausted                  // seq returned
)

// NewLoop returns the state of a loop that begins.
func NewLoop() *Loop { return new(Loop) }

// Enter begins the body.
func (l *Loop) Enter() {
	if l.state != loopReady {
		misuse(l.state)
	}
	l.state = loopRunning
}

// Next ends the body, also by continue, and returns true for it to return.
func (l *Loop) Next() bool {
	l.state = loopReady
	return true
}

// Leave ends the body and the loop and returns false for the body to return.
func (l *Loop) Leave() bool {
	l.state = loopDone
	return false
}

// End ends the loop after seq returned.
func (l *Loop) End() {
	if l.state == loopRunning {
		for range swallowing {
			panic("swallowed")
		}
	}
	l.state = loopExhausted
}

// misuse panics with the runtime's error for a call of the body in the given state, by doing just that.
func misuse(s loopState) {
	switch s {
	case loopRunning:
		for range retrying {
			panic("retried")
		}
	case loopDone:
		for range twice {
			break
		}
	case loopExhausted:
		var late func() bool
		for range func(yield func() bool) { late = yield } {
		}
		late()
	}
}

func twice(yield func() bool) {
	yield()
	yield()
}

func swallowing(yield func() bool) {
	defer func() { _ = recover() }()
	yield()
}

func retrying(yield func() bool) {
	swallowing(yield)
	yield()
}
