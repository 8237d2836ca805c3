package job

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

// Engine does the work of an arrangement, here or elsewhere.
type Engine func(ctx context.Context, t Task) ([]arrange.Place, error)

// Local is the Engine of this process. It uses all cores. It looks at ctx at every block of rows.
func Local(ctx context.Context, t Task) ([]arrange.Place, error) {
	if isTMA(t.Method) {
		return t.tma(ctx)
	}
	var scores []float64
	var err error
	if t.Measure != "" {
		if scores, err = t.scores(ctx); err != nil {
			return nil, err
		}
	}
	return t.inOrder(scores)
}

// inOrder are the first rows of an order that the scores, by row, give.
func (t Task) inOrder(scores []float64) ([]arrange.Place, error) {
	order, err := t.order(scores)
	if err != nil {
		return nil, err
	}
	if t.N > 0 {
		order = order[:t.N]
	}
	return arrange.Places(order, scores)
}

// order arranges all rows.
func (t Task) order(scores []float64) ([]int, error) {
	switch t.Method {
	case "nft":
		return arrange.Nearest(scores)
	case "fft":
		return arrange.Farthest(scores)
	case "rt":
		return arrange.Random(len(t.TrainTexts), t.Seed), nil
	case "round-robin":
		return arrange.RoundRobin(t.Tasks), nil
	case "cluster":
		return arrange.Cluster(t.Tasks), nil
	}
	return nil, fmt.Errorf("method %q is not known", t.Method)
}

// scores are the distance of every training row.
func (t Task) scores(ctx context.Context) ([]float64, error) {
	if t.Measure == "kl" {
		return similarity.NGramKL(ctx, t.TrainTexts, t.TestText, similarity.NGramConfig{})
	}
	dist, err := t.distances(t.Train)
	if err != nil {
		return nil, err
	}
	switch t.Measure {
	case "wsd":
		return similarity.WSD(ctx, dist)
	case "cosine", "euclid":
		return means(ctx, dist)
	case "ot":
		plan, err := similarity.Transport(ctx, dist, similarity.TransportConfig{})
		if err != nil {
			return nil, err
		}
		return plan.Scores(), nil
	case "sinkhorn":
		plan, err := similarity.Sinkhorn(ctx, dist, similarity.SinkhornConfig{})
		if err != nil {
			return nil, err
		}
		return plan.Scores(), nil
	}
	return nil, fmt.Errorf("measure %q is not known", t.Measure)
}

// distances are those between rows of training vectors and all test vectors.
func (t Task) distances(train matrix.Blocks) (*similarity.Distances, error) {
	n, _ := train.Dims()
	train = &counted{Blocks: train, total: n, progress: t.Progress("distances")}
	if t.Measure == "euclid" {
		return similarity.LazyEuclidean(train, t.Test)
	}
	return similarity.LazyCosine(train, t.Test)
}

// means are the mean distance of every row.
func means(ctx context.Context, dist matrix.Blocks) ([]float64, error) {
	terms, err := similarity.RowTerms(ctx, dist)
	if err != nil {
		return nil, err
	}
	scores := make([]float64, len(terms))
	for i, term := range terms {
		scores[i] = term.Mean
	}
	return scores, nil
}

// tma arranges in rounds.
func (t Task) tma(ctx context.Context) ([]arrange.Place, error) {
	dist, err := t.distances(t.Train)
	if err != nil {
		return nil, err
	}
	var rounds [][]int
	switch t.Method {
	case "tma-min", "tma-max":
		rounds, err = arrange.TMA(ctx, dist, arrange.TMAConfig{Num: t.N, Farthest: t.Method == "tma-max"})
	case "tma-min-max", "tma-max-min":
		rounds, err = arrange.TMAMixed(ctx, dist, arrange.MixedConfig{Num: t.N, MaxFirst: t.Method == "tma-max-min"})
	default:
		err = fmt.Errorf("method %q is not known", t.Method)
	}
	if err != nil {
		return nil, err
	}
	return t.inRounds(ctx, rounds)
}

// inRounds are the rows of rounds. The distance of a row is its mean over the test rows.
func (t Task) inRounds(ctx context.Context, rounds [][]int) ([]arrange.Place, error) {
	scores, err := t.meansOf(ctx, arrange.Flatten(rounds))
	if err != nil {
		return nil, err
	}
	return arrange.PlacesOfRounds(rounds, scores)
}

// meansOf are the mean distances of the given rows, in a list of all; the others are 0.
func (t Task) meansOf(ctx context.Context, order []int) ([]float64, error) {
	chosen := slices.Sorted(slices.Values(order))
	dist, err := t.distances(&picked{t.Train, chosen})
	if err != nil {
		return nil, err
	}
	few, err := means(ctx, dist)
	if err != nil {
		return nil, err
	}
	scores := make([]float64, len(t.TrainTexts))
	for k, row := range chosen {
		scores[row] = few[k]
	}
	return scores, nil
}

// counted tells how many rows were asked for. A pass over all of them that follows another begins anew.
type counted struct {
	matrix.Blocks
	total    int
	progress func(done, total int)

	mu   sync.Mutex
	done int
}

func (c *counted) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	m, err := c.Blocks.Block(ctx, from, to, buf)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == c.total {
		c.done = 0
	}
	c.done = min(c.done+to-from, c.total)
	c.progress(c.done, c.total)
	return m, err
}

// picked are some rows of a matrix.
type picked struct {
	of   matrix.Blocks
	rows []int // ascending
}

func (p *picked) Dims() (rows, cols int) {
	_, cols = p.of.Dims()
	return len(p.rows), cols
}

// Block reads the rows one after the other, those that lie side by side at once.
func (p *picked) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	_, cols := p.of.Dims()
	if buf == nil || cap(buf.Data) < (to-from)*cols {
		buf = matrix.New(to-from, cols)
	}
	buf.Rows, buf.Cols, buf.Data = to-from, cols, buf.Data[:(to-from)*cols]
	var part matrix.Dense
	for i := from; i < to; {
		n := 1
		for i+n < to && p.rows[i+n] == p.rows[i]+n {
			n++
		}
		block, err := p.of.Block(ctx, p.rows[i], p.rows[i]+n, &part)
		if err != nil {
			return nil, err
		}
		copy(buf.Data[(i-from)*cols:], block.Data)
		i += n
	}
	return buf, nil
}
