package forge

import (
	"errors"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// Where the runtime is another than the package knows, no type is forged; those that reflection makes still are.
func TestUnsound(t *testing.T) {
	w := New(nil)
	w.sound = func() error { return errors.New("structs have another layout") }
	pkg := types.NewPackage("main", "main")
	w.Own(pkg)
	named := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "T", nil), types.Typ[types.Int], nil)
	if _, err := w.True(named); err == nil || !strings.Contains(err.Error(), "structs have another layout") {
		t.Errorf("a named type: %v", err)
	}
	if r, err := w.True(types.NewSlice(types.Typ[types.Int])); err != nil || r.String() != "[]int" {
		t.Errorf("[]int: %v, %v", r, err)
	}
}
