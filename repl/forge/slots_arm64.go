package forge

import (
	"errors"
	"unsafe"
)

// slotSize is the size of the code of a slot: its number loaded, and a jump.
const slotSize = 8

// dataAddress is the address that two instructions at code make, if it is one
// relative to the code: ADRP and ADD to one register.
//
//go:nocheckptr
func dataAddress(code unsafe.Pointer) *unsafe.Pointer {
	if uintptr(code)%4 != 0 {
		return nil
	}
	adrp, add := *(*uint32)(code), *(*uint32)(unsafe.Add(code, 4))
	reg := adrp & 31
	if adrp&0x9F000000 != 0x90000000 || add&0xFFC003FF != 0x91000000|reg<<5|reg {
		return nil
	}
	pages := int(int32(adrp<<8)>>13)<<2 | int(adrp>>29&3)
	page := unsafe.Add(code, -int(uintptr(code)&0xFFF))
	return aligned(unsafe.Add(page, pages<<12+int(add>>10&0xFFF)))
}

// checkSlots compares some slots with the instructions they should be: the
// second of each is a jump to one and the same place.
func checkSlots() error {
	enter := func(i int) uintptr {
		p := unsafe.Add(slotCode(i), 4)
		if *(*uint32)(p)>>26 != 5 {
			return 0
		}
		return uintptr(p) + uintptr(int32(*(*uint32)(p)<<6)>>4)
	}
	for _, i := range []int{0, 1, 15, 16, 4096, slotCount - 1} {
		if at := enter(i); at == 0 || at != enter(2) {
			return errors.New("the assembler lays out slots in another way")
		}
	}
	return nil
}
