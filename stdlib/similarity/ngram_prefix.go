package similarity

import (
	"context"
	"fmt"
)

// PrefixKL returns how far the n-grams of a growing part of the training texts are from those of
// each test, which is a set of texts: of each test the KL of the first every texts, of the first 2 ·
// every, and so on up to the last whole multiple. Element [k][s] is that of test k after (s+1) ·
// every texts.
//
// Each text is counted once, and the values are to the last bit those of KL with both sides counted
// anew. An empty side, a test without n-grams, and an every below 1 or above the number of training
// texts are errors. ctx is looked at every 64 texts.
func PrefixKL(ctx context.Context, train []string, tests [][]string, every int, cfg NGramConfig) ([][]float64, error) {
	divergences, err := prefixKL(ctx, train, tests, every, cfg)
	if err != nil {
		return nil, fmt.Errorf("similarity: prefix kl: %w", err)
	}
	return divergences, nil
}

func prefixKL(ctx context.Context, train []string, tests [][]string, every int, cfg NGramConfig) ([][]float64, error) {
	if len(train) == 0 || len(tests) == 0 {
		return nil, fmt.Errorf("%d training texts and %d tests: want one of each or more", len(train), len(tests))
	}
	if every < 1 || every > len(train) {
		return nil, fmt.Errorf("every %d texts: want 1 to %d, the number of training texts", every, len(train))
	}
	p, err := newPrefix(tests, cfg)
	if err != nil {
		return nil, err
	}
	divergences := make([][]float64, len(tests))
	for i, text := range train {
		if i%textsAtOnce == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p.add(text)
		if (i+1)%every != 0 {
			continue
		}
		for k := range tests {
			divergences[k] = append(divergences[k], p.divergence(k))
		}
	}
	return divergences, nil
}

// prefix is the part of the training texts that was counted so far. Only grams that some test has
// are followed beyond their count; the rest are absent from all.
type prefix struct {
	counts   *NGrams
	spectrum spectrum
	targets  []*target
	mass     [][]int64 // of the prefix on each level of each test, but for level 0
	known    *NGrams   // the grams of all tests
	places   [][]place // where each of known is found
	numbers  []int     // of each of counts among known, or −1
}

// place is the level of a gram in a test.
type place struct {
	test  int
	level int32
}

func newPrefix(tests [][]string, cfg NGramConfig) (*prefix, error) {
	p := &prefix{}
	for k, texts := range tests {
		t, err := cfg.target(texts)
		if err != nil {
			return nil, fmt.Errorf("test %d: %w", k, err)
		}
		p.targets = append(p.targets, t)
		p.mass = append(p.mass, t.levels())
	}
	p.counts, p.known = NewNGrams(cfg.n()), NewNGrams(cfg.n())
	for k, t := range p.targets {
		p.index(k, t)
	}
	return p, nil
}

// index notes the grams of test k as known, and their levels.
func (p *prefix) index(k int, t *target) {
	q := &t.q.grams
	for g, hash := range q.hashes {
		number := p.known.grams.putKey(hash, q.key(g))
		if number == len(p.places) {
			p.places = append(p.places, nil)
		}
		p.places[number] = append(p.places[number], place{k, t.of[g]})
	}
}

func (p *prefix) add(text string) {
	c := p.counts
	c.words.split(text)
	for i := range c.words.runs(c.n) {
		k := c.addRun(i)
		if k == len(p.numbers) {
			p.numbers = append(p.numbers, p.known.grams.findKey(c.grams.hashes[k], c.grams.key(k)))
		}
		p.counted(k, c.counts[k])
	}
}

// counted notes that gram k was counted once more.
func (p *prefix) counted(k int, count int64) {
	if count > 1 {
		p.spectrum.add(count-1, -1)
	}
	p.spectrum.add(count, 1)
	if number := p.numbers[k]; number >= 0 {
		for _, at := range p.places[number] {
			p.mass[at.test][at.level]++
		}
	}
}

// divergence is that of the prefix from test k.
func (p *prefix) divergence(k int) float64 {
	mass := p.mass[k]
	mass[0] = p.counts.total
	for _, m := range mass[1:] {
		mass[0] -= m
	}
	return p.targets[k].divergence(&p.spectrum, mass, p.counts.total)
}
