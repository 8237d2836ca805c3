package programs

import "sort"

// Sorts sorts with an interpreted comparison.
func Sorts() int {
	list := make([]int, 1_000)
	for i := range list {
		list[i] = i * 7919 % 1009
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list[500]
}
