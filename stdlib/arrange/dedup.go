package arrange

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// DedupConfig says what a near duplicate is.
type DedupConfig struct {
	Threshold float64 // the cosine from which on rows are duplicates, above 0 and at most 1; 0 means 0.95
}

// Twin is a row that Dedup dropped, and the row it is a near duplicate of.
type Twin struct {
	Row, Of int
	Cosine  float64
}

// Dedup finds near duplicates among embeddings, to be dropped before arranging: an experiment that
// goes beyond the paper. Row after row is kept unless its cosine with a row that was kept is
// cfg.Threshold or more, within 1e-6; then it is the Twin of the lowest such row. kept is in
// ascending order, and Through turns an order of the rows that were kept into one of all.
//
// The answer is exact. Every pair is looked at, but most only in a few coordinates, which bound the
// distance of the two vectors from below: those along which they differ most, the more the lower the
// threshold. Pairs that this leaves are computed whole, in float64. So the time grows as the square
// of the rows, but for rows alike in these coordinates and different in others it is a small part of
// the whole product.
//
// A matrix that is empty, or holds NaN, infinity or a row of zeros, and a threshold out of range are
// errors. ctx is looked at every 256 rows.
func Dedup(ctx context.Context, vectors *matrix.Dense, cfg DedupConfig) (kept []int, dropped []Twin, err error) {
	if cfg.Threshold == 0 {
		cfg.Threshold = 0.95
	}
	d := &dedup{vectors: vectors, threshold: cfg.Threshold - 1e-6}
	if !(cfg.Threshold > 0 && cfg.Threshold <= 1) {
		err = fmt.Errorf("threshold is %v: want a cosine above 0 and at most 1", cfg.Threshold)
	} else if _, _, err = blocks.Check(vectors); err == nil {
		d.scale, err = inverseLengths(ctx, vectors)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("arrange: dedup: %w", err)
	}
	d.choose(1 - cfg.Threshold)
	for from := 0; from < vectors.Rows; from += dedupBlock {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("arrange: dedup: %w", err)
		}
		d.block(from, min(from+dedupBlock, vectors.Rows))
	}
	return d.kept, d.dropped, nil
}

const dedupBlock = 256 // rows that are compared at a time

// dedup compares rows by sketches. With z the direction of a row less the mean of all, its sketch
// holds z in some coordinates, the length r of z in the others, and half its square. Two forms of
// it are such that the product of one with the other is
//
//	z·z' + r·r' − |z|²/2 − |z'|²/2
//
// over these coordinates, which is at least cos − 1 = −|z − z'|²/2 of the two rows (Cauchy and
// Schwarz in the other coordinates).
type dedup struct {
	vectors   *matrix.Dense
	threshold float64
	scale     []float64 // of each row: 1 over its length
	mean      []float64 // of the directions
	coords    []int     // of a sketch

	kept    []int
	chunks  []chunk // of what was kept
	dropped []Twin
}

// chunk are some of the rows kept, as sketches.
type chunk struct {
	rows     []int
	sketches *simd.Packed
}

// choose finds the coordinates in which directions vary most: as many as leave few pairs by chance,
// were the rest of the vectors no different.
func (d *dedup) choose(distance float64) {
	width := d.vectors.Cols
	d.mean = make([]float64, width)
	squares := make([]float64, width)
	for i := range d.vectors.Rows {
		for k, x := range d.vectors.Row(i) {
			z := float64(x) * d.scale[i]
			d.mean[k] += z
			squares[k] += z * z
		}
	}
	n := float64(d.vectors.Rows)
	for k := range width {
		d.mean[k] /= n
		squares[k] -= n * d.mean[k] * d.mean[k]
		d.coords = append(d.coords, k)
	}
	slices.SortStableFunc(d.coords, func(a, b int) int { return cmp.Compare(squares[b], squares[a]) })
	const least, share = 16, 0.35 // fewer cost as much; of the distance that chance leaves
	d.coords = d.coords[:min(width, max(least, int(math.Ceil(float64(width)*distance/share))))]
}

// sketch returns one form of the sketches of rows, or the other.
func (d *dedup) sketch(rows []int, other bool) []float32 {
	width := len(d.coords) + 3
	out := make([]float32, len(rows)*width)
	for at, i := range rows {
		s := out[at*width:][:width]
		vector := d.vectors.Row(i)
		var all, some float64
		for k, x := range vector {
			z := float64(x)*d.scale[i] - d.mean[k]
			all += z * z
		}
		for c, k := range d.coords {
			z := float64(vector[k])*d.scale[i] - d.mean[k]
			some += z * z
			s[c] = float32(z)
		}
		tail := s[len(d.coords):]
		tail[0] = float32(math.Sqrt(max(0, all-some)))
		tail[1], tail[2] = float32(-all/2), 1
		if other {
			tail[1], tail[2] = tail[2], tail[1]
		}
	}
	return out
}

// block decides about rows from to to.
func (d *dedup) block(from, to int) {
	rows := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, i)
	}
	sketches := d.sketch(rows, false)
	twins := d.earlier(rows, sketches)
	within := chunk{rows, simd.Pack(d.sketch(rows, true), len(rows), len(d.coords)+3)}
	dots := d.newHits()
	dots.compare(within, sketches, len(rows))
	var kept []int
	for i, row := range rows {
		if twins[i].Of < 0 {
			dots.each(i, func(j int) bool {
				return j < i && (twins[j].Of >= 0 || !d.match(&twins[i], row, rows[j]))
			})
		}
		if twins[i].Of < 0 {
			kept = append(kept, row)
		} else {
			d.dropped = append(d.dropped, twins[i])
		}
	}
	d.kept = append(d.kept, kept...)
	if len(kept) > 0 {
		d.chunks = append(d.chunks, chunk{kept, simd.Pack(d.sketch(kept, true), len(kept), len(d.coords)+3)})
	}
}

// match makes a twin of row and other if they are near duplicates.
func (d *dedup) match(twin *Twin, row, other int) bool {
	cosine := 0.0
	b := d.vectors.Row(other)
	for k, x := range d.vectors.Row(row) {
		cosine += float64(x) * float64(b[k])
	}
	cosine *= d.scale[row] * d.scale[other]
	if cosine < d.threshold {
		return false
	}
	*twin = Twin{row, other, cosine}
	return true
}

// earlier returns for each of rows the lowest row of the chunks that it duplicates, −1 for none. All
// cores work on it.
func (d *dedup) earlier(rows []int, sketches []float32) []Twin {
	workers := max(1, min(runtime.GOMAXPROCS(0), len(d.chunks)))
	found := make([][]Twin, workers)
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		found[w] = none(rows)
		wait.Go(func() {
			dots := d.newHits()
			for k := int(next.Add(1)) - 1; k < len(d.chunks); k = int(next.Add(1)) - 1 {
				d.against(d.chunks[k], rows, sketches, dots, found[w])
			}
		})
	}
	wait.Wait()
	for _, twins := range found[1:] {
		for i, twin := range twins {
			if best := &found[0][i]; twin.Of >= 0 && (best.Of < 0 || twin.Of < best.Of) {
				*best = twin
			}
		}
	}
	return found[0]
}

func none(rows []int) []Twin {
	twins := make([]Twin, len(rows))
	for i, row := range rows {
		twins[i] = Twin{Row: row, Of: -1}
	}
	return twins
}

// against compares rows that have no twin yet with a chunk. Chunks come in ascending order.
func (d *dedup) against(c chunk, rows []int, sketches []float32, dots *hits, twins []Twin) {
	dots.compare(c, sketches, len(rows))
	for i, row := range rows {
		if twins[i].Of < 0 {
			dots.each(i, func(j int) bool { return !d.match(&twins[i], row, c.rows[j]) })
		}
	}
}
