package programs

// Ints finds the longest Collatz sequence.
func Ints() int {
	longest := 0
	for i := 1; i < 4_000; i++ {
		steps := 0
		for n := i; n != 1; steps++ {
			if n%2 == 0 {
				n /= 2
			} else {
				n = 3*n + 1
			}
		}
		if steps > longest {
			longest = steps
		}
	}
	return longest
}
