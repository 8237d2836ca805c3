package repl_test

import (
	"kairos/repl"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

// The cells of TestCells are those of Go.
func init() {
	newSession = func() (repl.Session, error) {
		return interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	}
}
