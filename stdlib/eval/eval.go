// Package eval measures a model on examples: at present by the loss of its
// answers, the paper's stable indicator of zero-shot generalization.
//
// [Loss] gives one [Result] an example; [Mean] and [ByTask] average them.
//
// What this package leaves out: generation and its scores.
package eval

import (
	"context"
	"fmt"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
)

// Config sets an evaluation.
type Config struct {
	MaxLen   int                   // longest example in tokens, see tokenize.Dialogue; 0 = 1024
	Progress func(done, total int) // called as examples are finished, if not nil
}

// Result is the loss of one example.
type Result struct {
	Task string  `json:"task"`
	Loss float64 `json:"loss"` // mean over the label tokens, in nats
}

// Loss returns the loss of m on each example, in their order: the mean
// cross-entropy of the answer's tokens given the prompt and the answer so far
// (paper, section 2). It looks at ctx between packs of about 2,000 tokens.
func Loss(ctx context.Context, m *model.Model, examples []data.Example, cfg Config) ([]Result, error) {
	sequences, err := m.Sequences(examples, cfg.MaxLen)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	losses, err := m.Loss(ctx, sequences, cfg.Progress)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	results := make([]Result, len(examples))
	for i, l := range losses {
		results[i] = Result{examples[i].Task, l.Mean()}
	}
	return results, nil
}

// Mean is the average loss over examples, each with the same weight.
func Mean(results []Result) float64 {
	var sum float64
	for _, r := range results {
		sum += r.Loss
	}
	return sum / float64(len(results))
}

// ByTask is the average loss over the examples of each task.
func ByTask(results []Result) map[string]float64 {
	sum, n := map[string]float64{}, map[string]float64{}
	for _, r := range results {
		sum[r.Task] += r.Loss
		n[r.Task]++
	}
	for task := range sum {
		sum[task] /= n[task]
	}
	return sum
}
