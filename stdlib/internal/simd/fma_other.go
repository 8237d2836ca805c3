//go:build !arm64

package simd

func fma(x, y, z float32) float32 { return emulate(x, y, z) }
