package generic

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A trial runs one function on random arguments and writes down all that can be seen: the calls of its callbacks, its
// results, what iterators it returned yield, its panic, and the array that its slices were taken from. The arguments
// follow from the seed, so that trials of the genuine function and of ours must read the same.
type trial struct {
	rnd    *rand.Rand
	elem   reflect.Type                  // the element type of slices
	values map[reflect.Type][]any        // what there is of each type, as interfaces hold it
	trues  map[reflect.Type]reflect.Type // the true types of the open ones
	array  reflect.Value                 // of elem, where slices are taken from
	log    []string
	calls  int  // of callbacks
	last   int  // the call of a callback that panics
	random bool // the order of the calls is random, as in ranging over a map
}

const arraySize = 40

// all is more than any iterator yields.
const all = 1000

// attempt runs f and returns what it did.
func (t *trial) attempt(seed uint64, f reflect.Value) []string {
	t.rnd, t.log, t.calls, t.last = rand.New(rand.NewPCG(seed, 1)), nil, 0, -1
	elem := t.elem
	if t.rnd.IntN(10) == 0 && !t.random {
		t.last = t.rnd.IntN(6)
	}
	t.array = reflect.MakeSlice(reflect.SliceOf(elem), arraySize, arraySize)
	for i := range arraySize {
		t.array.Index(i).Set(t.value(elem))
	}
	args := make([]reflect.Value, f.Type().NumIn())
	for i := range args {
		args[i] = t.argument(f.Type().In(i))
	}
	t.guard(func() {
		var results []reflect.Value
		if f.Type().IsVariadic() {
			results = f.CallSlice(args)
		} else {
			results = f.Call(args)
		}
		for _, r := range results {
			t.result(r, results)
		}
	})
	for _, a := range args {
		if a.Kind() == reflect.Map {
			t.note("map now %s", t.show(a))
		}
	}
	t.note("array now %s", t.show(t.array))
	return t.log
}

func (t *trial) note(format string, args ...any) { t.log = append(t.log, fmt.Sprintf(format, args...)) }

func (t *trial) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			t.note("panic %T: %v", r, r)
		}
	}()
	f()
}

// value returns a random value of a type.
func (t *trial) value(typ reflect.Type) reflect.Value {
	if choice, ok := t.values[typ]; ok {
		v := reflect.New(t.trueOf(typ)).Elem()
		if x := choice[t.rnd.IntN(len(choice))]; x != nil {
			v.Set(reflect.ValueOf(x))
		}
		return view(v, typ)
	}
	switch typ.Kind() {
	case reflect.Int:
		return reflect.ValueOf(t.rnd.IntN(12) - 1).Convert(typ)
	case reflect.Bool:
		return reflect.ValueOf(t.rnd.IntN(2) == 0).Convert(typ)
	}
	panic(fmt.Sprint("no values of ", typ))
}

func (t *trial) trueOf(typ reflect.Type) reflect.Type {
	if known := t.trues[typ]; known != nil {
		return known
	}
	return typ
}

func (t *trial) argument(typ reflect.Type) reflect.Value {
	_, leaf := t.values[typ]
	switch {
	case leaf || typ.Kind() == reflect.Int:
		return t.value(typ)
	case typ.Kind() == reflect.Slice && typ.Elem() == t.elem:
		lo, hi, end := t.rnd.IntN(arraySize), t.rnd.IntN(arraySize), t.rnd.IntN(arraySize+1)
		ends := []int{lo, hi, end}
		slices.Sort(ends)
		switch t.rnd.IntN(10) {
		case 0:
			return reflect.Zero(typ)
		case 1:
			ends[1] = ends[0]
		case 2, 3:
			ends[2] = ends[1]
		}
		return t.array.Slice3(ends[0], ends[1], ends[2]).Convert(typ)
	case typ.Kind() == reflect.Slice:
		s := reflect.MakeSlice(typ, t.rnd.IntN(4), 4)
		for i := range s.Len() {
			s.Index(i).Set(t.argument(typ.Elem()))
		}
		return s
	case typ.Kind() == reflect.Map:
		if t.rnd.IntN(10) == 0 {
			return reflect.Zero(typ)
		}
		m := reflect.MakeMap(typ)
		for range t.rnd.IntN(8) {
			if k := t.value(typ.Key()); k.Comparable() {
				m.SetMapIndex(k, t.value(typ.Elem()))
			}
		}
		return m
	case typ.Kind() == reflect.Func:
		return t.callback(typ)
	}
	panic(fmt.Sprint("no argument of type ", typ))
}

// callback returns a func that tells values apart by few keys, so that some are equal, and panics at last.
func (t *trial) callback(typ reflect.Type) reflect.Value {
	if t.rnd.IntN(20) == 0 && !t.random {
		return reflect.Zero(typ)
	}
	if typ.NumOut() == 0 {
		return t.sequence(typ)
	}
	return reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		if !t.random {
			t.count("callback", args)
		}
		out := typ.Out(0)
		switch {
		case len(args) == 0:
			var results []reflect.Value
			for r := range typ.Outs() {
				results = append(results, t.value(r))
			}
			return results
		case out.Kind() == reflect.Int:
			return of(t.key(args[0]) - t.key(args[1]))
		case len(args) == 2 && args[0].Type() == args[1].Type():
			return of(t.key(args[0]) == t.key(args[1]))
		default:
			return of(t.key(args[0]) == 0)
		}
	})
}

func (t *trial) count(what string, args []reflect.Value) {
	text := what
	for _, a := range args {
		text += " " + t.show(a)
	}
	t.note("%s", text)
	if t.calls++; t.calls == t.last {
		panic("enough")
	}
}

func (t *trial) key(v reflect.Value) int {
	h := fnv.New32()
	h.Write([]byte(t.show(v)))
	return int(h.Sum32() % 5)
}

// sequence returns an iterator over random values.
func (t *trial) sequence(typ reflect.Type) reflect.Value {
	n, yield := t.rnd.IntN(15), typ.In(0)
	return reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		for range n {
			values := make([]reflect.Value, yield.NumIn())
			for i := range values {
				values[i] = t.value(yield.In(i))
			}
			t.count("yield", values)
			if !args[0].Call(values)[0].Bool() {
				break
			}
		}
		return nil
	})
}

// result notes a result and, if it is a func, what it does.
func (t *trial) result(r reflect.Value, results []reflect.Value) {
	if r.Kind() != reflect.Func || t.values[r.Type()] != nil {
		t.note("result %s %s", r.Type(), t.show(r))
		return
	}
	switch {
	case r.Type().NumIn() == 1:
		t.iterate(r, all)
		t.iterate(r, t.rnd.IntN(4))
	case len(results) == 2: // next and stop
		for i := range 4 {
			if i == 3 {
				results[1].Call(nil)
			}
			t.guard(func() { t.note("next %s", t.showAll(results[0].Call(nil))) })
		}
	default:
		for range 2 {
			t.guard(func() { t.note("call %s", t.showAll(r.Call(nil))) })
		}
	}
}

func (t *trial) iterate(seq reflect.Value, stop int) {
	n := 0
	t.guard(func() {
		seq.Call([]reflect.Value{reflect.MakeFunc(seq.Type().In(0), func(args []reflect.Value) []reflect.Value {
			n++
			if stop == all || !t.random {
				t.note("got %s", t.showAll(args))
			}
			return of(n < stop)
		})})
	})
	t.note("got %d", n)
}

func (t *trial) showAll(values []reflect.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = t.show(v)
	}
	return strings.Join(texts, ", ")
}

// show writes a value with all that can be known of it.
func (t *trial) show(v reflect.Value) string {
	if v.Kind() == reflect.Slice && t.values[v.Type()] == nil {
		var b strings.Builder
		fmt.Fprintf(&b, "nil:%v len:%d cap:%d %s[", v.IsNil(), v.Len(), v.Cap(), t.origin(v))
		for i := range v.Cap() {
			b.WriteString(t.show(v.Slice(0, v.Cap()).Index(i)) + " ")
		}
		return b.String() + "]"
	}
	if v.Kind() == reflect.Func {
		return fmt.Sprint("func ", v.IsNil())
	}
	if v.Kind() == reflect.Map && t.values[v.Type()] == nil {
		var pairs []string
		for k, e := range v.Seq2() {
			pairs = append(pairs, t.show(k)+":"+t.show(e))
		}
		slices.Sort(pairs)
		return fmt.Sprint(v.IsNil(), len(pairs), pairs)
	}
	return fmt.Sprintf("%v", view(v, t.trueOf(v.Type())).Interface())
}

// origin tells where in the array a slice is.
func (t *trial) origin(s reflect.Value) string {
	size := t.elem.Size()
	offset := s.Pointer() - t.array.Pointer()
	if s.Type().Elem() != t.elem || size == 0 || offset >= arraySize*size {
		return ""
	}
	return fmt.Sprint("at ", offset/size)
}

// sameAs checks that the function name does what the genuine instance f does, in many trials.
func sameAs(t *testing.T, name string, f any, targs []reflect.Type, values map[reflect.Type][]any) {
	t.Helper()
	genuine := reflect.ValueOf(f)
	ours, ok := provided(name, genuine.Type(), targs, targs)
	if !ok {
		t.Errorf("%s%v: not provided", name, targs)
		return
	}
	for seed := range uint64(60) {
		trial := &trial{elem: targs[len(targs)/2], values: values, random: strings.HasPrefix(name, "maps.")}
		want := trial.attempt(seed, genuine)
		got := trial.attempt(seed, ours)
		if trial.random {
			slices.Sort(want)
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s%v, seed %d:\n%s\nwant\n%s", name, targs, seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
			return
		}
	}
}

func provided(name string, typ reflect.Type, targs, trues []reflect.Type) (reflect.Value, bool) {
	dot := strings.LastIndexByte(name, '.')
	return Func(name[:dot], name[dot+1:], typ, targs, trues)
}
