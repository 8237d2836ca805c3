// Package score compares the texts that a model generates with references: ROUGE-1 and ROUGE-L as
// Python's rouge_score 0.1.2 computes them with use_stemmer=True, and exact match after the
// normalisation of Super-NaturalInstructions. Against several references the best one counts, as in
// the paper's reference implementation (src/compute_metrics.py).
//
// [Rouge1] and [RougeL] give a [Rouge]: precision, recall and F1. [ExactMatch] compares what
// [Normalize] leaves of two texts, ROUGE what [Words] makes of them. [Generations] scores many texts,
// one [Result] each; [ByTask], [ByCategory], [Overall] and [OverTasks] average results to a [Mean].
//
// All scores are from 0 to 1 and are not rounded; the reference's tables hold 100 times as much,
// rounded to four decimals. Strings are taken as UTF-8; a byte that is no part of it counts as U+FFFD.
//
// What this package leaves out: other ROUGE variants, confidence intervals, and the tokenizer of the
// reference's cross-lingual track.
package score

import (
	"context"
	"errors"
	"fmt"
)

var errNoReferences = errors.New("no references")

// Generation is a text that a model generated, and what it is compared with.
type Generation struct {
	Task       string   `json:"task"`
	Category   string   `json:"category,omitempty"`
	Text       string   `json:"text"`
	References []string `json:"references"` // at least one; an empty text is one too
}

// Result holds the scores of one generation, each the best over its references.
type Result struct {
	Task       string  `json:"task"`
	Category   string  `json:"category,omitempty"`
	Rouge1     float64 `json:"rouge1"`      // F1, 0 to 1
	RougeL     float64 `json:"rougeL"`      // F1, 0 to 1
	ExactMatch float64 `json:"exact_match"` // 0 or 1
}

// Config sets the scoring of generations.
type Config struct {
	Progress func(done, total int) // called after each generation, if not nil
}

// Generations scores each generation, in their order. One without references is an error. ctx is
// looked at before each.
func Generations(ctx context.Context, generations []Generation, cfg Config) ([]Result, error) {
	results := make([]Result, len(generations))
	for i, g := range generations {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("score: score generation %d: %w", i, err)
		}
		if len(g.References) == 0 {
			return nil, fmt.Errorf("score: score generation %d of task %q: %w", i, g.Task, errNoReferences)
		}
		results[i] = g.result()
		if cfg.Progress != nil {
			cfg.Progress(i+1, len(generations))
		}
	}
	return results, nil
}

func (g Generation) result() Result {
	r := Result{Task: g.Task, Category: g.Category}
	prediction, match := newNumbered(g.Text), Normalize(g.Text)
	for _, text := range g.References {
		reference := prediction.number(text)
		r.Rouge1 = max(r.Rouge1, prediction.rouge(prediction.shared(reference), reference).F1)
		r.RougeL = max(r.RougeL, prediction.rouge(prediction.longest(reference), reference).F1)
		if r.ExactMatch == 0 && match == Normalize(text) {
			r.ExactMatch = 1
		}
	}
	return r
}
