package similarity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/mat"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// PCA are the principal components of vectors: the directions in which they vary most, found by
// FitPCA.
type PCA struct {
	Mean       []float64   // of the vectors
	Components [][]float64 // of length 1, at right angles, the one of most variance first
	Variance   []float64   // of the vectors along each component, with n − 1 in the denominator
	Ratio      []float64   // the share of each component in all variance
}

// FitPCA finds that many principal components of vectors, such as 2 for a map: the eigenvectors of
// their covariance. It reads the vectors twice, a block at a time, and needs memory for a few width
// × width matrices of float64 alone. The entry of a component that is largest in magnitude is
// positive, which fixes the sign; so does scikit-learn, whose components and variances these are, up to
// the rounding of products to float32.
//
// Fewer than two vectors, vectors that are all the same, more components than the width or than the
// vectors allow (one less than there are), and NaN or infinity are errors. ctx is looked at at every
// block.
func FitPCA(ctx context.Context, vectors matrix.Blocks, components int) (*PCA, error) {
	pca, err := fitPCA(ctx, vectors, components)
	if err != nil {
		return nil, fmt.Errorf("similarity: pca: %w", err)
	}
	return pca, nil
}

func fitPCA(ctx context.Context, vectors matrix.Blocks, components int) (*PCA, error) {
	n, width, err := blocks.Check(vectors)
	if err != nil {
		return nil, err
	}
	if most := min(n-1, width); components < 1 || components > most {
		return nil, fmt.Errorf("%d components of %d×%d vectors: want 1 to %d, the width or one less than the vectors", components, n, width, most)
	}
	p := &PCA{Mean: make([]float64, width)}
	err = inOrder(ctx, vectors, func(rows []float64) {
		for k, x := range rows {
			p.Mean[k%width] += x
		}
	})
	if err != nil {
		return nil, err
	}
	for k := range p.Mean {
		p.Mean[k] /= float64(n)
	}
	covariance, err := p.covariance(ctx, vectors)
	if err != nil {
		return nil, err
	}
	return p, p.decompose(covariance, components)
}

// covariance needs the mean. It multiplies the vectors less their mean a block at a time, as float32,
// and sums the blocks in float64.
func (p *PCA) covariance(ctx context.Context, vectors matrix.Blocks) (*mat.SymDense, error) {
	n, width := vectors.Dims()
	sum := make([]float64, width*width)
	products := make([]float32, width*width)
	err := inOrder(ctx, vectors, func(rows []float64) {
		columns := p.centred(rows)
		multiply(products, columns, width)
		for k, x := range products {
			sum[k] += float64(x)
		}
	})
	for k := range sum {
		sum[k] /= float64(n - 1)
	}
	return mat.NewSymDense(width, sum), err
}

// centred returns rows less the mean, column after column.
func (p *PCA) centred(rows []float64) []float32 {
	width := len(p.Mean)
	n := len(rows) / width
	columns := make([]float32, len(rows))
	for i := range n {
		for k, mean := range p.Mean {
			columns[k*n+i] = float32(rows[i*width+k] - mean)
		}
	}
	return columns
}

// multiply writes the product of every pair of columns, on all cores.
func multiply(products, columns []float32, width int) {
	n := len(columns) / width
	packed := simd.Pack(columns, width, n)
	cores := runtime.GOMAXPROCS(0)
	var workers sync.WaitGroup
	for c := range cores {
		from, to := c*width/cores, (c+1)*width/cores
		workers.Go(func() { packed.Dot(products[from*width:to*width], columns[from*n:to*n], to-from) })
	}
	workers.Wait()
}

func (p *PCA) decompose(covariance *mat.SymDense, components int) error {
	var eigen mat.EigenSym
	if !eigen.Factorize(covariance, true) {
		return errors.New("the eigenvalues of the covariance do not converge")
	}
	total := mat.Trace(covariance)
	if total <= 1e-28*along(p.Mean, p.Mean) { // what rounding of the mean leaves
		return errors.New("the vectors are all the same, and vary in no direction")
	}
	var directions mat.Dense
	eigen.VectorsTo(&directions)
	values := eigen.Values(nil) // ascending
	for c := len(values) - 1; c >= len(values)-components; c-- {
		variance := max(0, values[c])
		p.Variance = append(p.Variance, variance)
		p.Ratio = append(p.Ratio, variance/total)
		p.Components = append(p.Components, signed(mat.Col(nil, c, &directions)))
	}
	return nil
}

// signed turns a direction around if its entry of largest magnitude is negative.
func signed(direction []float64) []float64 {
	largest := 0.0
	for _, x := range direction {
		if math.Abs(x) > math.Abs(largest) {
			largest = x
		}
	}
	if largest < 0 {
		for k := range direction {
			direction[k] = -direction[k]
		}
	}
	return direction
}

func along(a, b []float64) (sum float64) {
	for k, x := range a {
		sum += float64(x * b[k])
	}
	return sum
}

// Project returns where vectors lie along the components, from the mean: a row for each vector, a
// column for each component. They need not be those that were fitted, but must be as wide; NaN and
// infinity are errors.
func (p *PCA) Project(ctx context.Context, vectors matrix.Blocks) (*matrix.Dense, error) {
	n, width, err := blocks.Check(vectors)
	if err == nil && width != len(p.Mean) {
		err = fmt.Errorf("the vectors have %d dimensions, the components %d: want the same encoder for both", width, len(p.Mean))
	}
	if err != nil {
		return nil, fmt.Errorf("similarity: project: %w", err)
	}
	projected := matrix.New(n, len(p.Components))
	origin := make([]float64, len(p.Components))
	for c, component := range p.Components {
		origin[c] = along(p.Mean, component)
	}
	at := projected.Data
	err = inOrder(ctx, vectors, func(rows []float64) {
		for ; len(rows) > 0; rows = rows[width:] {
			for c, component := range p.Components {
				at[c] = float32(along(rows[:width], component) - origin[c])
			}
			at = at[len(p.Components):]
		}
	})
	if err != nil {
		return nil, fmt.Errorf("similarity: project: %w", err)
	}
	return projected, nil
}

// inOrder visits the blocks of vectors one after the other, as float64, so that sums are always made
// in the same order.
func inOrder(ctx context.Context, vectors matrix.Blocks, visit func(rows []float64)) error {
	const rows = 1024
	n, width := vectors.Dims()
	var buf matrix.Dense
	wide := make([]float64, 0, rows*width)
	for from := 0; from < n; from += rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		block, err := vectors.Block(ctx, from, min(from+rows, n), &buf)
		if err != nil {
			return err
		}
		wide = wide[:0]
		for i := range block.Rows {
			if err := checkFinite(block.Row(i), from+i); err != nil {
				return err
			}
			for _, x := range block.Row(i) {
				wide = append(wide, float64(x))
			}
		}
		visit(wide)
	}
	return nil
}
