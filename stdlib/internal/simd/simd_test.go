package simd

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * math.Pow(2, float64(rng.IntN(9)-4)))
	}
	return x
}

// chain is the definition of an element of Dot.
func chain(a, b []float32) (sum float32) {
	for i := range a {
		sum = emulate(a[i], b[i], sum)
	}
	return sum
}

// squareChain is the definition of an element of Squares.
func squareChain(a, b []float32) (sum float32) {
	for i := range a {
		d := float32(b[i] - a[i])
		sum = emulate(d, d, sum)
	}
	return sum
}

// Every number of rows and of columns around a tile's, and the lengths around a vector register's.
func TestPackedAgainstItsDefinitionAtAllEdges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, kernel := range kernels() {
		t.Run(kernel.name, func(t *testing.T) {
			for _, m := range around(kernel.rows, together) {
				for _, n := range around(kernel.cols, 2*kernel.cols) {
					checkPacked(t, rng, kernel, m, n, 1+rng.IntN(5))
				}
			}
			for k := range 70 {
				checkPacked(t, rng, kernel, kernel.rows+1, kernel.cols+1, k+1)
			}
		})
	}
}

// around returns 1 to the tile and a bit, and the neighbours of a multiple.
func around(tile, multiple int) []int {
	list := []int{multiple - 1, multiple, multiple + 1}
	for i := 1; i <= tile+1; i++ {
		list = append(list, i)
	}
	return list
}

func checkPacked(t *testing.T, rng *rand.Rand, kernel kernel, m, n, k int) {
	t.Helper()
	rows, vectors := random(rng, m*k), random(rng, n*k)
	p := pack(vectors, n, k, kernel)
	for name, c := range map[string]struct {
		product func(dst, rows []float32, m int)
		want    func(a, b []float32) float32
	}{"dot": {p.Dot, chain}, "squares": {p.Squares, squareChain}} {
		got := slices.Repeat([]float32{-99}, m*n+1)
		c.product(got, rows, m)
		for i := range m {
			for j := range n {
				want := c.want(rows[i*k:(i+1)*k], vectors[j*k:(j+1)*k])
				if got[i*n+j] != want {
					t.Fatalf("%s of %d×%d×%d: element (%d, %d) is %v, want %v", name, m, n, k, i, j, got[i*n+j], want)
				}
			}
		}
		if got[m*n] != -99 {
			t.Fatalf("%s of %d×%d×%d: wrote behind the end", name, m, n, k)
		}
	}
}

// The shape of the paper's work, where a wrong order of summation would show.
func TestKernelsGiveTheSameBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const m, n, k = 150, 131, 384
	rows, vectors := random(rng, m*k), random(rng, n*k)
	var first, second []float32
	for _, kernel := range kernels() {
		p := pack(vectors, n, k, kernel)
		dot, squares := make([]float32, m*n), make([]float32, m*n)
		p.Dot(dot, rows, m)
		p.Squares(squares, rows, m)
		if first == nil {
			first, second = dot, squares
		}
		if !slices.Equal(dot, first) || !slices.Equal(squares, second) {
			t.Errorf("%s differs from %s", kernel.name, kernels()[0].name)
		}
	}
}

// Every float32 is a sum of a few powers of two, so big.Float holds x·y + z exactly.
func TestFmaRoundsOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300_000 {
		x, y, z := wild(rng), wild(rng), wild(rng)
		if rng.IntN(2) == 0 { // nearly cancelling sums are the hard ones
			z = float32(-float64(x) * float64(y) * (1 + float64(rng.IntN(5)-2)*0x1p-24))
		}
		exact := new(big.Float).SetPrec(2000).SetFloat64(float64(x) * float64(y))
		want, _ := exact.Add(exact, big.NewFloat(float64(z))).Float32()
		for name, f := range map[string]func(x, y, z float32) float32{"emulate": emulate, "fma": fma} {
			if got := f(x, y, z); got != want {
				t.Fatalf("%s(%g, %g, %g) = %g, want %g", name, x, y, z, got, want)
			}
		}
	}
	// 24929 · 673 = 2²⁴ + 1 lies in the middle between two float32s, and what is added is too little
	// for a float64 to show on which side of it the sum lies.
	for z, want := range map[float32]float32{0x1p-40: 1<<24 + 2, 0: 1 << 24, -0x1p-40: 1 << 24} {
		if got := emulate(24929, 673, z); got != want {
			t.Errorf("24929·673 + %g is %v, want %v", z, got, want)
		}
	}
}

// wild returns a finite float32 of any bits that multiply without overflow.
func wild(rng *rand.Rand) float32 {
	return float32(math.Ldexp(float64(rng.Uint32())-0x1p31, rng.IntN(110)-100))
}

func TestSumSquares(t *testing.T) {
	if got := SumSquares([]float32{3, 4}); got != 25 {
		t.Errorf("3² + 4² = %v", got)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for n := range 100 {
		x := random(rng, n)
		var sums [lanes]float64
		for i, v := range x {
			sums[i%lanes] += float64(v) * float64(v)
		}
		want := total(&sums)
		if got := SumSquares(x); got != want {
			t.Errorf("of %d: %v, want %v", n, got, want)
		}
	}
	tiny, huge := float32(math.SmallestNonzeroFloat32), float32(math.MaxFloat32)
	if got, want := SumSquares([]float32{tiny}), float64(tiny)*float64(tiny); got != want {
		t.Errorf("tiny: %v, want %v", got, want)
	}
	if got, want := SumSquares(slices.Repeat([]float32{huge}, 32)), 32*float64(huge)*float64(huge); got != want {
		t.Errorf("huge: %v, want %v", got, want)
	}
	if got := SumSquares(append(make([]float32, 40), float32(math.NaN()))); got == got {
		t.Errorf("with NaN: %v", got)
	}
}

func TestMinSum(t *testing.T) {
	if least, sum := MinSum(nil); !math.IsInf(float64(least), 1) || sum != 0 {
		t.Errorf("of nothing: %v, %v", least, sum)
	}
	if least, sum := MinSum([]float32{3, -4, 2}); least != -4 || sum != 1 {
		t.Errorf("by hand: %v, %v", least, sum)
	}
	rng := rand.New(rand.NewPCG(13, 14))
	for n := 1; n < 100; n++ {
		x := random(rng, n)
		var sums [lanes]float64
		for i, v := range x {
			sums[i%lanes] += float64(v)
		}
		least, sum := MinSum(x)
		if want := total(&sums); least != slices.Min(x) || sum != want {
			t.Errorf("of %d: %v, %v; want %v, %v", n, least, sum, slices.Min(x), want)
		}
		x[rng.IntN(n)] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}[n%3]
		if _, sum := MinSum(x); sum-sum == 0 {
			t.Errorf("of %v: the sum is %v", x, sum)
		}
	}
	zeros := make([]float32, 40)
	zeros[17] = float32(math.Copysign(0, -1))
	if least, _ := MinSum(zeros); math.Signbit(float64(least)) {
		t.Error("the least of zeros is −0")
	}
}

func TestTotalByHand(t *testing.T) {
	// 2⁵³ + 1 = 2⁵³ in float64: in order, or by neighbours, the ones would vanish.
	if got := total(&[lanes]float64{0: 0x1p53, 1: 1, 9: 1}); got != 0x1p53+2 {
		t.Errorf("got %v", got)
	}
}

func TestScale(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for n := range 40 {
		x := random(rng, n)
		got := slices.Repeat([]float32{-99}, n+1)
		Scale(got, x, -1.0/3)
		for i, v := range x {
			if want := float32(float64(v) * (-1.0 / 3)); got[i] != want {
				t.Errorf("of %d: element %d is %v, want %v", n, i, got[i], want)
			}
		}
		if got[n] != -99 {
			t.Errorf("of %d: wrote behind the end", n)
		}
	}
}

func TestWithin(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for n := range 150 {
		x, limits := random(rng, n), random(rng, n)
		for j := range limits {
			switch rng.IntN(4) {
			case 0:
				limits[j] = x[j] // equal is within
			case 1:
				limits[j] = float32(math.Inf(1))
			case 2:
				limits[j] = -x[j]
			}
		}
		for _, opposite := range []bool{false, true} {
			hits := slices.Repeat([]byte{0xaa}, (n+63)/64*8)
			if !Within(hits, x, limits, opposite) {
				t.Fatalf("of %d: not finite", n)
			}
			for j := range 8 * len(hits) {
				want := j < n && (!opposite && x[j] <= limits[j] || opposite && -x[j] <= limits[j])
				if got := hits[j/8]>>(j%8)&1 == 1; got != want {
					t.Fatalf("of %d, opposite %t: bit %d is %t", n, opposite, j, got)
				}
			}
		}
		if n > 0 {
			x[rng.IntN(n)] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}[n%3]
			if Within(make([]byte, (n+7)/8), x, limits, n%2 == 0) {
				t.Errorf("of %d: %v is not finite", n, x)
			}
		}
	}
}

func BenchmarkPacked(b *testing.B) {
	const m, n, k = 1120, 1125, 384
	rng := rand.New(rand.NewPCG(1, 1))
	rows, vectors, dst := random(rng, m*k), random(rng, n*k), make([]float32, m*n)
	for _, kernel := range kernels() {
		if kernel.name == "portable" {
			continue // takes seconds
		}
		p := pack(vectors, n, k, kernel)
		for name, product := range map[string]func(dst, rows []float32, m int){"dot": p.Dot, "squares": p.Squares} {
			b.Run(fmt.Sprintf("%s/%s", kernel.name, name), func(b *testing.B) {
				for b.Loop() {
					product(dst, rows, m)
				}
				b.ReportMetric(2*m*n*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
