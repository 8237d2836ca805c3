package dynamics

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"kairos/stdlib/plot"
)

// DropConfig says what counts as a sudden drop. The zero value is the default.
type DropConfig struct {
	After     int     // only what happens from this step on, also for what is usual; 0 = all
	Window    int     // checkpoints over which a drop may come about; 0 = 5
	Threshold float64 // how unusual it must be, in deviations; 0 = 5
	Size      float64 // how far the loss must fall, as a share of its range from After on; 0 = 0.02
}

func (cfg DropConfig) withDefaults() DropConfig {
	cfg.Window = cmp.Or(cfg.Window, 5)
	cfg.Threshold = cmp.Or(cfg.Threshold, 5)
	cfg.Size = cmp.Or(cfg.Size, 0.02)
	return cfg
}

// Drop is a sudden drop of a loss: from a checkpoint to a later one.
type Drop struct {
	Curve      string
	From, To   int     // steps
	Before     float64 // the loss at From
	After      float64 // the loss at To
	Deviations float64 // how unusual it is
}

// Drops finds the sudden drops of a loss, in the order of their steps. They stand out in the paper's
// figures of the cluster arrangement, where similar training data come all at once. The paper finds
// them by eye, so the rule is ours.
//
// A drop is sudden if the loss falls much faster than just before. For n from 1 to Window checkpoints,
// the loss L accelerates at checkpoint k by a = (L[k+n] − L[k]) − (L[k] − L[k−n]). What is usual is
// the spread s of a over the curve: 1.4826 times the median distance from the median, which a few
// drops do not move. It counts as 1 to √n times that of n = 1, which are what noise gives whose points
// or whose steps are independent, and as a thousandth of the range of L at least. Where a is
// −Threshold·s or less, and L falls by Size, there is a drop. It lasts, in both directions, as long as
// the loss falls at more than half of the drop's excess over the speed before it. Of drops that
// overlap, the most unusual counts. The fall at the beginning of a curve is none, since nothing comes
// before it.
//
// In such noise alone the default finds something in up to one of 35 curves of 12 checkpoints, one of
// 100 of 50, and one of 200 with 100 or more. Checkpoints should be evenly spaced. Fewer than seven
// points from After on do not say what is usual, and are an error, as is what plot.LossCurves refuses
// of a curve.
func Drops(c plot.Curve, cfg DropConfig) ([]Drop, error) {
	drops, err := drops(c, cfg.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("dynamics: drops: curve %q: %w", c.Name, err)
	}
	return drops, nil
}

func drops(c plot.Curve, cfg DropConfig) ([]Drop, error) {
	const fewest = 7
	if cfg.Window < 1 || !(cfg.Threshold > 0) || !(cfg.Size > 0) {
		return nil, fmt.Errorf("window %d, threshold %g, size %g: want all positive", cfg.Window, cfg.Threshold, cfg.Size)
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	first, _ := slices.BinarySearch(c.Steps, cfg.After)
	if n := len(c.Steps) - first; n < fewest {
		return nil, fmt.Errorf("%d points from step %d on: want %d or more, to know what is usual", n, cfg.After, fewest)
	}
	var found []Drop
	for _, f := range falls(c.Loss[first:], cfg) {
		from, to := first+f.from, first+f.to
		found = append(found, Drop{c.Name, c.Steps[from], c.Steps[to], c.Loss[from], c.Loss[to], f.deviations})
	}
	return found, nil
}

// fall is a sudden fall of a loss, from a point to another.
type fall struct {
	from, to   int
	deviations float64
}

// falls are those of a loss, in order.
func falls(loss []float64, cfg DropConfig) []fall {
	whole := slices.Max(loss) - slices.Min(loss)
	single := whole / 1000
	var all []fall
	for n := 1; n <= cfg.Window; n++ {
		speedUps := accelerations(loss, n)
		if len(speedUps) < 5 {
			break
		}
		usual := spread(speedUps)
		if n == 1 {
			single = max(single, usual)
		}
		usual = max(single, min(usual, single*math.Sqrt(float64(n))))
		for i, a := range speedUps {
			f := fall{from: i + n, to: i + 2*n, deviations: -a / usual}
			if f.deviations >= cfg.Threshold && loss[f.from]-loss[f.to] >= cfg.Size*whole {
				all = append(all, f.extended(loss))
			}
		}
	}
	return apart(all)
}

// accelerations over n points, the first of which is that at point n.
func accelerations(loss []float64, n int) []float64 {
	var all []float64
	for k := n; k+n < len(loss); k++ {
		all = append(all, loss[k+n]-2*loss[k]+loss[k-n])
	}
	return all
}

// spread is the standard deviation of values, if they are normal but for a few.
func spread(values []float64) float64 {
	middle := median(values)
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - middle)
	}
	return 1.4826 * median(distances)
}

// median of at least one number.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// extended adds the points around a fall where the loss falls about as fast.
func (f fall) extended(loss []float64) fall {
	n := f.to - f.from
	before := (loss[f.from] - loss[f.from-n]) / float64(n)
	falls := func(k int) bool { // from point k to the next
		speed := (loss[f.to] - loss[f.from]) / float64(f.to-f.from)
		change := loss[k+1] - loss[k]
		return change < 0 && change < (speed+before)/2
	}
	for f.to+1 < len(loss) && falls(f.to) {
		f.to++
	}
	for f.from > 0 && falls(f.from-1) {
		f.from--
	}
	return f
}

// apart keeps the most unusual of falls that overlap.
func apart(all []fall) []fall {
	slices.SortStableFunc(all, func(a, b fall) int { return cmp.Compare(b.deviations, a.deviations) })
	var kept []fall
	for _, f := range all {
		if !slices.ContainsFunc(kept, func(k fall) bool { return f.from < k.to && k.from < f.to }) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(a, b fall) int { return a.from - b.from })
	return kept
}

// Size is by how much the loss fell.
func (d Drop) Size() float64 { return d.Before - d.After }

// Mark marks the drop in a figure, with a word about it, such as the task that was trained on.
func (d Drop) Mark(label string) plot.Mark { return plot.Mark{From: d.From, To: d.To, Label: label} }

// String is a sentence about the drop.
func (d Drop) String() string {
	name := d.Curve
	if name != "" {
		name += ", "
	}
	return fmt.Sprintf("%sstep %d to %d: from %.4g to %.4g, %.3g deviations", name, d.From, d.To, d.Before, d.After, d.Deviations)
}

// Columns names and returns what a table of drops has in its columns.
func (d Drop) Columns() (names []string, values []any) {
	return []string{"Curve", "From", "To", "Before", "After", "Drop", "Deviations"},
		[]any{d.Curve, d.From, d.To, brief(d.Before), brief(d.After), brief(d.Size()), brief(d.Deviations)}
}
