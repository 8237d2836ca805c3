package model

import (
	"context"
	"fmt"

	"kairos/stdlib/internal/torch"
	"kairos/stdlib/matrix"
	"kairos/stdlib/tokenize"
)

// Loss is the cross-entropy of one sequence over its label tokens.
type Loss struct {
	Sum       float64 // nats
	Tokens    int     // label tokens
	Predicted []int32 // the most likely token in the place of each label token
}

// Mean is the loss per label token, in nats.
func (l Loss) Mean() float64 { return l.Sum / float64(l.Tokens) }

const (
	evalTokens = 2048 // of one pack: enough to keep the matrix products busy
	headRows   = 512  // rows of logits held at once
)

// trainTokens is how many tokens a pack of the backward pass has at most. Each pack adds to all gradients, which costs
// as much as some hundred of its tokens, so that large ones are better; what is kept of each token for the backward pass
// should not exceed three gigabytes.
func (c Config) trainTokens() int {
	attention := 2 * (c.Heads + c.KVHeads) * c.HeadDim
	kept := 4 * c.Layers * (2*c.Hidden + attention + 2*c.FFN)
	return max(1024, min(3<<30/kept, 4096))
}

// Loss returns the loss of each sequence, in the caller's order. Scores over
// the vocabulary are computed only where a label follows, and what several
// sequences begin with, such as the definition of a task, once. It works through
// packs of about 2,000 tokens; between them it looks at ctx and calls progress,
// in sequences, unless that is nil.
func (m *Model) Loss(ctx context.Context, sequences []tokenize.Sequence, progress func(done, total int)) ([]Loss, error) {
	if err := m.validate(sequences); err != nil {
		return nil, fmt.Errorf("model: loss: %w", err)
	}
	losses := make([]Loss, len(sequences))
	done := 0
	for _, b := range batches(sequences, relatives(sequences, evalTokens), evalTokens) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := m.loss(b, losses); err != nil {
			return nil, fmt.Errorf("model: loss: %w", err)
		}
		if done += b.sequences; progress != nil {
			progress(done, len(sequences))
		}
	}
	return losses, nil
}

func (m *Model) loss(b *batch, losses []Loss) error {
	return m.do(func(s *torch.Scope) {
		x := m.hidden(s, b.IDs, m.angles(b.Positions), packed(b.Groups), nil)
		for at := 0; at < len(b.rows); at += headRows {
			rows := b.rows[at:min(at+headRows, len(b.rows))]
			torch.Within(func(s *torch.Scope) {
				logits := m.logits(s, m.normed(s, s.Rows(x, s.Ints(rows, int64(len(rows))))))
				loss, best := s.CrossEntropy(logits, b.targets[at:at+len(rows)], 0)
				b.addTo(losses, at, loss, best)
			})
		}
	})
}

// addTo adds the losses of the label tokens from at on, and the tokens predicted in their place, to those of their
// sequences.
func (b *batch) addTo(losses []Loss, at int, loss []float32, predicted []int32) {
	for i, v := range loss {
		l := &losses[b.owner[at+i]]
		l.Sum += float64(v)
		l.Tokens++
		l.Predicted = append(l.Predicted, predicted[i])
	}
}

// Backward returns the loss of each sequence and adds the gradient of
// (sum of all token losses)/norm to the model's gradients. A norm of 0 means
// the number of label tokens, which makes it the gradient of the mean. Long
// batches are worked through in packs of 1,024 to 4,096 tokens, fewer the larger
// the model; it looks at ctx between them, and a call that is cancelled leaves no gradients behind.
func (m *Model) Backward(ctx context.Context, sequences []tokenize.Sequence, norm float64) ([]Loss, error) {
	if err := m.validate(sequences); err != nil {
		return nil, fmt.Errorf("model: backward: %w", err)
	}
	packs := batches(sequences, singles(sequences), m.Config.trainTokens())
	if norm == 0 {
		for _, b := range packs {
			norm += float64(len(b.rows))
		}
	}
	losses := make([]Loss, len(sequences))
	for _, b := range packs {
		err := ctx.Err()
		if err == nil {
			err = m.backward(b, norm, losses)
		}
		if err != nil {
			m.ZeroGrad()
			return nil, fmt.Errorf("model: backward: %w", err)
		}
	}
	return losses, nil
}

// Logits returns the scores over the vocabulary after each token of ids:
// len(ids) rows of Config.Vocab. It looks at ctx once, at the start.
func (m *Model) Logits(ctx context.Context, ids []int32) (*matrix.Dense, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := m.validateIDs(ids, m.Config.MaxLen); err != nil {
		return nil, fmt.Errorf("model: logits: %w", err)
	}
	out := matrix.New(len(ids), m.Config.Vocab)
	var b torch.Packed
	b.Append(ids)
	err := m.do(func(s *torch.Scope) {
		x := m.hidden(s, b.IDs, m.angles(b.Positions), packed(b.Groups), nil)
		copy(out.Data, m.logits(s, m.normed(s, x)).Floats())
	})
	if err != nil {
		return nil, fmt.Errorf("model: logits: %w", err)
	}
	return out, nil
}
