package forge_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"sort"
	"testing"

	"kairos/repl/forge"
)

// TestHeap fills the heap with forged values that hold the only pointers to
// others, and looks at them after the collector.
func TestHeap(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	w := source(t, `
type Node struct {
	pad  [3]int32
	name string
	kids map[string]Node
	list []Node
	next *Node
	any  any
	f    func() string
	c    chan *Node
	arr  [2]struct { n int; p *Node }
}
type Large struct { a [20000]*Node; n Node; b [100]struct { x int; s string } }
`)
	open, real := w.get(t, "Node")
	large, _ := w.get(t, "Large")
	var all []reflect.Value
	for i := range 300 {
		n := newNode(open, real, 3, fmt.Sprint(i))
		l := reflect.New(large).Elem()
		l.FieldByName("a").Index(i * 60).Set(n)
		l.FieldByName("n").Set(n.Elem())
		l.FieldByName("b").Index(i % 100).Field(1).SetString(fmt.Sprint("b", i))
		if i%20 == 0 {
			all = append(all, l)
		}
		all = append(all, n)
	}
	for range 5 {
		runtime.GC()
	}
	n := 0
	for _, v := range all {
		if v.Kind() == reflect.Struct {
			for i := range v.Field(0).Len() {
				if p := v.Field(0).Index(i); !p.IsNil() {
					checkNode(t, p.Elem(), 3, fmt.Sprint(n))
					if s := v.FieldByName("b").Index(n % 100).Field(1).String(); s != fmt.Sprint("b", n) {
						t.Error(s)
					}
				}
			}
			continue
		}
		checkNode(t, v.Elem(), 3, fmt.Sprint(n))
		n++
	}
}

func newNode(open, real reflect.Type, depth int, name string) reflect.Value {
	p := reflect.New(open)
	v := p.Elem()
	v.FieldByName("name").SetString("name" + name)
	if depth == 0 {
		return p
	}
	child := func(s string) reflect.Value { return newNode(open, real, depth-1, name+s) }
	v.FieldByName("kids").Set(reflect.MakeMap(v.FieldByName("kids").Type()))
	v.FieldByName("kids").SetMapIndex(reflect.ValueOf("k"+name), child("k").Elem())
	v.FieldByName("list").Set(reflect.Append(v.FieldByName("list"), child("l").Elem()))
	v.FieldByName("next").Set(child("n"))
	v.FieldByName("any").Set(forge.As(child("a").Elem(), real))
	v.FieldByName("f").Set(reflect.ValueOf(func() string { return name }))
	v.FieldByName("c").Set(reflect.MakeChan(v.FieldByName("c").Type(), 1))
	v.FieldByName("c").Send(child("c"))
	v.FieldByName("arr").Index(1).Field(1).Set(child("r"))
	return p
}

func checkNode(t *testing.T, v reflect.Value, depth int, name string) {
	if s := v.FieldByName("name").String(); s != "name"+name {
		t.Fatalf("%q, want %q", s, "name"+name)
	}
	if depth == 0 {
		return
	}
	checkNode(t, v.FieldByName("kids").MapIndex(reflect.ValueOf("k"+name)), depth-1, name+"k")
	checkNode(t, v.FieldByName("list").Index(0), depth-1, name+"l")
	checkNode(t, v.FieldByName("next").Elem(), depth-1, name+"n")
	checkNode(t, forge.As(v.FieldByName("any").Elem(), v.Type()), depth-1, name+"a")
	if s := v.FieldByName("f").Call(nil)[0].String(); s != name {
		t.Fatal(s)
	}
	c := v.FieldByName("c")
	p, _ := c.Recv()
	c.Send(p)
	checkNode(t, p.Elem(), depth-1, name+"c")
	checkNode(t, v.FieldByName("arr").Index(1).Field(1).Elem(), depth-1, name+"r")
}

// TestMapViews looks up in one view what was stored in the other.
func TestMapViews(t *testing.T) {
	w := source(t, `
type K struct { a int; _ int; s string; i any; f float64 }
var M map[K]int
`)
	openM, realM := w.get(t, "M")
	m := reflect.MakeMap(openM)
	key := func(i int) reflect.Value {
		k := reflect.New(openM.Key()).Elem()
		k.FieldByName("a").SetInt(int64(i))
		k.FieldByName("s").SetString(fmt.Sprint(i))
		k.FieldByName("i").Set(reflect.ValueOf(i))
		return k
	}
	for i := range 1000 {
		m.SetMapIndex(key(i), reflect.ValueOf(i))
	}
	r := forge.As(m, realM)
	set := map[any]bool{}
	for i := range 1000 {
		k := forge.As(key(i), realM.Key())
		if v := r.MapIndex(k); !v.IsValid() || v.Int() != int64(i) {
			t.Fatal(i, v)
		}
		set[k.Interface()] = true
		set[forge.As(key(i), realM.Key()).Interface()] = true
	}
	if len(set) != 1000 || !reflect.DeepEqual(r.Interface(), forge.As(m, realM).Interface()) {
		t.Error(len(set))
	}
}

// TestLibrary passes forged values to packages that look at types.
func TestLibrary(t *testing.T) {
	w := source(t, `
type P struct { X, Y int; Name string; In []P; M map[string]*P }
type S []P
`)
	_, real := w.get(t, "S")
	s := reflect.MakeSlice(real, 0, 0)
	for i := range 10 {
		p := reflect.New(real.Elem()).Elem()
		p.Field(0).SetInt(int64((i * 7) % 10))
		p.Field(2).SetString("name")
		s = reflect.Append(s, p)
	}
	sort.Slice(s.Interface(), func(i, j int) bool { return s.Index(i).Field(0).Int() < s.Index(j).Field(0).Int() })
	if got := fmt.Sprint(s.Interface())[:20]; got != "[{0 0 name [] map[]}" {
		t.Error(got)
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).EncodeValue(s); err != nil {
		t.Fatal(err)
	}
	back := reflect.New(real)
	if err := gob.NewDecoder(&b).DecodeValue(back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Elem().Index(5).Field(0).Int(), int64(5)) || back.Elem().Len() != 10 {
		t.Error(back.Elem())
	}
}
