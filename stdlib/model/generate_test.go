package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/tokenize"
)

// lively makes a tiny model whose weights are large enough that its texts do not end in one repeated token.
func lively(t testing.TB) *Model {
	t.Helper()
	m, err := Load("testdata/tiny")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// prompt makes n tokens of the tiny model's vocabulary.
func prompt(n, seed int) []int32 {
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32((i*i*7 + seed*13 + i) % 96)
	}
	return ids
}

// Keys and values that are kept, prompts of several lengths and texts that end must not change what comes out: the most
// likely token after the whole text so far, each time.
func TestGreedyIsTheMostLikelyTokenEachTime(t *testing.T) {
	m := lively(t)
	prompts := [][]int32{prompt(5, 1), prompt(12, 2), prompt(5, 3), prompt(1, 4), prompt(9, 5), prompt(27, 6)}
	const maxNew = 10 // the longest prompt runs out of positions, 32, before
	want := make([][]int32, len(prompts))
	stop := int32(-1)
	for i, p := range prompts {
		ids := slices.Clone(p)
		for len(ids)-len(p) < maxNew && len(ids) < m.Config.MaxLen {
			logits, err := m.Logits(context.Background(), ids)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, GenerateConfig{}.pick(logits.Row(len(ids)-1), nil))
		}
		want[i] = ids[len(p):]
		if i == 0 {
			stop = want[0][4] // so that some texts end early
		}
	}
	for i, w := range want {
		if at := slices.Index(w, stop); at >= 0 {
			want[i] = w[:at]
		}
	}
	finished := 0
	got, err := m.Generate(context.Background(), prompts, GenerateConfig{MaxNew: maxNew, Stop: []int32{stop}, Progress: func(done, total int) {
		if finished++; done != finished || total != len(prompts) {
			t.Errorf("progress %d of %d at text %d", done, total, finished)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("prompt %d: %v, want %v", i, got[i], want[i])
		}
	}
	if finished != len(prompts) {
		t.Errorf("%d texts were reported, want %d", finished, len(prompts))
	}
}

// A drawn text depends on its seed and its place in the list, not on what stands beside it.
func TestDrawnTextsRepeat(t *testing.T) {
	m := lively(t)
	cfg := GenerateConfig{MaxNew: 12, Temperature: 0.8, TopK: 20, TopP: 0.9, Seed: 4}
	draw := func(prompts ...[]int32) string {
		texts, err := m.Generate(context.Background(), prompts, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(texts[0])
	}
	first := draw(prompt(5, 1))
	if again := draw(prompt(5, 1), prompt(9, 2)); again != first {
		t.Errorf("in company %s, alone %s", again, first)
	}
	cfg.Seed = 5
	if other := draw(prompt(5, 1)); other == first {
		t.Error("another seed drew the same text")
	}
}

func TestPickDrawsByProbability(t *testing.T) {
	logits := []float32{0, float32(math.Log(3)), float32(math.Inf(-1)), float32(math.Log(6))} // 0.1, 0.3, 0, 0.6
	for _, c := range []struct {
		cfg  GenerateConfig
		want []float64
	}{
		{GenerateConfig{Temperature: 1}, []float64{0.1, 0.3, 0, 0.6}},
		{GenerateConfig{Temperature: 0.5}, []float64{1. / 46, 9. / 46, 0, 36. / 46}},
		{GenerateConfig{Temperature: 1, TopK: 2}, []float64{0, 1. / 3, 0, 2. / 3}},
		{GenerateConfig{Temperature: 1, TopP: 0.5}, []float64{0, 0, 0, 1}},
		{GenerateConfig{Temperature: 1, TopP: 0.7}, []float64{0, 1. / 3, 0, 2. / 3}},
	} {
		rng := rand.New(rand.NewPCG(1, 0))
		const draws = 20_000
		counts := make([]float64, len(logits))
		for range draws {
			counts[c.cfg.pick(logits, rng)]++
		}
		for i, w := range c.want {
			if math.Abs(counts[i]/draws-w) > 0.015 {
				t.Errorf("%+v drew token %d at a rate of %.3f, want %.3f", c.cfg, i, counts[i]/draws, w)
			}
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	m := lively(t)
	for _, c := range []struct {
		prompts [][]int32
		cfg     GenerateConfig
		want    string
	}{
		{nil, GenerateConfig{}, "no prompts"},
		{[][]int32{{1}, {}}, GenerateConfig{}, "prompt 1: it has 0 tokens"},
		{[][]int32{prompt(32, 1)}, GenerateConfig{}, "prompt 0: it has 32 tokens, want 1 to 31"},
		{[][]int32{{1, 96}}, GenerateConfig{}, "prompt 0: token 1: id 96"},
		{[][]int32{{1}}, GenerateConfig{TopP: 2}, "TopP 2"},
	} {
		if _, err := m.Generate(context.Background(), c.prompts, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Generate(ctx, [][]int32{{1}}, GenerateConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func ExampleModel_Generate() {
	m, err := Load("SmolLM2-135M-Instruct")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	prompt := m.Tokenizer().Encode("The capital of France is")
	texts, err := m.Generate(context.Background(), [][]int32{prompt}, GenerateConfig{MaxNew: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Tokenizer().Decode(texts[0]))
	// Output: Paris
}

// What sequences share is computed once; their losses must be what they are alone.
func TestSharedPrefixesDoNotMatter(t *testing.T) {
	m := newTiny(t)
	var sequences []tokenize.Sequence
	for i := range 40 {
		definition := sequence(60+i%3, 1000) // three tasks
		definition.IDs = definition.IDs[:33+i%3]
		definition.Labels = definition.Labels[:33+i%3]
		own := sequence(5+i*7%20, 3)
		sequences = append(sequences, tokenize.Sequence{IDs: append(definition.IDs, own.IDs...), Labels: append(definition.Labels, own.Labels...)})
	}
	families := relatives(sequences, evalTokens)
	tokens, members := 0, 0
	for _, f := range families {
		tokens += f.size(sequences)
		members += len(f.members)
	}
	if len(families) != 3 || members != len(sequences) || tokens > 700 {
		t.Fatalf("%d families of %d sequences in %d tokens", len(families), members, tokens)
	}
	together, err := m.Loss(context.Background(), sequences, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sequences {
		alone, err := m.Loss(context.Background(), []tokenize.Sequence{s}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(alone[0].Sum-together[i].Sum) > 1e-4 || !slices.Equal(alone[0].Predicted, together[i].Predicted) {
			t.Errorf("sequence %d alone: %v, with others: %v", i, alone[0], together[i])
		}
	}
}

// The token after the shared part is predicted by its last: it must not count where that lies in the shared part.
func TestPrefixesEndBeforeLabels(t *testing.T) {
	a, b := sequence(50, 40), sequence(50, 44)
	if n := commonPrefix(a, b); n != 39 {
		t.Errorf("two sequences of the same tokens, labelled from 40 and 44 on, share %d tokens, want 39", n)
	}
}
