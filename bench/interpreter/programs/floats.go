package programs

// Floats integrates a function.
func Floats() int {
	const n = 100_000
	sum, h := 0.0, 1.0/n
	for i := 0; i < n; i++ {
		x := h * (float64(i) + 0.5)
		sum += 4 / (1 + x*x)
	}
	return int(sum * h * 1e6)
}
