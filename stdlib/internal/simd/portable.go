package simd

import "unsafe"

// portable is the kernel of machines for which there is no assembly, and what the others are tested
// against.
func portable() kernel {
	return kernel{
		name: "portable", rows: 1, cols: 4,
		dot: func(k int, a *float32, _ int, b, c *float32, _ int) {
			x, ys, out := unsafe.Slice(a, k), unsafe.Slice(b, 4*k), (*[4]float32)(unsafe.Pointer(c))
			*out = [4]float32{}
			for i, v := range x {
				y := (*[4]float32)(ys[4*i:])
				for j := range out {
					out[j] = fma(v, y[j], out[j])
				}
			}
		},
		squares: func(k int, a *float32, _ int, b, c *float32, _ int) {
			x, ys, out := unsafe.Slice(a, k), unsafe.Slice(b, 4*k), (*[4]float32)(unsafe.Pointer(c))
			*out = [4]float32{}
			for i, v := range x {
				y := (*[4]float32)(ys[4*i:])
				for j := range out {
					d := float32(y[j] - v)
					out[j] = fma(d, d, out[j])
				}
			}
		},
	}
}
