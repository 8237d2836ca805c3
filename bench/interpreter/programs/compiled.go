package programs

import (
	"fmt"
	"strings"
)

// Compiled calls functions of the standard library.
func Compiled() int {
	n := 0
	for i := 0; i < 5_000; i++ {
		s := fmt.Sprint("number ", i)
		if strings.Contains(s, "9") {
			n += len(strings.Fields(s))
		}
	}
	return n
}
