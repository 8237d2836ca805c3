package table_test

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"kairos/stdlib/symbols/table"
)

var limit = 3
var none *int

func group(path string) []table.Symbol {
	if path != "example.com/p" {
		return nil
	}
	return []table.Symbol{
		{"Limit", &limit},
		{"None", &none},
		{"Reader", (*io.Reader)(nil)},
		{"Upper", strings.ToUpper},
	}
}

func ExampleTable() {
	t := table.Table{group}
	upper, _ := t.Lookup("example.com/p", "Upper")
	fmt.Println(upper.Call([]reflect.Value{reflect.ValueOf("word")})[0])

	variable, _ := t.Lookup("example.com/p", "Limit")
	variable.SetInt(4)
	fmt.Println(limit)

	reader, _ := t.Type("example.com/p", "Reader")
	fmt.Println(reader)
	// Output:
	// WORD
	// 4
	// io.Reader
}

func TestLookup(t *testing.T) {
	tab := table.Table{func(string) []table.Symbol { return nil }, group}
	for _, name := range []string{"", "Lim", "Limits", "Zero"} {
		if v, ok := tab.Lookup("example.com/p", name); ok {
			t.Errorf("%q: %v", name, v)
		}
	}
	if v, ok := tab.Lookup("example.com/q", "Limit"); ok {
		t.Errorf("in a package that is not there: %v", v)
	}
	for _, name := range []string{"None", "Upper", "Zero"} {
		if typ, ok := tab.Type("example.com/p", name); ok {
			t.Errorf("%s is the type %v", name, typ)
		}
	}
}
