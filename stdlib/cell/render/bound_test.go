package render

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

type row struct {
	A, B int32
	C    float32
}

// large values, and how long showing one may take.
func large() []struct {
	name  string
	limit time.Duration
	value any
} {
	numbers, keys := map[int]int{}, map[string]float64{}
	structs := map[row]row{}
	for i := range 1_000_000 {
		numbers[i*7919%1_000_003] = i
		keys[fmt.Sprint(i)] = 1
		structs[row{A: int32(i)}] = row{}
	}
	var self []any
	self = append(self, 1, nil)
	self[1] = self
	deep := any(1)
	for range 100_000 {
		deep = &deep
		inner := deep
		deep = []any{inner, inner}
	}
	type node struct{ next []*node }
	nodes := make([]*node, 20)
	for i := range nodes {
		nodes[i] = &node{nodes}
	}
	const fast, slow = 25 * time.Millisecond, 500 * time.Millisecond // several times what it takes, as the machine may be busy
	return []struct {
		name  string
		limit time.Duration
		value any
	}{
		{"10M rows", fast, make([]row, 10_000_000)},
		{"10M numbers", fast, make([]float64, 10_000_000)},
		{"1M lists", fast, make([][]float64, 1_000_000)},
		{"an endless matrix", fast, grid{1 << 40, 1 << 40}},
		{"100 MB of text", fast, strings.Repeat("text and é\n", 10_000_000)},
		{"100 MB of escapes", fast, []string{strings.Repeat("\x1b", 100_000_000)}},
		{"100 MB of bytes", fast, make([]byte, 100_000_000)},
		{"one huge character", fast, []string{"e" + strings.Repeat("\u0301", 10_000_000)}},
		{"1M numbers as keys", slow, numbers},
		{"1M texts as keys", slow, keys},
		{"1M structs as keys", slow, structs},
		{"a list in itself", fast, self},
		{"a deep value", fast, deep},
		{"a dense graph", fast, nodes},
	}
}

// TestLargeValues: the best of a few attempts counts.
func TestLargeValues(t *testing.T) {
	for _, c := range large() {
		best, size := time.Hour, 0
		for range 5 {
			begin := time.Now()
			forms, err := Of(c.value)
			if best, size = min(best, time.Since(begin)), len(forms.Text()); err != nil {
				t.Error(err)
			}
		}
		if best > c.limit || size > longest+1000 {
			t.Errorf("%s: %d bytes in %v", c.name, size, best)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	values := large()
	for _, c := range values {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				Of(c.value)
			}
		})
	}
	for _, c := range []struct {
		name  string
		value any
	}{{"scalar", 3}, {"line", []int{1, 2, 3}}, {"table", steps(1000)}, {"matrix", grid{30000, 384}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Of(c.value)
			}
		})
	}
}
