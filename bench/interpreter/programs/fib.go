package programs

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// Fib calls a function recursively.
func Fib() int { return fib(20) }
