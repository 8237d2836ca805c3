#include "textflag.h"

// Of the registers, DX is the closure context; AX, BX, CX, DI, SI, R8 to R11
// and X0 to X14 hold arguments; R14 is the goroutine; R12 and R13 are free.

#define NEXT MOVQ 8(DX), DX; MOVQ (DX), R13; JMP R13

TEXT ·enter<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVQ	(DX), R13
	JMP	R13

#define SLOT(n) MOVQ ·table+8*(n)(SB), DX; JMP ·enter<>(SB);
#define SLOT8(n) SLOT(n) SLOT(n+1) SLOT(n+2) SLOT(n+3) SLOT(n+4) SLOT(n+5) SLOT(n+6) SLOT(n+7)
#define SLOT64(n) SLOT8(n) SLOT8(n+8) SLOT8(n+16) SLOT8(n+24) SLOT8(n+32) SLOT8(n+40) SLOT8(n+48) SLOT8(n+56)
#define SLOT512(n) SLOT64(n) SLOT64(n+64) SLOT64(n+128) SLOT64(n+192) SLOT64(n+256) SLOT64(n+320) SLOT64(n+384) SLOT64(n+448)
#define SLOT4096(n) SLOT512(n) SLOT512(n+512) SLOT512(n+1024) SLOT512(n+1536) SLOT512(n+2048) SLOT512(n+2560) SLOT512(n+3072) SLOT512(n+3584)

TEXT ·slotTable<>(SB),NOSPLIT|NOFRAME,$0-0
	SLOT4096(0)
	SLOT4096(4096)
	SLOT4096(8192)
	SLOT4096(12288)
	SLOT4096(16384)
	SLOT4096(20480)
	SLOT4096(24576)
	SLOT4096(28672)

// The code of steps: offset is 16(DX), target 24(DX), method 32(DX).

TEXT ·jump<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVQ	24(DX), R13
	JMP	R13

TEXT ·add<>(SB),NOSPLIT|NOFRAME,$0-0
	TESTB	AX, (AX) // faults if nil
	ADDQ	16(DX), AX
	NEXT

TEXT ·load<>(SB),NOSPLIT|NOFRAME,$0-0
	TESTB	AX, (AX)
	MOVQ	16(DX), R12
	MOVQ	(AX)(R12*1), AX
	NEXT

TEXT ·iface<>(SB),NOSPLIT|NOFRAME,$0-0
	TESTB	AX, (AX)
	MOVQ	16(DX), R12
	MOVQ	(AX)(R12*1), R13
	MOVQ	8(AX)(R12*1), AX
	MOVQ	32(DX), R12
	MOVQ	(R13)(R12*1), R13
	JMP	R13

TEXT ·nonnil<>(SB),NOSPLIT|NOFRAME,$0-0
	TESTQ	AX, AX
	JEQ	null
	NEXT
null:
	MOVQ	24(DX), DX
	MOVQ	(DX), R13
	JMP	R13

#define DEREF(load) \
	TESTQ	AX, AX; \
	JEQ	null; \
	load	(AX), AX; \
	NEXT; \
null: \
	MOVQ	24(DX), DX; \
	MOVQ	(DX), R13; \
	JMP	R13

TEXT ·deref8<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVQ)

TEXT ·deref4<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVL)

TEXT ·deref2<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVWLZX)

TEXT ·deref1<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVBLZX)

#define ADDRESS(code) LEAQ code<>(SB), AX; MOVQ AX, ret+0(FP); RET

TEXT ·slotBase(SB),NOSPLIT,$0-8
	ADDRESS(·slotTable)

TEXT ·stepJump(SB),NOSPLIT,$0-8
	ADDRESS(·jump)

TEXT ·stepAdd(SB),NOSPLIT,$0-8
	ADDRESS(·add)

TEXT ·stepLoad(SB),NOSPLIT,$0-8
	ADDRESS(·load)

TEXT ·stepIface(SB),NOSPLIT,$0-8
	ADDRESS(·iface)

TEXT ·stepDeref8(SB),NOSPLIT,$0-8
	ADDRESS(·deref8)

TEXT ·stepDeref4(SB),NOSPLIT,$0-8
	ADDRESS(·deref4)

TEXT ·stepDeref2(SB),NOSPLIT,$0-8
	ADDRESS(·deref2)

TEXT ·stepDeref1(SB),NOSPLIT,$0-8
	ADDRESS(·deref1)

TEXT ·stepNonNil(SB),NOSPLIT,$0-8
	ADDRESS(·nonnil)
