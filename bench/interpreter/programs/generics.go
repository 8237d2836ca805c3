package programs

func transform[T, U any](list []T, f func(T) U) []U {
	var out []U
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}

// Generics calls a generic function with an interpreted one.
func Generics() int {
	list := make([]int, 10_000)
	for i := range list {
		list[i] = i
	}
	sum := 0.0
	for _, x := range transform(list, func(n int) float64 { return float64(n) / 2 }) {
		sum += x
	}
	return int(sum)
}
