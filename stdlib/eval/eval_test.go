package eval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

func tiny(t testing.TB) *model.Model {
	t.Helper()
	m, err := model.New(model.Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 1, Heads: 2, MaxLen: 128, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

var examples = []data.Example{
	{Task: "sum", Data: []string{"2 + 3?", "5"}},
	{Task: "capital", Data: []string{"Capital of France?", "Paris"}},
	{Task: "sum", Data: []string{"20 + 30?", "50"}},
}

func TestAveragesByHand(t *testing.T) {
	results := []Result{{"a", 1}, {"b", 2}, {"a", 6}}
	if got := Mean(results); got != 3 {
		t.Errorf("Mean = %v, want 3", got)
	}
	if got := ByTask(results); len(got) != 2 || got["a"] != 3.5 || got["b"] != 2 {
		t.Errorf("ByTask = %v, want a 3.5, b 2", got)
	}
}

// A model that has learned nothing gives every byte about the same chance.
func TestLossOfAnUntrainedModel(t *testing.T) {
	results, err := Loss(context.Background(), tiny(t), examples, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Task != examples[i].Task || math.Abs(r.Loss-math.Log(258)) > 0.1 {
			t.Errorf("example %d: %+v, want task %s and a loss near %.2f", i, r, examples[i].Task, math.Log(258))
		}
	}
}

func TestProgressCancelAndErrors(t *testing.T) {
	m := tiny(t)
	last := 0
	if _, err := Loss(context.Background(), m, examples, Config{Progress: func(done, total int) { last = done*10 + total }}); err != nil || last != 33 {
		t.Errorf("progress ended at %d, error %v", last, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Loss(ctx, m, examples, Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Loss(context.Background(), m, nil, Config{}); err == nil {
		t.Error("no examples: no error")
	}
	odd := []data.Example{{Task: "x", Data: []string{"no answer"}}}
	if _, err := Loss(context.Background(), m, odd, Config{}); err == nil || !strings.Contains(err.Error(), "example 0") {
		t.Errorf("an example without an answer: %v", err)
	}
}

func ExampleMean() {
	results := []Result{{"sum", 0.5}, {"sum", 1.5}, {"capital", 4}}
	fmt.Println(Mean(results))
	// Output: 2
}

func ExampleByTask() {
	results := []Result{{"sum", 0.5}, {"sum", 1.5}, {"capital", 4}}
	fmt.Println(ByTask(results))
	// Output: map[capital:4 sum:1]
}

func ExampleLoss() {
	m, err := model.New(model.Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 1, Heads: 2, MaxLen: 128, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	results, err := Loss(context.Background(), m, examples, Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Println(r.Task, r.Loss < 6)
	}
	// Output:
	// sum true
	// capital true
	// sum true
}
