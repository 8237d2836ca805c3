//go:build !amd64 && !arm64

package forge

import (
	"errors"
	"unsafe"
)

// Without assembly for the processor, types can be forged but not methods.
const (
	slotCount = 0
	slotSize  = 0
)

func checkSlots() error { return errors.New("methods of forged types need amd64 or arm64") }

func dataAddress(unsafe.Pointer) *unsafe.Pointer { return nil }

func slotBase() unsafe.Pointer   { return nil }
func stepJump() unsafe.Pointer   { return nil }
func stepAdd() unsafe.Pointer    { return nil }
func stepLoad() unsafe.Pointer   { return nil }
func stepIface() unsafe.Pointer  { return nil }
func stepNonNil() unsafe.Pointer { return nil }
func stepDeref8() unsafe.Pointer { return nil }
func stepDeref4() unsafe.Pointer { return nil }
func stepDeref2() unsafe.Pointer { return nil }
func stepDeref1() unsafe.Pointer { return nil }
