package forge

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// slotSize is the size of the code of a slot: a load of 7 bytes and a jump of 5.
const slotSize = 12

// dataAddress is the address that a load at code reads from, if it is one of
// 8 bytes from an address relative to the code: MOVQ x(SB), R.
//
//go:nocheckptr
func dataAddress(code unsafe.Pointer) *unsafe.Pointer {
	b := unsafe.Slice((*byte)(code), 7)
	if b[0]&^4 != 0x48 || b[1] != 0x8B || b[2]&0xC7 != 0x05 {
		return nil
	}
	return aligned(unsafe.Add(code, 7+int(int32(binary.LittleEndian.Uint32(b[3:])))))
}

// checkSlots compares some slots with the instructions they should be.
func checkSlots() error {
	for _, i := range []int{0, 1, 15, 16, 4096, slotCount - 1} {
		code := unsafe.Slice((*byte)(slotCode(i)), slotSize)
		if code[0] != 0x48 || code[1] != 0x8B || code[2] != 0x15 || code[7] != 0xE9 {
			return errors.New("the assembler lays out slots in another way")
		}
	}
	return nil
}
