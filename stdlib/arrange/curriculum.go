package arrange

import "fmt"

// Interleave mixes the two ends of an order: near rows from its beginning, then far rows from its
// end, the last one first, and so on until all are placed. Of a nearest-first order that is a
// curriculum in which near data lead and far data keep them company throughout; 1 and 1 alternate,
// 3 and 1 give mostly near data first.
//
// It is an experiment that goes beyond the paper, which trains on one end first (NFT, FFT) or on no
// order (RT). near and far must be 1 or more.
func Interleave(order []int, near, far int) ([]int, error) {
	if near < 1 || far < 1 {
		return nil, fmt.Errorf("arrange: interleave: %d near and %d far rows in turn: want 1 or more of each", near, far)
	}
	mixed := make([]int, 0, len(order))
	for len(order) > 0 {
		n := min(near, len(order))
		mixed = append(mixed, order[:n]...)
		order = order[n:]
		for range min(far, len(order)) {
			last := len(order) - 1
			mixed = append(mixed, order[last])
			order = order[:last]
		}
	}
	return mixed, nil
}
