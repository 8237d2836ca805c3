package model

import (
	"context"
	"fmt"

	"kairos/stdlib/internal/torch"
	"kairos/stdlib/tokenize"
)

// Reward is a reward model: one of the Llama family that gives a text one number
// in the place of scores over the vocabulary. Score may be called from several
// goroutines, which take turns.
type Reward struct {
	body *Model
	head []float32 // [Hidden]
}

// LoadReward loads a reward model by name or path, as [Load] finds one. Its head
// is called score.weight, as in transformers' LlamaForSequenceClassification with
// one label, or regression_head.weight, as in UltraRM, and has the shape
// [1, Hidden].
func LoadReward(name string) (*Reward, error) {
	path, err := resolve(name)
	if err != nil {
		return nil, fmt.Errorf("model: load reward %s: %w", name, err)
	}
	src, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("model: load reward %s: %w", path, err)
	}
	defer src.close()
	r := new(Reward)
	if r.head, err = rewardHead(src); err == nil {
		cfg := src.config()
		cfg.Tied = true // there is no head over the vocabulary
		r.body, err = build(cfg, src.tensor)
	}
	if err != nil {
		return nil, fmt.Errorf("model: load reward %s: %w", path, err)
	}
	r.body.Source, r.body.tokenizer = path, src.tokenizer()
	return r, nil
}

func rewardHead(src source) ([]float32, error) {
	cfg := src.config()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	head := make([]float32, cfg.Hidden)
	var missing []error
	for _, name := range []string{"score.weight", "regression_head.weight"} {
		err := src.tensor(head, name, []int64{1, int64(cfg.Hidden)})
		if err == nil {
			return head, nil
		}
		missing = append(missing, err)
	}
	return nil, fmt.Errorf("it has no head for rewards: %w; %w", missing[0], missing[1])
}

// Close frees the native memory. The model cannot be used afterwards. One that is
// not closed is freed once it is no longer reachable.
func (r *Reward) Close() { r.body.Close() }

// Tokenizer returns the model's own tokenizer, nil for a model that has none.
func (r *Reward) Tokenizer() *tokenize.BPE { return r.body.tokenizer }

// Score returns the reward of each text, of token ids, in the caller's order: the
// head applied to the last token's hidden state after the last norm. It works
// through packs of about 2,000 tokens and looks at ctx between them.
func (r *Reward) Score(ctx context.Context, ids [][]int32) ([]float64, error) {
	lengths := make([]int, len(ids))
	for i, text := range ids {
		if err := r.body.validateIDs(text, r.body.Config.MaxLen); err != nil {
			return nil, fmt.Errorf("model: score: text %d: %w", i, err)
		}
		lengths[i] = len(text)
	}
	scores := make([]float64, len(ids))
	for _, order := range torch.Split(lengths, evalTokens) {
		err := ctx.Err()
		if err == nil {
			err = r.score(ids, order, scores)
		}
		if err != nil {
			return nil, fmt.Errorf("model: score: %w", err)
		}
	}
	return scores, nil
}

// score scores the texts listed in order.
func (r *Reward) score(ids [][]int32, order []int, scores []float64) error {
	var b torch.Packed
	last := make([]int64, len(order))
	for i, text := range order {
		last[i] = b.Append(ids[text]) + int64(len(ids[text])) - 1
	}
	m := r.body
	return m.do(func(s *torch.Scope) {
		x := m.hidden(s, b.IDs, m.angles(b.Positions), packed(b.Groups), nil)
		rows := m.normed(s, s.Rows(x, s.Ints(last, int64(len(last))))).Floats()
		for i, text := range order {
			for j, w := range r.head {
				scores[text] += float64(w) * float64(rows[i*len(r.head)+j])
			}
		}
	})
}
