package generic

import (
	"cmp"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
)

type (
	number int
	ratio  float64
	label  string
	small  struct{ A, B int }
	mixed  struct {
		Name string
		At   *int
		X    float64
		Any  any
	}
	wide   [12]string
	hidden struct {
		n    int
		name string
	}
	failure struct{ _ int }
)

func (f *failure) Error() string { return "failure" }

var (
	one, two = new(int), new(int)
	nan      = math.NaN()
)

func comparableTable[E comparable]() table { return tables(anyFuncs[E], comparableFuncs[E])() }

func orderedTable[E cmp.Ordered]() table {
	return tables(anyFuncs[E], comparableFuncs[E], orderedFuncs[E])()
}

// untested are functions of the tables that take other tests.
var untested = map[string]bool{
	"hash/maphash.Comparable": true, "hash/maphash.WriteComparable": true, "math/rand/v2.N": true, "runtime.AddCleanup": true,
}

// elementsOf checks all functions of a table for elements of type E, of which some values are given.
func elementsOf[E any](t *testing.T, instances table, values ...E) {
	typ := reflect.TypeFor[E]()
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	t.Run(typ.String(), func(t *testing.T) {
		for name, f := range instances {
			if !untested[name] {
				sameAs(t, name, f, typeArgs(name, typ), map[reflect.Type][]any{typ: all})
			}
		}
	})
}

// typeArgs returns the type arguments of an instance for elements of one type: S, E of most.
func typeArgs(name string, elem reflect.Type) []reflect.Type {
	s := reflect.SliceOf(elem)
	switch {
	case name == "slices.BinarySearchFunc":
		return []reflect.Type{s, elem, elem}
	case name == "slices.CompareFunc", name == "slices.EqualFunc":
		return []reflect.Type{s, s, elem, elem}
	case !strings.HasPrefix(name, "slices."), strings.HasPrefix(name, "slices.Sorted"), name == "slices.Collect":
		return []reflect.Type{elem}
	}
	return []reflect.Type{s, elem}
}

func TestOrdered(t *testing.T) {
	elementsOf[int](t, orderedTable[int](), 3, 1, 2, -5, 0)
	elementsOf[int8](t, orderedTable[int8](), 3, 1, 2, -5, 127)
	elementsOf[uint8](t, orderedTable[uint8](), 3, 1, 2, 255)
	elementsOf[uint16](t, orderedTable[uint16](), 3, 1, 2, 65535)
	elementsOf[int64](t, orderedTable[int64](), 3, 1, math.MinInt64, math.MaxInt64)
	elementsOf[uintptr](t, orderedTable[uintptr](), 3, 1, 2)
	elementsOf[number](t, orderedTable[number](), 3, 1, 2, -5)
	elementsOf[float32](t, orderedTable[float32](), 3, 1.5, float32(nan), 0, float32(math.Inf(-1)))
	elementsOf[float64](t, orderedTable[float64](), 3, 1.5, nan, 0, math.Copysign(0, -1))
	elementsOf[ratio](t, orderedTable[ratio](), 3, 1.5, ratio(nan), 0)
	elementsOf[string](t, orderedTable[string](), "", "a", "b", "ab")
	elementsOf[label](t, orderedTable[label](), "", "a", "b", "ab")
}

func TestComparable(t *testing.T) {
	elementsOf[bool](t, comparableTable[bool](), true, false)
	elementsOf[complex128](t, comparableTable[complex128](), 1, 2i, complex(nan, 0))
	elementsOf[complex64](t, comparableTable[complex64](), 1, 2i)
	elementsOf[*int](t, comparableTable[*int](), nil, one, two)
	elementsOf[chan int](t, comparableTable[chan int](), nil, make(chan int))
	elementsOf[any](t, comparableTable[any](), nil, 1, 2, "a", nan, one, []int(nil))
	elementsOf[error](t, comparableTable[error](), nil, io.EOF, &failure{}, errors.New("x"))
	elementsOf[io.Reader](t, comparableTable[io.Reader](), nil, strings.NewReader("x"))
}

func TestAny(t *testing.T) {
	elementsOf[[]byte](t, anyFuncs[[]byte](), nil, []byte("a"), []byte("b"))
	elementsOf[map[string]int](t, anyFuncs[map[string]int](), nil, map[string]int{"a": 1}, map[string]int{"b": 1})
	elementsOf[func()](t, anyFuncs[func()](), nil, func() {})
}

func TestStructs(t *testing.T) {
	elementsOf[small](t, comparableTable[small](), small{}, small{1, 2}, small{2, 1}, small{1, 3})
	elementsOf[mixed](t, comparableTable[mixed](), mixed{}, mixed{"a", one, 1, nil}, mixed{"a", one, nan, 1}, mixed{"a", one, 1, []int{}})
	elementsOf[hidden](t, comparableTable[hidden](), hidden{}, hidden{1, "a"}, hidden{2, "a"})
	elementsOf[wide](t, comparableTable[wide](), wide{}, wide{"a"}, wide{11: "b"})
	elementsOf[[1]*int](t, comparableTable[[1]*int](), [1]*int{}, [1]*int{one})
	elementsOf[struct{ P *int }](t, comparableTable[struct{ P *int }](), struct{ P *int }{}, struct{ P *int }{one})
	elementsOf[struct{}](t, comparableTable[struct{}](), struct{}{})
	elementsOf[struct{ S []string }](t, anyFuncs[struct{ S []string }](), struct{ S []string }{}, struct{ S []string }{[]string{"a"}})
	elementsOf[[3]int8](t, comparableTable[[3]int8](), [3]int8{}, [3]int8{1}, [3]int8{2})
}
