// Package k is a pool for the tests: what core programs import, compiled or interpreted.
package k

import (
	"fmt"
	"strings"
)

// Cases are the compiled entry points.
var Cases = map[string]func(){}

// Case registers an entry point. Interpreted programs find another function under this name.
func Case(name string, f func()) { Cases[name] = f }

var out strings.Builder

// Print notes values with their types.
func Print(args ...any) {
	for i, a := range args {
		if i > 0 {
			out.WriteByte(' ')
		}
		fmt.Fprintf(&out, "%T:%+v", a, a)
	}
	out.WriteByte('\n')
}

// Output returns what was printed and forgets it.
func Output() string {
	s := out.String()
	out.Reset()
	return s
}

// Try runs f and prints what it panics with.
func Try(name string, f func()) {
	defer func() {
		r := recover()
		if u, ok := r.(interface{ Unwrap() error }); ok && u.Unwrap() != nil {
			r = u.Unwrap()
		}
		fmt.Fprintf(&out, "%s: %T %v\n", name, r, r)
	}()
	f()
}

type (
	I8   int8
	I16  int16
	I32  int32
	I64  int64
	U8   uint8
	U16  uint16
	U32  uint32
	U64  uint64
	Int  int
	Uint uint
	F32  float32
	F64  float64
	C64  complex64
	Bool bool
	Str  string

	Ints     []int
	Strs     []string
	Bytes    []byte
	Runes    []rune
	Arr      [3]int
	Arrs     [2]Arr
	Matrix   [][]int
	Map      map[string]int
	MapPoint map[Point]string
	MapSlice map[string][]int
	MapStr   map[string]Point

	Fn     func(int) int
	Fns    []Fn
	MapFn  map[string]func() string
	Pred   func(int) bool
	Maker  func() (int, error)
	VarFn  func(string, ...any) string
	Chan   chan Point
	Any    any
	Shower interface{ Show() string }

	// Types without a name of their own.
	PInt      = *int
	PPoint    = *Point
	PPPoint   = **Point
	PRec      = *Rec
	PNode     = *Node
	PArr      = *Arr
	Points    = []Point
	Pair      = [2]Point
	IntSlice  = []int
	IntArr    = [3]int
	ByteSlice = []byte
	RuneSlice = []rune
	StrSlice  = []string
	AnySlice  = []any
	Greet     = func() string
	Func      = func()
	MapAny    = map[any]int
	PBool     = *bool
	Err       = error
	Empty     = any
	Bools     = [2]bool
	Bools1    = []bool
)

type Point struct{ X, Y int }

func (p Point) Show() string      { return fmt.Sprintf("<%d,%d>", p.X, p.Y) }
func (p *Point) Move(dx int)      { p.X += dx }
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }
func (p Point) Var(xs ...int) int { return p.X + len(xs) }

type Node struct {
	Val         int
	Left, Right *Node
	Tags        []string
}

type Rec struct {
	Name  string
	P     Point
	PP    *Point
	Arr   Arr
	Ps    [2]Point
	S     []int
	M     map[string]int
	F     Fn
	Any   any
	B     bool
	N8    int8
	U8    uint8
	F32   float32
	Inner struct{ A, B int }
	Sh    Shower
}

type Keyed map[Arr]int

func Send(c Chan, p Point) { c <- p }
func Recv(c Chan) Point    { return <-c }
func MakeChan(n int) Chan  { return make(Chan, n) }
func Add(a, b int) int     { return a + b }
func Sum(xs ...int) int {
	s := 0
	for _, x := range xs {
		s += x
	}
	return s
}
func Two() (int, string)                         { return 2, "two" }
func Three(a int, b string) string               { return fmt.Sprint(a, b) }
func Format(f string, a ...any) string           { return fmt.Sprintf(f, a...) }
func Apply(f Fn, x int) int                      { return f(x) }
func Call(f func())                              { f() }
func Call1(f func(a, b int) bool, a, b int) bool { return f(a, b) }
func NewRec() *Rec                               { return &Rec{} }
func ToAny(p Point) any                          { return p }
func IsNil(a any) bool                           { return a == nil }
func Len(a Ints) int                             { return len(a) }
func GetFn() Fn                                  { return func(x int) int { return x * 100 } }
func Fail() error                                { return fmt.Errorf("failed") }
func Ok() error                                  { return nil }
func PanicNow(v any)                             { panic(v) }
func Bump(p *int) int                            { *p++; return *p }

var PGlobal = &global

var global = 10

type (
	MapMap    map[string]Map
	PtrPoints []*Point
	Tree      map[string]Rec
	In        struct {
		A int
		B []int
	}
	Outer struct {
		In
		C int
	}
	Lower  struct{ A_ int }
	AnyMap map[string]any
)

func (r *Rec) PPf() *Point { return &r.Ps[1] }

// Constants are entered as values.
const (
	C8    I8      = -5
	CU8   U8      = 200
	CInt  int     = 3
	CNeg  int     = -7
	CBig  uint64  = 1<<63 + 5
	CF32  float32 = 0.1
	CF64  F64     = 2.5
	CStr  Str     = "const"
	CText string  = "text"
	CTrue bool    = true
	CC64  C64     = 1 + 2i
	CRune rune    = 'é'
)
