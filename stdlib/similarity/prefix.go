package similarity

import (
	"context"
	"errors"
	"fmt"
	"math"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/matrix"
)

// PrefixConfig says when an arrangement is measured, and how. Its zero value is the paper's: after
// every 160 rows, the cosine.
type PrefixConfig struct {
	Batch     int  // rows of a training step; 0 means 16
	Steps     int  // steps from one measurement to the next; 0 means 10
	Euclidean bool // the distance of Euclidean instead of that of Cosine
}

// PrefixCurve is how far the training data seen so far are from an unseen task, step by step: the
// average, the least and the greatest distance of a row seen and a row of the task, and the distance
// of their centroids, the means of their vectors.
type PrefixCurve struct {
	Task                    string
	Steps                   []int // training steps taken: cfg.Steps, twice that, …
	Avg, Min, Max, Centroid []float64
}

// Prefixes measures an arrangement as the paper does (calculate_dataset_similarity_per_task.py of
// its reference): the rows of train in the given order, against every unseen task, given the task of
// each row of test. Curves come in the order in which tasks first appear. Rows after the last whole
// measurement are not used; the reference also leaves out the last measurement when it falls on the
// end.
//
// Each pair is computed once: a measurement adds the rows since the one before. Sums are in float64.
//
// An order that names a row that train has not, or has fewer rows than one measurement, another
// number of tasks than of test rows, what Cosine and Euclidean refuse, and a centroid of zero length
// with cosines, are errors. ctx is looked at at every measurement.
func Prefixes(ctx context.Context, train *matrix.Dense, order []int, test *matrix.Dense, tasks []string, cfg PrefixConfig) ([]PrefixCurve, error) {
	curves, err := prefixes(ctx, train, order, test, tasks, cfg)
	if err != nil {
		return nil, fmt.Errorf("similarity: prefixes: %w", err)
	}
	return curves, nil
}

func prefixes(ctx context.Context, train *matrix.Dense, order []int, test *matrix.Dense, tasks []string, cfg PrefixConfig) ([]PrefixCurve, error) {
	every, err := cfg.every()
	if err == nil {
		err = checkOrder(train, order, every)
	}
	if err != nil {
		return nil, err
	}
	s, err := newSeen(picked{train, order}, test, tasks, cfg)
	if err != nil {
		return nil, err
	}
	for from := 0; from+every <= len(order); from += every {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.add(ctx, from, from+every); err != nil {
			return nil, err
		}
		for k := range s.tasks {
			if err := s.tasks[k].measure(s, (from+every)/every*cfg.steps()); err != nil {
				return nil, err
			}
		}
	}
	curves := make([]PrefixCurve, len(s.tasks))
	for k := range s.tasks {
		curves[k] = s.tasks[k].curve
	}
	return curves, nil
}

func (cfg PrefixConfig) steps() int {
	if cfg.Steps == 0 {
		return 10
	}
	return cfg.Steps
}

// every is how many rows lie between measurements.
func (cfg PrefixConfig) every() (int, error) {
	if cfg.Batch == 0 {
		cfg.Batch = 16
	}
	if cfg.Batch < 0 || cfg.Steps < 0 {
		return 0, fmt.Errorf("%d steps of %d rows: want neither negative", cfg.Steps, cfg.Batch)
	}
	return cfg.Batch * cfg.steps(), nil
}

func checkOrder(train *matrix.Dense, order []int, every int) error {
	rows, _, err := blocks.Check(train)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	for place, row := range order {
		if row < 0 || row >= rows {
			return fmt.Errorf("the order has row %d at place %d: train has %d", row, place, rows)
		}
	}
	if len(order) < every {
		return fmt.Errorf("the order has %d rows, but the first measurement is after %d: want more, or other Steps and Batch", len(order), every)
	}
	return nil
}

// picked are rows of a matrix in some order, as blocks.
type picked struct {
	from  *matrix.Dense
	order []int
}

// Dims returns the number of rows in the order.
func (p picked) Dims() (rows, cols int) { return len(p.order), p.from.Cols }

// Block copies rows.
func (p picked) Block(_ context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	if buf == nil {
		buf = new(matrix.Dense)
	}
	resize(buf, to-from, p.from.Cols)
	for i := range buf.Rows {
		copy(buf.Row(i), p.from.Row(p.order[from+i]))
	}
	return buf, nil
}

// seen are the rows that were trained on so far.
type seen struct {
	train     picked
	dist      *Distances
	centroids func(a, b []float64) (float64, error)
	of        []int // the task of each test row
	tasks     []unseen
	count     int
	sum       []float64 // of the vectors
	buf       matrix.Dense
}

// unseen is a task, and its distances from the rows seen.
type unseen struct {
	curve         PrefixCurve
	rows          int
	mean          []float64 // of its vectors
	sum, min, max float64
}

func newSeen(train picked, test *matrix.Dense, tasks []string, cfg PrefixConfig) (*seen, error) {
	lazy := LazyCosine
	s := &seen{train: train, centroids: centroidCosine, sum: make([]float64, train.from.Cols)}
	if cfg.Euclidean {
		lazy, s.centroids = LazyEuclidean, centroidDistance
	}
	var err error
	if s.dist, err = lazy(train, test); err != nil {
		return nil, err
	}
	if len(tasks) != test.Rows {
		return nil, fmt.Errorf("tasks of %d test rows, but %d vectors", len(tasks), test.Rows)
	}
	s.split(test, tasks)
	return s, nil
}

// split gives every task its test rows.
func (s *seen) split(test *matrix.Dense, tasks []string) {
	at := make(map[string]int)
	for j, task := range tasks {
		k, ok := at[task]
		if !ok {
			k = len(s.tasks)
			at[task] = k
			s.tasks = append(s.tasks, unseen{curve: PrefixCurve{Task: task}, mean: make([]float64, test.Cols), min: math.Inf(1), max: math.Inf(-1)})
		}
		s.of = append(s.of, k)
		s.tasks[k].rows++
		for i, x := range test.Row(j) {
			s.tasks[k].mean[i] += float64(x)
		}
	}
	for _, t := range s.tasks {
		for i := range t.mean {
			t.mean[i] /= float64(t.rows)
		}
	}
}

// add counts the rows at the places from to to.
func (s *seen) add(ctx context.Context, from, to int) error {
	distances, err := s.dist.Block(ctx, from, to, &s.buf)
	if err != nil {
		return s.explain(err, from, to)
	}
	for i := range distances.Rows {
		for j, d := range distances.Row(i) {
			t := &s.tasks[s.of[j]]
			t.sum += float64(d)
			t.min = min(t.min, float64(d))
			t.max = max(t.max, float64(d))
		}
		for k, x := range s.train.from.Row(s.train.order[from+i]) {
			s.sum[k] += float64(x)
		}
	}
	s.count = to
	return nil
}

// explain names the row of train where the distances can only name its place in the order.
func (s *seen) explain(err error, from, to int) error {
	var room matrix.Dense
	dst := matrix.New(1, s.dist.test.Rows)
	for _, row := range s.train.order[from:to] {
		vector := &matrix.Dense{Rows: 1, Cols: s.train.from.Cols, Data: s.train.from.Row(row)}
		if err := s.dist.measure.fill(dst, vector, row, &room); err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	return err
}

// measure adds a point to the task's curve.
func (t *unseen) measure(s *seen, step int) error {
	mean := make([]float64, len(s.sum))
	for i, sum := range s.sum {
		mean[i] = sum / float64(s.count)
	}
	centroid, err := s.centroids(mean, t.mean)
	if err != nil {
		return fmt.Errorf("the first %d rows and task %q: %w", s.count, t.curve.Task, err)
	}
	c := &t.curve
	c.Steps = append(c.Steps, step)
	c.Avg = append(c.Avg, t.sum/float64(s.count)/float64(t.rows))
	c.Min = append(c.Min, t.min)
	c.Max = append(c.Max, t.max)
	c.Centroid = append(c.Centroid, centroid)
	return nil
}

func centroidCosine(a, b []float64) (float64, error) {
	aa, bb := along(a, a), along(b, b)
	if aa == 0 || bb == 0 {
		return 0, errors.New("a centroid is all zeros: it has no direction")
	}
	return -along(a, b) / math.Sqrt(aa) / math.Sqrt(bb), nil
}

func centroidDistance(a, b []float64) (float64, error) {
	var squares float64
	for k := range a {
		d := a[k] - b[k]
		squares += float64(d * d)
	}
	return math.Sqrt(squares), nil
}
