package programs

// Appends grows slices and sums them up.
func Appends() int {
	sum := 0
	for i := 0; i < 200; i++ {
		var list []int
		for j := 0; j < 300; j++ {
			list = append(list, i*j)
		}
		for _, x := range list {
			sum += x
		}
	}
	return sum
}
