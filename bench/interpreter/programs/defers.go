package programs

func guarded(n int) (result int) {
	defer func() { result++ }()
	return n
}

// Defers calls a function that defers.
func Defers() int {
	sum := 0
	for i := 0; i < 5_000; i++ {
		sum += guarded(i)
	}
	return sum
}
