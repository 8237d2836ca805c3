package gguf

// The k-quants keep 256 weights in a block. Each 16 or 32 of them have a scale
// (and a minimum) of a few bits, which the block's own float16 scale multiplies.

// decodeQ4K: weight = scale × nibble − minimum. A block is two float16 (of the
// scales, of the minima), 12 bytes of scales and minima, and nibbles: those of 32
// bytes are 64 weights, the low ones first.
func decodeQ4K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[144:] {
		scales := affineScales(src)
		for g := range 4 {
			low, high := dst[64*g:64*g+32], dst[64*g+32:64*g+64]
			a, b := scales[2*g], scales[2*g+1]
			for i, q := range src[16+32*g : 48+32*g] {
				low[i] = a.of(q & 15)
				high[i] = b.of(q >> 4)
			}
		}
	}
}

// decodeQ5K is decodeQ4K with a fifth bit: of the 32 bytes behind the scales,
// byte i has those of every 32nd weight from i on.
func decodeQ5K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[176:] {
		scales, fifth := affineScales(src), src[16:48]
		for g := range 4 {
			low, high := dst[64*g:64*g+32], dst[64*g+32:64*g+64]
			a, b := scales[2*g], scales[2*g+1]
			for i, q := range src[48+32*g : 80+32*g] {
				bits := fifth[i] >> (2 * g)
				low[i] = a.of(q&15 | bits&1<<4)
				high[i] = b.of(q>>4 | bits>>1&1<<4)
			}
		}
	}
}

// affine maps a stored number to a weight.
type affine struct{ scale, least float32 }

func (a affine) of(q byte) float32 { return float32(a.scale*float32(q)) - a.least }

// affineScales are the 8 scales and minima with which a block of Q4_K or Q5_K
// begins. Each has 6 bits: the first four of both lie in the low bits of 8 bytes,
// the others are nibbles of the next 4 and the two high bits of the first 8.
func affineScales(src []byte) (list [8]affine) {
	scale, least, packed := half(src), half(src[2:]), src[4:16]
	for j := range 4 {
		s, m, both := packed[j], packed[4+j], packed[8+j]
		list[j] = affine{scale * float32(s&63), least * float32(m&63)}
		list[4+j] = affine{scale * float32(both&15|s>>6<<4), least * float32(both>>4|m>>6<<4)}
	}
	return list
}

// decodeQ6K: weight = scale × (number − 32), of 6 bits. A block is 128 bytes of
// low nibbles, 64 of high pairs of bits, 16 signed scales and their float16 scale.
// Each half of the weights has half of all: 64 bytes of nibbles are 128 weights,
// the low ones first; 32 bytes of pairs are 128, the lowest first.
func decodeQ6K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[210:] {
		scale := half(src[208:])
		for h := range 2 {
			low, high, scales := src[64*h:64*h+64], src[128+32*h:160+32*h], src[192+8*h:200+8*h]
			for k := range 8 { // 16 weights of one scale
				by := scale * float32(int8(scales[k]))
				part := dst[128*h+16*k : 128*h+16*k+16]
				nibbles, pairs := low[16*k%64:], high[16*k%32:]
				for i := range part {
					q := nibbles[i]>>(k/4*4)&15 | pairs[i]>>(k/2*2)&3<<4
					part[i] = by * float32(int32(q)-32)
				}
			}
		}
	}
}

// decodeQ2K: weight = scale × number − minimum, of 2 bits. A block is 16 bytes of
// scales (low nibbles) and minima (high), 64 of numbers, and their two float16
// scales. Each half of the weights has 32 bytes of numbers, the lowest bits first.
func decodeQ2K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[84:] {
		scale, least := half(src[80:]), half(src[82:])
		for k := range 16 { // 16 weights of one scale
			a := affine{scale * float32(src[k]&15), least * float32(src[k]>>4)}
			part, numbers := dst[16*k:16*k+16], src[16+k/8*32+k%2*16:]
			for i := range part {
				part[i] = a.of(numbers[i] >> (k % 8 / 2 * 2) & 3)
			}
		}
	}
}

// decodeQ3K: weight = scale × (number − 4), of 3 bits. A block is 32 bytes of
// third bits, of which byte i has those of every 32nd weight from i on; 64 of the
// others, as in Q2_K; 12 of scales of 6 bits, less 32; and their float16 scale.
func decodeQ3K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[110:] {
		scale, scales := half(src[108:]), src[96:108]
		for k := range 16 { // 16 weights of one scale
			six := scales[k%8]>>(k/8*4)&15 | scales[8+k%4]>>(k/4*2)&3<<4
			by := scale * float32(int32(six)-32)
			part, third, numbers := dst[16*k:16*k+16], src[k%2*16:], src[32+k/8*32+k%2*16:]
			for i := range part {
				q := numbers[i]>>(k%8/2*2)&3 | third[i]>>(k/2)&1<<2
				part[i] = by * float32(int32(q)-4)
			}
		}
	}
}
