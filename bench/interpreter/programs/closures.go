package programs

func counter(step int) func() int {
	n := 0
	return func() int {
		n += step
		return n
	}
}

func compose(f, g func(int) int) func(int) int {
	return func(x int) int { return f(g(x)) }
}

// Closures calls functions that capture variables.
func Closures() int {
	sum := 0
	for i := 0; i < 300; i++ {
		next := counter(i)
		for j := 0; j < 50; j++ {
			sum += next()
		}
	}
	f := compose(func(x int) int { return x + 1 }, func(x int) int { return 2 * x })
	for i := 0; i < 10_000; i++ {
		sum += f(i)
	}
	return sum
}
