package torch

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func floatsOf(t *testing.T, values []float32, shape ...int64) Tensor {
	t.Helper()
	x, err := FromFloats(values, shape...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Free)
	return x
}

func TestErrorsComeBackInOneLine(t *testing.T) {
	a, b := floatsOf(t, []float32{1, 2}, 2), floatsOf(t, []float32{1, 2, 3}, 3)
	err := Do(func(s *Scope) {
		s.Add(a, b)
		t.Error("the operation after a failure was reached")
	})
	var failed *Error
	if !errors.As(err, &failed) || failed.Op != "add" || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
	if _, err := FromFloats([]float32{1}, 2); err == nil || !strings.Contains(err.Error(), "do not fill shape [2]") {
		t.Errorf("a wrong shape: %v", err)
	}
	if err := Do(func(s *Scope) { s.Add(a, a) }); err != nil {
		t.Errorf("after a failure: %v", err)
	}
}

func TestOtherPanicsReachTheCaller(t *testing.T) {
	defer func() {
		if r := recover(); r != "mine" {
			t.Errorf("recovered %v", r)
		}
	}()
	_ = Do(func(*Scope) { panic("mine") })
}

func TestScopesOwnWhatTheyMake(t *testing.T) {
	a := floatsOf(t, []float32{1, 2}, 2)
	var kept Tensor
	err := Do(func(s *Scope) {
		sum := s.Sub(func(s *Scope) Tensor {
			doubled := s.Add(a, a)
			return s.Add(doubled, a)
		})
		if len(s.owned) != 1 {
			t.Errorf("a scope owns %d tensors after Sub, want its result alone", len(s.owned))
		}
		kept = s.Keep(sum)
		if len(s.owned) != 0 {
			t.Error("a kept tensor is still owned")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := kept.Floats(); !slices.Equal(got, []float32{3, 6}) {
		t.Errorf("kept %v, want [3 6]", got)
	}
	kept.Free()
	kept.Free() // twice is harmless
}

func TestSplitLongestFirst(t *testing.T) {
	got := fmt.Sprint(Split([]int{3, 9, 3, 4, 20, 1}, 10))
	if want := "[[4] [1] [3 0 2] [5]]"; got != want {
		t.Errorf("Split = %s, want %s", got, want)
	}
}

// Packed attention must equal a plain softmax within each sequence.
func TestAttendPackedIsAttentionWithinEachSequence(t *testing.T) {
	const heads, shared, d = 4, 2, 3 // two query heads share a key-value head
	var b Packed
	for _, n := range []int{5, 2, 2, 1} {
		b.Append(make([]int32, n))
	}
	if len(b.Groups) != 3 || b.Groups[1] != (Group{Start: 5, Count: 2, Length: 2}) {
		t.Fatalf("groups %+v", b.Groups)
	}
	tokens := len(b.IDs)
	fill := func(n, step int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(math.Sin(float64(i * step)))
		}
		return v
	}
	qv, kv, vv := fill(tokens*heads*d, 3), fill(tokens*shared*d, 5), fill(tokens*shared*d, 7)
	q, k, v := floatsOf(t, qv, int64(tokens), heads, d), floatsOf(t, kv, int64(tokens), shared, d), floatsOf(t, vv, int64(tokens), shared, d)
	for _, causal := range []bool{false, true} {
		err := Do(func(s *Scope) {
			out, _ := s.AttendPacked(q, k, v, b.Groups, causal)
			got := out.Floats()
			start := 0
			for row := range tokens {
				if b.Positions[row] == 0 {
					start = row
				}
				end := row + 1
				for !causal && end < tokens && b.Positions[end] != 0 {
					end++
				}
				for h := range heads {
					want := attend(qv[(row*heads+h)*d:][:d], kv, vv, start, end, h/(heads/shared), shared)
					for i := range d {
						if diff := math.Abs(float64(got[(row*heads+h)*d+i]) - want[i]); diff > 1e-6 {
							t.Errorf("causal %v, token %d, head %d: differs by %g", causal, row, h, diff)
						}
					}
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// attend is one query's attention over rows [start, end) of one key-value head.
func attend[T float32 | float64](q, k, v []T, start, end, head, heads int) []float64 {
	d := len(q)
	weights, total := make([]float64, end-start), 0.0
	for i := range weights {
		dot := 0.0
		for j, x := range q {
			dot += float64(x) * float64(k[((start+i)*heads+head)*d+j])
		}
		weights[i] = math.Exp(dot / math.Sqrt(float64(d)))
		total += weights[i]
	}
	out := make([]float64, d)
	for i, w := range weights {
		for j := range out {
			out[j] += w / total * float64(v[((start+i)*heads+head)*d+j])
		}
	}
	return out
}

// Whether matrices of bfloat16 are multiplied as such or in float32, products differ by one rounding.
func TestBFloat16ProductsAgree(t *testing.T) {
	defer func(was bool) { multipliesBFloat16 = was }(multipliesBFloat16)
	const n = 64
	values := make([]float32, n*n)
	for i := range values {
		values[i] = float32(math.Sin(float64(i))) + 1
	}
	x := floatsOf(t, values, n, n)
	product := func(native bool) (got []float32) {
		multipliesBFloat16 = native
		if err := Do(func(s *Scope) {
			rounded := s.BFloat16(x)
			if rounded.IsFloat32() == native {
				t.Errorf("float32: %v, where the processor multiplies bfloat16: %v", rounded.IsFloat32(), native)
			}
			got = slices.Clone(s.Float32(s.MatMul(rounded, rounded)).Floats())
		}); err != nil {
			t.Fatal(err)
		}
		return got
	}
	native, wide := product(true), product(false)
	for i := range native {
		if diff := math.Abs(float64(native[i]-wide[i]) / float64(wide[i])); diff > 1.0/256 {
			t.Fatalf("element %d: %v natively, %v in float32", i, native[i], wide[i])
		}
	}
	if slices.Equal(native, wide) {
		t.Error("the native product was not rounded")
	}
}
