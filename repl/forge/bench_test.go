package forge_test

import (
	"fmt"
	"reflect"
	"testing"
)

type adder interface{ Add(n int) int }

const benchSource = `
type I int
func (i I) Add(n int) int { return 0 }
type V struct { a, b int }
func (v V) Add(n int) int { return 0 }
type P struct { a, b int }
func (p *P) Add(n int) int { return 0 }
type E struct { x int; *P }
`

// BenchmarkCall calls methods through a compiled interface: of code compiled,
// and of code that reflect.MakeFunc made as an interpreter would.
func BenchmarkCall(b *testing.B) {
	add := map[string]any{
		"I": func(i, n int) int { return i + n },
		"V": func(v [2]int, n int) int { return v[0] + n },
		"P": func(p *[2]int, n int) int { return p[0] + n },
	}
	made := func(any) any {
		return func(args []reflect.Value) []reflect.Value { return args[1:] }
	}
	for name, wrap := range map[string]func(any) any{"compiled": func(f any) any { return f }, "made": made} {
		w := source(b, benchSource)
		for typ, f := range add {
			if typ == "V" {
				f = func(v struct{ a, b int }, n int) int { return v.a + n }
			}
			w.bind(b, typ, "Add", wrap(f))
		}
		for _, typ := range []string{"I", "V", "P", "E"} {
			_, t := w.get(b, typ)
			v := reflect.New(t)
			if typ == "E" {
				_, p := w.get(b, "P")
				reflect.NewAt(reflect.PointerTo(p), reflect.ValueOf(v.Interface()).Elem().Field(1).Addr().UnsafePointer()).Elem().Set(reflect.New(p))
			}
			x := v.Interface().(adder)
			if typ == "I" || typ == "V" {
				x = v.Elem().Interface().(adder)
			}
			b.Run(fmt.Sprint(typ, "/", name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					x.Add(1)
				}
			})
		}
	}
}

// BenchmarkNew makes a world's types; what it reports is the time of a type.
func BenchmarkNew(b *testing.B) {
	for name, text := range map[string]string{
		"plain":    "type T%d struct { A int; b string; next *T%[1]d }\n",
		"map":      "type T%d struct { A int; kids map[string]T%[1]d }\n",
		"methods":  "type T%d struct { A int; b string }\nfunc (t T%[1]d) A1() int { return 0 }\nfunc (t *T%[1]d) B(x int) {}\nfunc (t T%[1]d) String() string { return `` }\n",
		"promoted": "type T%d struct { A int; *bytes.Buffer }\n",
	} {
		b.Run(name, func(b *testing.B) {
			src := "import \"bytes\"\nvar _ bytes.Buffer\n"
			const n = 200
			for i := range n {
				src += fmt.Sprintf(text, i)
			}
			done := 0
			w := source(b, src)
			for b.Loop() {
				if done == n {
					b.StopTimer()
					w.Close()
					w, done = source(b, src), 0
					b.StartTimer()
				}
				if _, err := w.True(w.named(fmt.Sprint("T", done))); err != nil {
					b.Fatal(err)
				}
				done++
			}
		})
	}
	b.Run("cached", func(b *testing.B) {
		w := source(b, "type T struct { a int }")
		t := w.named("T")
		for b.Loop() {
			w.True(t)
		}
	})
}
