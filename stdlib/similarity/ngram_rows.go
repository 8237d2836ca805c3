package similarity

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// NGramConfig says what is counted. Its zero value is the paper's setting.
type NGramConfig struct {
	N int // words of a gram; 0 means 2
}

// textsAtOnce is how many texts a core takes at a time.
const textsAtOnce = 64

// NGramKL returns how far the n-grams of each training text are from those of all test texts
// together: KL of the counts of each against the counts of test. A text without n-grams gets the
// largest value, −ln 1e-10.
//
// An empty side, and test texts that are all too short for an n-gram, are errors. All cores work on
// it; ctx is looked at by each of them every 64 texts.
func NGramKL(ctx context.Context, train, test []string, cfg NGramConfig) ([]float64, error) {
	divergences, err := ngramKL(ctx, train, test, cfg)
	if err != nil {
		return nil, fmt.Errorf("similarity: n-gram kl: %w", err)
	}
	return divergences, nil
}

func ngramKL(ctx context.Context, train, test []string, cfg NGramConfig) ([]float64, error) {
	if len(train) == 0 {
		return nil, errors.New("train is empty: want a text")
	}
	t, err := cfg.target(test)
	if err != nil {
		return nil, err
	}
	divergences := make([]float64, len(train))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			r := newTextReader(t)
			for ctx.Err() == nil {
				to := int(next.Add(textsAtOnce))
				if to-textsAtOnce >= len(train) {
					return
				}
				for i := to - textsAtOnce; i < min(to, len(train)); i++ {
					divergences[i] = r.divergence(train[i])
				}
			}
		})
	}
	workers.Wait()
	return divergences, ctx.Err()
}

// target counts the grams of test texts.
func (cfg NGramConfig) target(test []string) (*target, error) {
	if cfg.N < 0 {
		return nil, fmt.Errorf("n is %d: want 1 or more, or 0 for 2", cfg.N)
	}
	if len(test) == 0 {
		return nil, errors.New("test is empty: want a text")
	}
	counts := NewNGrams(cfg.n())
	for _, text := range test {
		counts.Add(text)
	}
	return newTarget(counts)
}

func (cfg NGramConfig) n() int {
	if cfg.N == 0 {
		return 2
	}
	return cfg.N
}
