package programs

// Captured loops over variables that a function literal shares.
func Captured() int {
	sum, limit := 0, 100_000
	add := func(n int) { sum += n }
	for i := 0; i < limit; i++ {
		if i%10 == 0 {
			add(i)
		}
		sum += i
	}
	return sum
}
