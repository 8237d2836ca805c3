// Package eval measures a model on examples it was not trained on.
//
//   - [Loss] is the loss of the answers, the paper's stable indicator of zero-shot generalization: a
//     [Result] an example, with texts if [Config] asks for them. [Mean], [ByTask] and [ByCategory]
//     average them; [WriteResults] and [ReadResults] keep them in the reference's test_results.json.
//   - [Generate] has the model answer, and scores each [Answer] against references (ROUGE-1, ROUGE-L,
//     exact match, see package score); [References] are all outputs that Natural Instructions accepts.
//     [Scores] are what package score averages; [WriteAnswers] keeps answers in a file.
//   - [Reward] has a reward model judge texts, in the template of [UltraRM]; [WriteScored] and
//     [ReadRewards] keep rewards in the reference's test_results_scored.json.
//
// What this package leaves out: training (package train), curves of many checkpoints (package run)
// and what can be seen in them (package dynamics).
package eval

import (
	"context"
	"fmt"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// Config sets an evaluation.
type Config struct {
	MaxLen   int                   // longest example in tokens, see tokenize.Dialogue; 0 = 1024
	Chat     bool                  // examples are laid out by the model's chat template rather than as in the paper
	Texts    bool                  // results hold texts too
	Progress func(done, total int) // called as examples are finished, if not nil
}

// Result is the loss of one example. The texts are those of its tokens, without BOS and EOS, and empty
// unless Config.Texts asks for them.
type Result struct {
	Task       string  `json:"task"`
	Loss       float64 `json:"loss"`             // mean over the label tokens, in nats
	Prompt     string  `json:"prompt,omitempty"` // all that is no label
	Prediction string  `json:"pred,omitempty"`   // in the place of each label token the likeliest one, given those before it
	Label      string  `json:"label,omitempty"`  // the answers
}

// Columns names and returns what a table of results has in its columns.
func (r Result) Columns() (names []string, values []any) {
	names, values = []string{"Task", "Loss"}, []any{r.Task, r.Loss}
	if r.Prompt != "" {
		names, values = append(names, "Label", "Prediction"), append(values, r.Label, r.Prediction)
	}
	return names, values
}

// Loss returns the loss of m on each example, in their order: the mean
// cross-entropy of the answer's tokens given the prompt and the answer so far
// (paper, section 2). It looks at ctx between packs of about 2,000 tokens.
func Loss(ctx context.Context, m *model.Model, examples []data.Example, cfg Config) ([]Result, error) {
	sequences, err := m.Sequences(examples, tokenize.DialogueConfig{MaxLen: cfg.MaxLen, Chat: cfg.Chat})
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	losses, err := m.Loss(ctx, sequences, cfg.Progress)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	results := make([]Result, len(examples))
	for i, l := range losses {
		results[i] = Result{Task: examples[i].Task, Loss: l.Mean()}
		if cfg.Texts {
			results[i].addTexts(m.Tokenizer(), sequences[i], l.Predicted)
		}
	}
	return results, nil
}

// addTexts decodes a sequence as the reference does (eval_by_loss.py).
func (r *Result) addTexts(t *tokenize.BPE, seq tokenize.Sequence, predicted []int32) {
	var prompt, label []int32
	for i, id := range seq.IDs {
		if seq.Labels[i] == tokenize.Ignore {
			prompt = append(prompt, id)
		} else {
			label = append(label, id)
		}
	}
	r.Prompt, r.Prediction, r.Label = plain(t, prompt), plain(t, predicted), plain(t, label)
}

// plain decodes ids without BOS and EOS: of Llama 2, which the reference trains, all special tokens but <unk>.
func plain(t *tokenize.BPE, ids []int32) string {
	bos, hasBOS := t.BOS()
	eos, hasEOS := t.EOS()
	var text []int32
	for _, id := range ids {
		if hasBOS && id == bos || hasEOS && id == eos {
			continue
		}
		text = append(text, id)
	}
	return t.Decode(text)
}

// Mean is the average loss over examples, each with the same weight. A loss that is NaN makes it NaN;
// the reference counts it as 0.
func Mean(results []Result) float64 {
	var sum float64
	for _, r := range results {
		sum += r.Loss
	}
	return sum / float64(len(results))
}

// ByTask is the average loss over the examples of each task.
func ByTask(results []Result) map[string]float64 {
	return ByCategory(results, func(task string) string { return task })
}

// ByCategory is the average loss over the examples of each category of tasks, not weighted by task.
func ByCategory(results []Result, category func(task string) string) map[string]float64 {
	sum, n := map[string]float64{}, map[string]float64{}
	for _, r := range results {
		c := category(r.Task)
		sum[c] += r.Loss
		n[c]++
	}
	for c := range sum {
		sum[c] /= n[c]
	}
	return sum
}
