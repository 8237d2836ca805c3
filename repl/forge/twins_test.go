package forge_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
)

//lint:file-ignore U1000 the fields are for reflection to see

// The types of this file are forged from its source by the tests, and
// compared with what the compiler makes of them.

type (
	Int     int
	Small   uint8
	Float   float64
	Complex complex64
	Str     string
	Flag    bool
	Uptr    uintptr
	Unsafe  unsafe.Pointer

	Ints   []int
	Arr    [3]Small
	Table  map[string]Int
	Pipe   chan<- Point
	Fn     func(a Int, b ...Str) (Point, error)
	PtrTo  *Point
	Nested map[Point][]map[[2]Str]chan Point

	Point  struct{ X, Y int }
	hidden struct {
		a int
		B string `json:"bee,omitempty"`
		_ int32
		c byte
		d any
	}
	Empty struct{}
	Tail  struct {
		A int
		E struct{}
	}
	Padded struct {
		A byte
		B int64
		C byte
	}
	Blank struct {
		_ int
		A string
		_ float64
	}
	Wrap   struct{ p *Point }
	WrapF  struct{ f func() }
	Floaty struct {
		F float32
		G float64
		C complex128
	}
	Big struct {
		A [100]int
		B [20]*Point
		S string
	}
	Huge struct {
		a [300000]*Point
		b int
	}
	NoCmp  struct{ f []int }
	NoCmpF struct{ F func() }
	Iface  struct {
		E error
		s fmt.Stringer
		A any
	}
	Tagged struct {
		A int    `json:"a" xml:"b"`
		B string `odd:"\"tag\""`
	}
)

// Recursion of all sorts.
type (
	List struct {
		v    int
		next *List
	}
	Tree struct {
		kids []Tree
		name string
	}
	Node  struct{ kids map[string]Node }
	NodeK struct {
		m map[*NodeK]map[[2]*NodeK]NodeK
	}
	Slice []Slice
	Map   map[string]Map
	Func  func(Func) Func
	Chan  chan Chan
	Ptr   *Ptr
	Array [2]*Array
	Ifc   interface{ M(Ifc) Ifc }
	A     struct {
		b   *B
		s   []B
		m   map[string]B
		arr [2]*B
	}
	B struct {
		a A
		f func(A, *B) (B, error)
		c chan A
	}
	Anon struct {
		n struct {
			next *Anon
			kids []struct{ p *Anon }
		}
	}
	AnonM struct {
		n struct {
			kids map[string]struct {
				a AnonM
				X int
			}
		}
	}
	ArrM       struct{ a [2]map[string]ArrM }
	IfcS       struct{ i interface{ M() IfcS } }
	MapK       map[Point]map[MapE]MapK
	MapE       struct{ X interface{ M(MapK) } }
	SelfGen    Gen[SelfGen]
	Gen[T any] struct {
		v *T
		n []Gen[T]
	}
	Rose[T any] struct {
		kids []Rose[T]
		m    map[string]Rose[T]
		v    T
	}
	RoseInt Rose[int]
	UseRose struct {
		r Rose[UseRose2]
		p Pair[string, Point]
	}
	UseRose2 struct{ u *UseRose }
)

type Pair[K comparable, V any] struct {
	Key K
	val V
}

func (p Pair[K, V]) String() string    { return fmt.Sprintf("<%v=%v>", p.Key, p.val) }
func (p *Pair[K, V]) Set(k K, v V) int { p.Key, p.val = k, v; return 1 }

type Instances struct {
	A Pair[string, int]
	B *Pair[Point, hidden]
	C Pair[string, Pair[int, *bytes.Buffer]]
	D Gen[struct {
		x int
		Y string `t:"u"`
	}]
	E Gen[interface {
		error
		m(int)
	}]
	F Gen[func(...any) (int, error)]
	G Gen[map[string][]chan<- Point]
	H Gen[chan (<-chan int)]
	I Gen[any]
	J Gen[byte]
	K Gen[time.Duration]
	L Gen[[3]rune]
	M Gen[struct {
		*Point
		error
	}]
	N iter.Seq[Point]
	O iter.Seq2[int, error]
}

// Methods.

func (i Int) String() string             { return fmt.Sprintf("Int(%d)", int(i)) }
func (s Small) String() string           { return fmt.Sprintf("Small(%d)", uint8(s)) }
func (f Float) String() string           { return fmt.Sprintf("Float(%g)", float64(f)) }
func (p Point) String() string           { return fmt.Sprintf("(%d,%d)", p.X, p.Y) }
func (p Point) Add(q Point) Point        { return Point{p.X + q.X, p.Y + q.Y} }
func (p *Point) Move(dx, dy int)         { p.X += dx; p.Y += dy }
func (p Point) private() int             { return p.X }
func (s Str) Len() int                   { return len(s) }
func (e Empty) Error() string            { return "empty" }
func (f WrapF) Call()                    { f.f() }
func (t Table) Get(k string) (Int, bool) { v, ok := t[k]; return v, ok }
func (f Func) Name() string              { return "func" }
func (l *List) Len() int {
	n := 0
	for ; l != nil; l = l.next {
		n++
	}
	return n
}
func (h hidden) Error() string                { return "hidden " + h.B }
func (w Wrap) Point() *Point                  { return w.p }
func (t Tagged) MarshalText() ([]byte, error) { return []byte(t.B), nil }
func (a Arr) Sum() (n int) {
	for _, x := range a {
		n += int(x)
	}
	return
}
func (b Big) Tail() (string, [20]*Point) { return b.S, b.B }

type Wide struct {
	a, b, c string
	d       float64
}

func (w Wide) Many(a int, b string, c float64, d Point, e []byte, f any, g error, h ...int) (string, [3]int, float64, error) {
	return fmt.Sprint(w.a, w.b, w.c, w.d, a, b, c, d, e, f, g, h), [3]int{a, len(b), len(h)}, c, g
}

func (w *Wide) PMany(a int, b string, c float64, d Point, e []byte, f any, g error, h ...int) (string, [3]int, float64, error) {
	return w.Many(a, b, c, d, e, f, g, h...)
}

type (
	Embed struct {
		Pad int
		Point
		*List
		sync.Mutex
		e error
	}
	EmbedPtr  struct{ *Point }
	EmbedPtr2 struct{ EmbedPtr }
	EmbedDeep struct {
		A int
		EmbedPtr
		N int
	}
	EmbedBuf struct{ *bytes.Buffer }
	EmbedVal struct {
		N int
		bytes.Buffer
	}
	EmbedIfc struct {
		n int
		fmt.Stringer
	}
	EmbedErr   struct{ error }
	EmbedTime  struct{ time.Time }
	EmbedFunc  struct{ Func }
	EmbedInt   struct{ Int }
	EmbedSmall struct {
		Small
		Str
	}
	embedded struct{ x int }
	EmbedHid struct {
		embedded
		*hidden
	}
	EmbedGen struct{ Pair[string, int] }
	EmbedOwn struct {
		Shape
		k int
	}
	EmbedPkg struct {
		io.Reader
		Closer
	}
	EmbedTwice struct {
		Embed
		Z int
	}
	alias = struct {
		x int
		Point
	}
	EmbedAlias struct {
		n int
		alias
	}
	Anonymous struct {
		a struct {
			sync.Mutex
			x int
		}
		b struct {
			*Point
			y int
		}
		c *struct{ Int }
	}
	EmbedTB struct {
		n int
		testing.TB
	}
	EmbedZero struct {
		Empty
		p *Point
	}
)

func (e embedded) Hello(n int) string { return strings.Repeat("hello ", n) + fmt.Sprint(e.x) }

// Interfaces.
type (
	Shape interface {
		Area() float64
		fmt.Stringer
		scale(by float64, h hidden) Shape
	}
	Closer interface{ Close() error }
	Any    interface{}
	Both   interface {
		Shape
		Closer
	}
	UseIfc struct {
		a interface{ Foo(Point) hidden }
		b interface {
			foo()
			Bar()
		}
		c Shape
		d interface {
			io.Reader
			error
		}
		e interface{ Unwrap() []error }
	}
)

type square struct{ side float64 }

func (s square) Area() float64                    { return s.side * s.side }
func (s square) String() string                   { return fmt.Sprintf("square %g", s.side) }
func (s square) scale(by float64, h hidden) Shape { return square{s.side * by} }

type MyErr struct {
	code int
	Err  error
}

func (e *MyErr) Error() string { return fmt.Sprintf("code %d: %v", e.code, e.Err) }
func (e *MyErr) Unwrap() error { return e.Err }

var errBase = errors.New("base")

func localType() any {
	type local struct{ x int }
	return Gen[local]{}
}

func localType2() any {
	type local struct{ y int }
	return Gen[local]{v: &local{}}
}
