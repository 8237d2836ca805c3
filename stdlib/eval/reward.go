package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"kairos/stdlib/tokenize"
)

// Rewarder judges token sequences: a number for each, higher for better. model.Reward is one.
type Rewarder interface {
	Score(ctx context.Context, ids [][]int32) ([]float64, error)
}

// RewardConfig sets a judging.
type RewardConfig struct {
	MaxLen   int                   // longest text in tokens, whose end is cut off; 0 = 1024
	Progress func(done, total int) // called as texts are judged, if not nil
}

// UltraRM is the text that the reward model UltraRM judges a completion in.
func UltraRM(instruction, completion string) string {
	return "Human: " + instruction + "\n\nAssistant: " + completion
}

// Reward has a reward model judge completions of prompts, each pair in the template of UltraRM and
// after the tokenizer's BOS if it has one, as Llama's tokenizers put it (paper's reference, eval_by_rm.py).
// Texts are judged 32 at a time, and ctx is looked at before each 32.
//
// The reference gives it prompts as they were given to the model, "User: " and "Assistant: " included, inside of the
// template. Answer.Prompt is the question alone, which is what UltraRM was trained on: rewards of the two
// are not to be compared.
func Reward(ctx context.Context, r Rewarder, t *tokenize.BPE, prompts, completions []string, cfg RewardConfig) ([]float64, error) {
	rewards, err := reward(ctx, r, t, prompts, completions, cfg)
	if err != nil {
		return nil, fmt.Errorf("eval: reward: %w", err)
	}
	return rewards, nil
}

func reward(ctx context.Context, r Rewarder, t *tokenize.BPE, prompts, completions []string, cfg RewardConfig) ([]float64, error) {
	const together = 32
	longest := cmp.Or(cfg.MaxLen, 1024)
	if len(prompts) != len(completions) {
		return nil, fmt.Errorf("%d prompts, but %d completions", len(prompts), len(completions))
	}
	if longest < 0 {
		return nil, errors.New("MaxLen is negative")
	}
	ids := make([][]int32, len(prompts))
	for i, prompt := range prompts {
		if bos, ok := t.BOS(); ok {
			ids[i] = append(ids[i], bos)
		}
		ids[i] = append(ids[i], t.Encode(UltraRM(prompt, completions[i]))...)
		ids[i] = ids[i][:min(len(ids[i]), longest)]
	}
	rewards := make([]float64, 0, len(ids))
	for len(rewards) < len(ids) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		from := len(rewards)
		some, err := r.Score(ctx, ids[from:min(from+together, len(ids))])
		if err != nil {
			return nil, fmt.Errorf("texts from %d on: %w", from, err)
		}
		if rewards = append(rewards, some...); cfg.Progress != nil {
			cfg.Progress(len(rewards), len(ids))
		}
	}
	return rewards, nil
}

// WriteScored writes the answers of a checkpoint with their rewards, as the reference writes
// test_results_scored.json (eval_by_rm.py):
//
//	{"step": 10, "data": [{"prompt": …, "pred": …, "label": …, …, "reward": …}, …]}
//
// with the fields that WriteAnswers adds. Another number of rewards than of answers is an error. The file appears
// whole or not at all; one that was there is replaced.
func WriteScored(path string, step int, answers []Answer, rewards []float64) error {
	if len(answers) != len(rewards) {
		return fmt.Errorf("eval: write results: %d answers, but %d rewards", len(answers), len(rewards))
	}
	rows := make([][]field, len(answers))
	for i, a := range answers {
		rows[i] = append(a.fields(), field{"reward", rewards[i]})
	}
	return write(path, field{"step", step}, rows)
}

// ReadRewards reads the rewards of a file by WriteScored or the reference. A result without one is an
// error.
func ReadRewards(path string) ([]float64, error) {
	rows, err := readRows(path)
	if err != nil {
		return nil, fmt.Errorf("eval: read rewards: %s: %w", path, err)
	}
	rewards := make([]float64, len(rows))
	for i, r := range rows {
		if r.Reward == nil {
			return nil, fmt.Errorf("eval: read rewards: %s: result %d has no reward", path, i)
		}
		rewards[i] = float64(*r.Reward)
	}
	return rewards, nil
}
