package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"kairos/stdlib/data"
	"kairos/stdlib/tokenize"
)

var tinyConfig = Config{Vocab: 258, Hidden: 24, FFN: 40, Layers: 2, Heads: 6, KVHeads: 2, HeadDim: 4, MaxLen: 64, Tied: true}

func newTiny(t testing.TB) *Model {
	t.Helper()
	m, err := New(tinyConfig, tokenize.NewBytes(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// sequence makes n tokens of which those from the given position on are labels.
func sequence(n, from int) tokenize.Sequence {
	var s tokenize.Sequence
	for i := range n {
		id, label := int32((i*31+n)%258), int32(tokenize.Ignore)
		if i >= from {
			label = id
		}
		s.IDs, s.Labels = append(s.IDs, id), append(s.Labels, label)
	}
	return s
}

// The loss must be what the logits say, worked out by hand.
func TestLossIsThatOfTheLogits(t *testing.T) {
	m, seq := newTiny(t), sequence(20, 12)
	logits, err := m.Logits(context.Background(), seq.IDs)
	if err != nil {
		t.Fatal(err)
	}
	var want float64
	for p := 12; p < 20; p++ {
		var sum float64
		for _, v := range logits.Row(p - 1) {
			sum += math.Exp(float64(v))
		}
		want += math.Log(sum) - float64(logits.At(p-1, int(seq.IDs[p])))
	}
	losses, err := m.Loss(context.Background(), []tokenize.Sequence{seq}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := losses[0]; math.Abs(got.Sum-want) > 1e-4 || got.Tokens != 8 || math.Abs(got.Mean()-want/8) > 1e-5 {
		t.Errorf("loss %+v, want a sum of %.6f over 8 tokens", got, want)
	}
}

// A sequence's loss must not depend on its company, nor on how a batch is cut
// into packs, nor may the gradient.
func TestCompanyDoesNotMatter(t *testing.T) {
	m := newTiny(t)
	var sequences []tokenize.Sequence
	for i := range 120 { // several packs of either kind
		sequences = append(sequences, sequence(10+i*7%50, 5))
	}
	together, err := m.Loss(context.Background(), sequences, nil)
	if err != nil {
		t.Fatal(err)
	}
	norm := 0.0
	for _, l := range together {
		norm += float64(l.Tokens)
	}
	if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
		t.Fatal(err)
	}
	gradient, err := m.Grad("model.embed_tokens.weight")
	if err != nil {
		t.Fatal(err)
	}
	m.ZeroGrad()
	for i, s := range sequences {
		alone, err := m.Backward(context.Background(), []tokenize.Sequence{s}, norm)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(alone[0].Sum-together[i].Sum) > 1e-4 {
			t.Errorf("sequence %d alone: %v, in company: %v", i, alone[0], together[i])
		}
	}
	summed, err := m.Grad("model.embed_tokens.weight")
	if err != nil {
		t.Fatal(err)
	}
	if diff := relative(summed, gradient); diff > 1e-4 {
		t.Errorf("gradients added up one by one differ from the batch's by %.2g", diff)
	}
}

func TestCancelLeavesNoGradients(t *testing.T) {
	m := newTiny(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Backward(ctx, []tokenize.Sequence{sequence(9, 3)}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Backward: %v", err)
	}
	if _, err := m.Grad("model.norm.weight"); err == nil {
		t.Error("a cancelled Backward left a gradient")
	}
	if _, err := m.Loss(ctx, []tokenize.Sequence{sequence(9, 3)}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Loss: %v", err)
	}
	if err := NewAdamW(m, AdamWConfig{}).Step(1e-3); err == nil || !strings.Contains(err.Error(), "call Backward first") {
		t.Errorf("a step without gradients: %v", err)
	}
}

func TestBadSequences(t *testing.T) {
	m := newTiny(t)
	unknown, short, blank := sequence(5, 2), sequence(5, 2), sequence(5, 5)
	unknown.IDs[1] = 258
	short.Labels = short.Labels[:4]
	for _, c := range []struct {
		seq  tokenize.Sequence
		want string
	}{
		{tokenize.Sequence{}, "sequence 0: it has 0 tokens, want 1 to 64"},
		{sequence(65, 3), "sequence 0: it has 65 tokens"},
		{unknown, "token 1: id 258 is outside the vocabulary of 258"},
		{short, "4 labels for 5 tokens"},
		{blank, "no label"},
	} {
		if _, err := m.Loss(context.Background(), []tokenize.Sequence{c.seq}, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	m.Close()
	if _, err := m.Loss(context.Background(), []tokenize.Sequence{sequence(5, 2)}, nil); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a closed model: %v", err)
	}
}

func Example() {
	m, err := New(Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 2, Heads: 2, MaxLen: 64, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	fmt.Println(m)

	seq, err := tokenize.Dialogue(m.Tokenizer(), []string{"2 + 3?", "5"}, tokenize.DialogueConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	batch, ctx := []tokenize.Sequence{seq}, context.Background()
	before, _ := m.Loss(ctx, batch, nil)
	optimiser := NewAdamW(m, AdamWConfig{})
	for range 50 {
		if _, err := m.Backward(ctx, batch, 0); err != nil {
			fmt.Println(err)
			return
		}
		if err := optimiser.Step(1e-2); err != nil {
			fmt.Println(err)
			return
		}
	}
	after, _ := m.Loss(ctx, batch, nil)
	fmt.Printf("loss over %d answer tokens: %.0f, then below 0.1: %v\n", before[0].Tokens, before[0].Mean(), after[0].Mean() < 0.1)
	// Output:
	// Llama of 9328 parameters (2 layers, width 16)
	// loss over 2 answer tokens: 6, then below 0.1: true
}

func ExampleModel_Logits() {
	m, err := Load("testdata/tiny")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	logits, err := m.Logits(context.Background(), []int32{1, 7, 42})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(logits.Rows, "positions,", logits.Cols, "scores each")
	// Output: 3 positions, 96 scores each
}

func ExampleLoad() {
	m, err := Load("SmolLM2-135M-Instruct")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	fmt.Println(m)
	fmt.Println(len(m.Tokenizer().Encode("How long do geese live?")), "tokens")
	// Output:
	// Llama of 134515008 parameters (30 layers, width 576)
	// 6 tokens
}

func ExampleModel_Backward() {
	m, err := Load("testdata/tiny")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	ids := []int32{1, 7, 42, 5}
	batch := []tokenize.Sequence{{IDs: ids, Labels: []int32{tokenize.Ignore, tokenize.Ignore, 42, 5}}}
	losses, err := m.Backward(context.Background(), batch, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	gradient, err := m.Grad("model.norm.weight")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(losses[0].Tokens, "label tokens,", len(gradient), "values in the last norm's gradient")
	// Output: 2 label tokens, 24 values in the last norm's gradient
}

func ExampleModel_Sequences() {
	m, err := New(Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 1, Heads: 2, MaxLen: 64, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	sequences, err := m.Sequences([]data.Example{{Data: []string{"2 + 3?", "5"}}}, tokenize.DialogueConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n", m.Tokenizer().Decode(sequences[0].IDs))
	// Output: "<bos>User: 2 + 3?\nAssistant: 5<eos>"
}
