package rt_test

import (
	"fmt"

	"kairos/repl/lower/rt"
)

// Runes of one, two and three bytes, and a byte that begins none.
func ExampleRunes() {
	runes, offsets := rt.Runes("aé…\xff!")
	fmt.Printf("%q %d\n", runes, offsets)
	// Output: ['a' 'é' '…' '�' '!'] [0 1 3 6 7]
}
