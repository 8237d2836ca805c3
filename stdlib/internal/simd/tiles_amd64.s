#include "textflag.h"

// The tiles of Packed. All walk once over the k elements: load that of the tile's columns (a panel
// holds them one after the other), and for each row broadcast the row's element and fuse it into the
// row's sums. So each sum is one chain of fused multiply-adds, and many chains hide their latency.
//
// Row i of a is found at (AX) + i·lda; the registers hold the odd multiples of lda in bytes, and the
// others are twice, four and eight times these.

// Arguments, as all four functions have them.
#define ARGUMENTS \
	MOVQ k+0(FP), CX \
	MOVQ a+8(FP), AX \
	MOVQ lda+16(FP), R8 \
	MOVQ b+24(FP), BX \
	MOVQ c+32(FP), DI \
	MOVQ ldc+40(FP), SI \
	SHLQ $2, R8 \
	SHLQ $2, SI \
	LEAQ (R8)(R8*2), R9 \
	LEAQ (R8)(R8*4), R10

#define MULTIPLES \
	LEAQ (R9)(R8*4), R11 \
	LEAQ (R8)(R8*8), R12 \
	LEAQ (R9)(R8*8), R13 \
	LEAQ (R10)(R8*8), DX

#define ZERO(lo, hi) \
	VPXORD lo, lo, lo \
	VPXORD hi, hi, hi

#define ZEROS \
	ZERO(Z0, Z1) \
	ZERO(Z2, Z3) \
	ZERO(Z4, Z5) \
	ZERO(Z6, Z7) \
	ZERO(Z8, Z9) \
	ZERO(Z10, Z11) \
	ZERO(Z12, Z13) \
	ZERO(Z14, Z15) \
	ZERO(Z16, Z17) \
	ZERO(Z18, Z19) \
	ZERO(Z20, Z21) \
	ZERO(Z22, Z23) \
	ZERO(Z24, Z25) \
	ZERO(Z26, Z27)

#define COLUMNS \
	VMOVUPS (BX), Z28 \
	VMOVUPS 64(BX), Z29 \
	PREFETCHT0 1024(BX) \
	PREFETCHT0 1088(BX)

#define NEXT \
	ADDQ $4, AX \
	ADDQ $128, BX \
	DECQ CX

#define STORE(lo, hi) \
	VMOVUPS lo, (DI) \
	VMOVUPS hi, 64(DI) \
	ADDQ SI, DI

#define STORES \
	STORE(Z0, Z1) \
	STORE(Z2, Z3) \
	STORE(Z4, Z5) \
	STORE(Z6, Z7) \
	STORE(Z8, Z9) \
	STORE(Z10, Z11) \
	STORE(Z12, Z13) \
	STORE(Z14, Z15) \
	STORE(Z16, Z17) \
	STORE(Z18, Z19) \
	STORE(Z20, Z21) \
	STORE(Z22, Z23) \
	STORE(Z24, Z25) \
	STORE(Z26, Z27)

#define PRODUCT(row, element, lo, hi) \
	VBROADCASTSS row, element \
	VFMADD231PS Z28, element, lo \
	VFMADD231PS Z29, element, hi

// func dotAVX512(k int, a *float32, lda int, b, c *float32, ldc int)
TEXT ·dotAVX512(SB), NOSPLIT, $0-48
	ARGUMENTS
	MULTIPLES
	ZEROS

dot:
	COLUMNS
	PRODUCT((AX), Z30, Z0, Z1)
	PRODUCT((AX)(R8*1), Z31, Z2, Z3)
	PRODUCT((AX)(R8*2), Z30, Z4, Z5)
	PRODUCT((AX)(R9*1), Z31, Z6, Z7)
	PRODUCT((AX)(R8*4), Z30, Z8, Z9)
	PRODUCT((AX)(R10*1), Z31, Z10, Z11)
	PRODUCT((AX)(R9*2), Z30, Z12, Z13)
	PRODUCT((AX)(R11*1), Z31, Z14, Z15)
	PRODUCT((AX)(R8*8), Z30, Z16, Z17)
	PRODUCT((AX)(R12*1), Z31, Z18, Z19)
	PRODUCT((AX)(R10*2), Z30, Z20, Z21)
	PRODUCT((AX)(R13*1), Z31, Z22, Z23)
	PRODUCT((AX)(R9*4), Z30, Z24, Z25)
	PRODUCT((AX)(DX*1), Z31, Z26, Z27)
	NEXT
	JNZ dot

	STORES
	VZEROUPPER
	RET

#define SQUARE(row, lo, hi) \
	VBROADCASTSS row, Z30 \
	VSUBPS Z30, Z28, Z31 \
	VFMADD231PS Z31, Z31, lo \
	VSUBPS Z30, Z29, Z31 \
	VFMADD231PS Z31, Z31, hi

// func squaresAVX512(k int, a *float32, lda int, b, c *float32, ldc int)
TEXT ·squaresAVX512(SB), NOSPLIT, $0-48
	ARGUMENTS
	MULTIPLES
	ZEROS

squares:
	COLUMNS
	SQUARE((AX), Z0, Z1)
	SQUARE((AX)(R8*1), Z2, Z3)
	SQUARE((AX)(R8*2), Z4, Z5)
	SQUARE((AX)(R9*1), Z6, Z7)
	SQUARE((AX)(R8*4), Z8, Z9)
	SQUARE((AX)(R10*1), Z10, Z11)
	SQUARE((AX)(R9*2), Z12, Z13)
	SQUARE((AX)(R11*1), Z14, Z15)
	SQUARE((AX)(R8*8), Z16, Z17)
	SQUARE((AX)(R12*1), Z18, Z19)
	SQUARE((AX)(R10*2), Z20, Z21)
	SQUARE((AX)(R13*1), Z22, Z23)
	SQUARE((AX)(R9*4), Z24, Z25)
	SQUARE((AX)(DX*1), Z26, Z27)
	NEXT
	JNZ squares

	STORES
	VZEROUPPER
	RET

#define ZERO2(lo, hi) \
	VXORPS lo, lo, lo \
	VXORPS hi, hi, hi

#define ZEROS2 \
	ZERO2(Y0, Y1) \
	ZERO2(Y2, Y3) \
	ZERO2(Y4, Y5) \
	ZERO2(Y6, Y7) \
	ZERO2(Y8, Y9) \
	ZERO2(Y10, Y11)

#define COLUMNS2 \
	VMOVUPS (BX), Y12 \
	VMOVUPS 32(BX), Y13 \
	PREFETCHT0 512(BX)

#define NEXT2 \
	ADDQ $4, AX \
	ADDQ $64, BX \
	DECQ CX

#define STORE2(lo, hi) \
	VMOVUPS lo, (DI) \
	VMOVUPS hi, 32(DI) \
	ADDQ SI, DI

#define STORES2 \
	STORE2(Y0, Y1) \
	STORE2(Y2, Y3) \
	STORE2(Y4, Y5) \
	STORE2(Y6, Y7) \
	STORE2(Y8, Y9) \
	STORE2(Y10, Y11)

#define PRODUCT2(row, element, lo, hi) \
	VBROADCASTSS row, element \
	VFMADD231PS Y12, element, lo \
	VFMADD231PS Y13, element, hi

// func dotAVX2(k int, a *float32, lda int, b, c *float32, ldc int)
TEXT ·dotAVX2(SB), NOSPLIT, $0-48
	ARGUMENTS
	ZEROS2

dot:
	COLUMNS2
	PRODUCT2((AX), Y14, Y0, Y1)
	PRODUCT2((AX)(R8*1), Y15, Y2, Y3)
	PRODUCT2((AX)(R8*2), Y14, Y4, Y5)
	PRODUCT2((AX)(R9*1), Y15, Y6, Y7)
	PRODUCT2((AX)(R8*4), Y14, Y8, Y9)
	PRODUCT2((AX)(R10*1), Y15, Y10, Y11)
	NEXT2
	JNZ dot

	STORES2
	VZEROUPPER
	RET

#define SQUARE2(row, lo, hi) \
	VBROADCASTSS row, Y14 \
	VSUBPS Y14, Y12, Y15 \
	VFMADD231PS Y15, Y15, lo \
	VSUBPS Y14, Y13, Y15 \
	VFMADD231PS Y15, Y15, hi

// func squaresAVX2(k int, a *float32, lda int, b, c *float32, ldc int)
TEXT ·squaresAVX2(SB), NOSPLIT, $0-48
	ARGUMENTS
	ZEROS2

squares:
	COLUMNS2
	SQUARE2((AX), Y0, Y1)
	SQUARE2((AX)(R8*1), Y2, Y3)
	SQUARE2((AX)(R8*2), Y4, Y5)
	SQUARE2((AX)(R9*1), Y6, Y7)
	SQUARE2((AX)(R8*4), Y8, Y9)
	SQUARE2((AX)(R10*1), Y10, Y11)
	NEXT2
	JNZ squares

	STORES2
	VZEROUPPER
	RET
