#include "textflag.h"

// Of the registers, R26 is the closure context; R0 to R15 and F0 to F15 hold
// arguments; R28 is the goroutine; R16, R17 and R27 are free.

#define NEXT MOVD 8(R26), R26; MOVD (R26), R17; JMP (R17)

TEXT ·enter<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVD	$·table(SB), R17
	MOVD	(R17)(R16<<3), R26
	MOVD	(R26), R17
	JMP	(R17)

#define SLOT(n) MOVD $(n), R16; JMP ·enter<>(SB);
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

// The code of steps: offset is 16(R26), target 24(R26), method 32(R26).

TEXT ·jump<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVD	24(R26), R17
	JMP	(R17)

TEXT ·add<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVB	(R0), R17 // faults if nil
	MOVD	16(R26), R17
	ADD	R17, R0
	NEXT

TEXT ·load<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVB	(R0), R17
	MOVD	16(R26), R17
	MOVD	(R0)(R17), R0
	NEXT

TEXT ·iface<>(SB),NOSPLIT|NOFRAME,$0-0
	MOVB	(R0), R17
	MOVD	16(R26), R17
	ADD	R17, R0
	MOVD	(R0), R17
	MOVD	8(R0), R0
	MOVD	32(R26), R16
	MOVD	(R17)(R16), R17
	JMP	(R17)

TEXT ·nonnil<>(SB),NOSPLIT|NOFRAME,$0-0
	CBZ	R0, null
	NEXT
null:
	MOVD	24(R26), R26
	MOVD	(R26), R17
	JMP	(R17)

#define DEREF(load) \
	CBZ	R0, null; \
	load	(R0), R0; \
	NEXT; \
null: \
	MOVD	24(R26), R26; \
	MOVD	(R26), R17; \
	JMP	(R17)

TEXT ·deref8<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVD)

TEXT ·deref4<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVWU)

TEXT ·deref2<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVHU)

TEXT ·deref1<>(SB),NOSPLIT|NOFRAME,$0-0
	DEREF(MOVBU)

#define ADDRESS(code) MOVD $code<>(SB), R0; MOVD R0, ret+0(FP); RET

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
