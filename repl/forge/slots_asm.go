//go:build amd64 || arm64

package forge

import "unsafe"

// slotCount is the number of slots, here and in the assembly.
const slotCount = 32768

// slotBase returns the entry point of the first slot.
func slotBase() unsafe.Pointer

// The step functions return the entry points of the code of steps.
func stepJump() unsafe.Pointer
func stepAdd() unsafe.Pointer
func stepLoad() unsafe.Pointer
func stepIface() unsafe.Pointer
func stepNonNil() unsafe.Pointer
func stepDeref8() unsafe.Pointer
func stepDeref4() unsafe.Pointer
func stepDeref2() unsafe.Pointer
func stepDeref1() unsafe.Pointer
