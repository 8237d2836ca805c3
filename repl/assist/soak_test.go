package assist

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedPrograms completes and inspects everywhere in real source with pieces torn out.
func TestDamagedPrograms(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	e := sessionOf(t, earlier)
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		src, err := os.ReadFile(files[r.IntN(len(files))])
		if err != nil {
			t.Fatal(err)
		}
		text := string(src)
		for range r.IntN(4) {
			from := r.IntN(len(text))
			text = text[:from] + text[min(len(text), from+r.IntN(30)):]
		}
		for range 10 {
			pos := r.IntN(len(text) + 1)
			e.Complete(text, pos)
			e.Inspect(text, pos)
		}
	}
}

// longCell returns a cell of 200 lines that ends in an unfinished one.
func longCell(last string) string {
	var b strings.Builder
	for i := range 22 {
		fmt.Fprintf(&b, `
func step%[1]d(xs []float64, k int) (sum float64, err error) {
	for i, x := range xs {
		if i > k && math.Abs(x) > 1 {
			sum += math.Sqrt(x) * float64(len(strings.Repeat("a", i)))
		}
	}
	return sum, errors.New("none")
}
total%[1]d, err := step%[1]d([]float64{1, 2, 3}, %[1]d)
`, i)
	}
	return b.String() + last
}

func BenchmarkComplete(b *testing.B) {
	e := sessionOf(b, earlier)
	for _, c := range []struct{ name, src string }{
		{"name", "local := centre\nlo|"},
		{"package", "strings.|"},
		{"long", longCell("to|")},
		{"longMember", longCell("strings.To|")},
		{"longInside", strings.Replace(longCell(""), "return sum, ", "return sum|, ", 1)},
		{"tensor", "var x ts.Tensor\nx.|"},
		{"gotch", "ts.|"},
	} {
		b.Run(c.name, func(b *testing.B) {
			text, pos := cut(b, c.src)
			if len(e.Complete(text, pos).Items) == 0 {
				b.Fatal("nothing")
			}
			for b.Loop() {
				e.Complete(text, pos)
			}
		})
	}
}

func BenchmarkInspect(b *testing.B) {
	e := sessionOf(b, earlier)
	text, pos := cut(b, longCell("strings.Repeat(\"a\", |)"))
	for b.Loop() {
		if info, ok := e.Inspect(text, pos); !ok || info.Call.Active != 1 {
			b.Fatal(info)
		}
	}
}
