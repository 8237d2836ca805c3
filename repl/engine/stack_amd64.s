#include "textflag.h"

// func stackUsed() uintptr
TEXT ·stackUsed(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX // the runtime's g, which begins with the bounds of the stack
	MOVQ 8(AX), AX
	LEAQ ret+0(FP), CX
	SUBQ CX, AX
	MOVQ AX, ret+0(FP)
	RET
