package torch

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The kernels against the same in float64, and gradients against differences of it. Sizes are odd, so that every loop
// has a tail.

func randomTensor(t *testing.T, rng *rand.Rand, shape ...int64) Tensor {
	n := int64(1)
	for _, d := range shape {
		n *= d
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(rng.NormFloat64())
	}
	return floatsOf(t, values, shape...)
}

func wide(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// near compares with a reference of float64; tolerance is relative to the largest value.
func near(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	size := 0.0
	for _, v := range want {
		size = max(size, math.Abs(v))
	}
	for i, v := range want {
		if diff := math.Abs(float64(got[i]) - v); !(diff <= tolerance*size) {
			t.Fatalf("%s: value %d is %v, want %v", what, i, got[i], v)
		}
	}
}

// slope is the derivative of f by each of x, from differences.
func slope(x []float64, f func() float64) []float64 {
	const h = 1e-5
	out := make([]float64, len(x))
	for i, v := range x {
		x[i] = v + h
		up := f()
		x[i] = v - h
		out[i] = (up - f()) / (2 * h)
		x[i] = v
	}
	return out
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func TestRMSNorm(t *testing.T) {
	const rows, width, eps = 5, 37, 1e-5
	rng := rand.New(rand.NewPCG(1, 0))
	x, w, dy := randomTensor(t, rng, rows, width), randomTensor(t, rng, width), randomTensor(t, rng, rows, width)
	xs, ws, dys := wide(x.Floats()), wide(w.Floats()), wide(dy.Floats())
	norm := func() []float64 {
		out := make([]float64, 0, len(xs))
		for r := range rows {
			row := xs[r*width:][:width]
			scale := 1 / math.Sqrt(dot(row, row)/width+eps)
			for i, v := range row {
				out = append(out, ws[i]*v*scale)
			}
		}
		return out
	}
	err := Do(func(s *Scope) {
		near(t, "norm", s.RMSNorm(x, w, eps).Floats(), norm(), 1e-6)
		dx, dw := s.Zeros(rows, width), make([]float32, width)
		dx.Floats()[3] = 2 // it adds
		s.RMSNormBackward(dx, dw, dy, x, w, eps)
		dx.Floats()[3] -= 2
		through := func() float64 { return dot(norm(), dys) }
		near(t, "dx", dx.Floats(), slope(xs, through), 1e-5)
		near(t, "dw", dw, slope(ws, through), 1e-5)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSwiGLU(t *testing.T) {
	const n = 1003
	rng := rand.New(rand.NewPCG(2, 0))
	gate, up, dp := randomTensor(t, rng, n), randomTensor(t, rng, n), randomTensor(t, rng, n)
	for i, v := range []float32{-200, -88, -20, 20, 88, 200} { // where e^x ends
		gate.Floats()[i] = v
	}
	gs, us, dps := wide(gate.Floats()), wide(up.Floats()), wide(dp.Floats())
	product := func() []float64 {
		out := make([]float64, n)
		for i, g := range gs {
			out[i] = g / (1 + math.Exp(-g)) * us[i]
		}
		return out
	}
	err := Do(func(s *Scope) {
		want := product()
		near(t, "p", s.SwiGLU(gate, up).Floats(), want, 1e-6)
		s.SwiGLUBackward(dp, gate, up)
		through := func() float64 { return dot(product(), dps) }
		near(t, "p again", dp.Floats(), want, 1e-6)
		near(t, "dgate", gate.Floats(), slope(gs, through), 1e-5)
		near(t, "dup", up.Floats(), slope(us, through), 1e-5)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRotateAndBack(t *testing.T) {
	const rows, heads, half = 3, 2, 5
	rng := rand.New(rand.NewPCG(3, 0))
	x := randomTensor(t, rng, rows, heads, 2*half)
	before := wide(x.Floats())
	angles := Angles{Half: half}
	for i := range rows * half {
		angles.Cos, angles.Sin = append(angles.Cos, float32(math.Cos(float64(i)))), append(angles.Sin, float32(math.Sin(float64(i))))
	}
	want := make([]float64, len(before))
	for r := range rows {
		for h := range heads {
			for i := range half {
				at := (r*heads+h)*2*half + i
				sin, cos := math.Sincos(float64(r*half + i))
				want[at] = before[at]*cos - before[at+half]*sin
				want[at+half] = before[at+half]*cos + before[at]*sin
			}
		}
	}
	err := Do(func(s *Scope) {
		s.Rotate(x, angles)
		near(t, "turned", x.Floats(), want, 1e-6)
		s.Rotate(x, angles.Back())
		near(t, "turned back", x.Floats(), before, 1e-6)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFewRows(t *testing.T) {
	const in, out = 37, 29
	rng := rand.New(rand.NewPCG(7, 0))
	for _, n := range []int64{1, 8, 13} {
		x, w := randomTensor(t, rng, n, in), randomTensor(t, rng, out, in)
		var want []float64
		for r := range int(n) {
			for o := range out {
				want = append(want, dot(wide(x.Floats()[r*in:][:in]), wide(w.Floats()[o*in:][:in])))
			}
		}
		if err := Do(func(s *Scope) { near(t, "product", s.FewRows(x, w).Floats(), want, 1e-6) }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCrossEntropy(t *testing.T) {
	const rows, width, scale = 7, 531, 0.25
	rng := rand.New(rand.NewPCG(4, 0))
	logits := randomTensor(t, rng, rows, width)
	logits.Floats()[width+9] = 300 // far beyond e^x
	logits.Floats()[2*width+500] = -300
	targets := []int64{0, 9, 500, 3, width - 1, 5, 6}
	values := wide(logits.Floats())
	loss := func() []float64 {
		out := make([]float64, rows)
		for r := range out {
			row, total, top := values[r*width:][:width], 0.0, math.Inf(-1)
			for _, v := range row {
				top = max(top, v)
			}
			for _, v := range row {
				total += math.Exp(v - top)
			}
			out[r] = math.Log(total) + top - row[targets[r]]
		}
		return out
	}
	err := Do(func(s *Scope) {
		got, best := s.CrossEntropy(logits, targets, 0)
		near(t, "loss", got, loss(), 1e-6)
		for r, at := range best {
			for _, v := range values[r*width:][:width] {
				if v > values[r*width+int(at)] {
					t.Errorf("row %d: column %d is not the largest", r, at)
				}
			}
		}
		s.CrossEntropy(logits, targets, scale)
		near(t, "gradient", logits.Floats(), slope(values, func() float64 {
			sum := 0.0
			for _, v := range loss() {
				sum += scale * v
			}
			return sum
		}), 1e-5)
		logits.Floats()[0] = float32(math.NaN())
		if got, _ := s.CrossEntropy(logits, targets, 0); !math.IsNaN(float64(got[0])) {
			t.Errorf("the loss of a row with a NaN is %v", got[0])
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The gradients of packed attention, against differences of the attention worked out in float64.
func TestAttendPackedBackward(t *testing.T) {
	const heads, shared, d = 4, 2, 3
	var b Packed
	for _, n := range []int{5, 2, 2} {
		b.Append(make([]int32, n))
	}
	tokens := len(b.IDs)
	rng := rand.New(rand.NewPCG(5, 0))
	q, k, v := randomTensor(t, rng, 9, heads, d), randomTensor(t, rng, 9, shared, d), randomTensor(t, rng, 9, shared, d)
	dout := randomTensor(t, rng, 9, heads*d)
	qs, ks, vs, douts := wide(q.Floats()), wide(k.Floats()), wide(v.Floats()), wide(dout.Floats())
	through := func() float64 {
		sum, start := 0.0, 0
		for row := range tokens {
			if b.Positions[row] == 0 {
				start = row
			}
			for h := range heads {
				out := attend(qs[(row*heads+h)*d:][:d], ks, vs, start, row+1, h/(heads/shared), shared)
				sum += dot(out, douts[(row*heads+h)*d:][:d])
			}
		}
		return sum
	}
	err := Do(func(s *Scope) {
		out, logsums := s.AttendPacked(q, k, v, b.Groups, true)
		dq, dk, dv := s.AttendPackedBackward(dout, q, k, v, out, logsums, b.Groups)
		near(t, "dq", dq.Floats(), slope(qs, through), 1e-5)
		near(t, "dk", dk.Floats(), slope(ks, through), 1e-5)
		near(t, "dv", dv.Floats(), slope(vs, through), 1e-5)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A sequence that continues a shared prefix must attend as one that has the whole to itself.
func TestPrefixesAreAttendedTo(t *testing.T) {
	const heads, shared, d, prefix = 4, 2, 3, 3
	rng := rand.New(rand.NewPCG(6, 0))
	q, k, v := randomTensor(t, rng, 9, heads, d), randomTensor(t, rng, 9, shared, d), randomTensor(t, rng, 9, shared, d)
	var b Packed
	common := Run{b.Append(make([]int32, prefix)), prefix}
	for range 3 {
		b.Continue(common, make([]int32, 2))
	}
	if len(b.Groups) != 2 || b.Positions[3] != prefix {
		t.Fatalf("groups %+v, positions %v", b.Groups, b.Positions)
	}
	err := Do(func(s *Scope) {
		out, _ := s.AttendPacked(q, k, v, b.Groups, true)
		ks, vs := wide(k.Floats()), wide(v.Floats())
		for row := prefix; row < 9; row++ {
			own := row - int(b.Positions[row]) + prefix // where the continuation begins
			var kk, vv []float64
			for _, r := range []Run{{0, prefix}, {int64(own), int64(row - own + 1)}} {
				kk = append(kk, ks[r.Start*shared*d:][:r.Length*shared*d]...)
				vv = append(vv, vs[r.Start*shared*d:][:r.Length*shared*d]...)
			}
			for h := range heads {
				want := attend(wide(q.Floats()[(row*heads+h)*d:][:d]), kk, vv, 0, len(kk)/(shared*d), h/(heads/shared), shared)
				near(t, "continuation", out.Floats()[(row*heads+h)*d:][:d], want, 1e-6)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
