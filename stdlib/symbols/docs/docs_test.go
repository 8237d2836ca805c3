package docs

import (
	"fmt"
	"strings"
	"testing"

	"kairos/stdlib/symbols/typedata"
)

func ExampleLookup() {
	fmt.Println(Lookup("strings", "Builder.WriteString"))
	fmt.Println(Position("kairos/stdlib/similarity", "WSD"))
	// Output:
	// WriteString appends the contents of s to b's buffer.
	// It returns the length of s and a nil error.
	// kairos/stdlib/similarity/wsd.go
}

func TestLookup(t *testing.T) {
	for _, c := range []struct{ path, name, want string }{
		{"strings", "", "Package strings implements simple functions"},
		{"sort", "Interface.Less", "Less reports whether the element with index i"},
		{"net/http", "Server.Handler", "handler to invoke, http.DefaultServeMux if nil"},
		{"net/http", "MethodPut", "Common HTTP methods."},
		{"os", "Args", "Args hold the command-line arguments"},
		{"slices", "Sort", "Sort sorts a slice of any ordered type"},
		{"sync/atomic", "Pointer.Load", "Load atomically loads"},
		{"gonum.org/v1/gonum/mat", "Dense.At", "At returns the element at row i"},
		{"github.com/sugarme/gotch/ts", "Tensor.Size", "Size return shape of the tensor"},
		{"kairos/stdlib/data", "Example", "Example is"},
		{"builtin", "append", "The append built-in function appends elements"},
		{"builtin", "error.Error", ""},
		{"builtin", "int", "int is a signed integer type"},
		{"strings", "none", ""},
		{"none", "", ""},
	} {
		if got := Lookup(c.path, c.name); !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s %s: %q, want %q…", c.path, c.name, got, c.want)
		}
	}
	if got := Position("strings", "Builder.WriteString"); !strings.HasPrefix(got, "strings/builder.go:") {
		t.Errorf("strings.Builder.WriteString is at %q", got)
	}
}

// TestEveryPackage: all that can be imported and has a name of its own is here with its position.
func TestEveryPackage(t *testing.T) {
	imp := typedata.NewImporter()
	for _, path := range typedata.Paths() {
		pkg, err := imp.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		if !Has(path) {
			t.Errorf("nothing on %s", path)
			continue
		}
		for _, name := range pkg.Scope().Names() {
			if Position(path, name) == "" && pkg.Scope().Lookup(name).Exported() {
				t.Errorf("nothing on %s.%s", path, name)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		loaded.Clear()
		Lookup("net/http", "Server")
	}
}
