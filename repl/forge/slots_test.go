package forge

import (
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// TestSlotsRunOut takes all slots: a type with methods is refused then, and
// made when there are slots again.
func TestSlotsRunOut(t *testing.T) {
	if err := SelfTest(); err != nil { // which takes slots when it is first asked for
		t.Fatal(err)
	}
	pkg := types.NewPackage("main", "main")
	w := New(nil)
	w.Own(pkg)
	named := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "T", nil), types.Typ[types.Int], nil)
	for _, name := range []string{"A", "B", "C"} {
		recv := types.NewParam(token.NoPos, pkg, "", named)
		named.AddMethod(types.NewFunc(token.NoPos, pkg, name, types.NewSignatureType(recv, nil, nil, nil, nil, false)))
	}
	var taken []int
	free := func() int { return slotCount - slots.used + len(slots.free) }
	for free() > 3 {
		taken = append(taken, claimSlot())
	}
	for range 3 {
		if _, err := w.True(named); err == nil || !strings.Contains(err.Error(), "slots for methods are in use") {
			t.Fatal(err)
		}
		if free() != 3 {
			t.Fatal("slots are lost:", free())
		}
	}
	for _, i := range taken {
		releaseSlot(i)
	}
	if _, err := w.True(named); err != nil {
		t.Fatal(err)
	}
	if free() != len(taken)-3 {
		t.Error("slots are lost:", free(), len(taken))
	}
	w.Close()
	if free() != len(taken)+3 {
		t.Error("Close does not give back:", free(), len(taken))
	}
}
