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
	Sum    float64 // nats
	Tokens int     // label tokens
}

// Mean is the loss per label token, in nats.
func (l Loss) Mean() float64 { return l.Sum / float64(l.Tokens) }

// Tokens of one pack: enough to keep the matrix products busy, few enough to
// bound memory whatever batch the caller asks for.
const (
	trainTokens = 1024
	evalTokens  = 2048
	headRows    = 512 // rows of logits held at once where no gradient is needed
)

// Loss returns the loss of each sequence, in the caller's order. Scores over
// the vocabulary are computed only where a label follows. It works through
// packs of about 2,000 tokens; between them it looks at ctx and calls progress,
// in sequences, unless that is nil.
func (m *Model) Loss(ctx context.Context, sequences []tokenize.Sequence, progress func(done, total int)) ([]Loss, error) {
	if err := m.validate(sequences); err != nil {
		return nil, err
	}
	losses := make([]Loss, len(sequences))
	done := 0
	for _, b := range batches(sequences, evalTokens) {
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
	return m.do(false, func(s *torch.Scope) {
		x := s.Rows(m.hidden(s, b), s.Ints(b.rows, int64(len(b.rows))))
		for at := 0; at < len(b.rows); at += headRows {
			n := min(headRows, len(b.rows)-at)
			nll := s.Sub(func(s *torch.Scope) torch.Tensor {
				logits := m.logits(s, s.Narrow(x, 0, int64(at), int64(n)))
				return s.CrossEntropy(logits, s.Ints(b.targets[at:at+n], int64(n)))
			})
			b.addTo(losses, at, nll.Floats())
		}
	})
}

// addTo adds the losses of the label tokens from at on to those of their sequences.
func (b *batch) addTo(losses []Loss, at int, nll []float32) {
	for i, v := range nll {
		l := &losses[b.owner[at+i]]
		l.Sum += float64(v)
		l.Tokens++
	}
}

// Backward returns the loss of each sequence and adds the gradient of
// (sum of all token losses)/norm to the model's gradients. A norm of 0 means
// the number of label tokens, which makes it the gradient of the mean. Long
// batches are worked through in packs of about 1,000 tokens; it looks at ctx
// between them, and a call that is cancelled leaves no gradients behind.
func (m *Model) Backward(ctx context.Context, sequences []tokenize.Sequence, norm float64) ([]Loss, error) {
	if err := m.validate(sequences); err != nil {
		return nil, err
	}
	packs := batches(sequences, trainTokens)
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
			return nil, err
		}
	}
	return losses, nil
}

func (m *Model) backward(b *batch, norm float64, losses []Loss) error {
	err := m.do(true, func(s *torch.Scope) {
		n := int64(len(b.rows))
		nll := s.Sub(func(s *torch.Scope) torch.Tensor {
			x := s.Rows(m.hidden(s, b), s.Ints(b.rows, n))
			return s.CrossEntropy(m.logits(s, x), s.Ints(b.targets, n))
		})
		b.addTo(losses, 0, nll.Floats())
		m.gather(s, s.MulScalar(nll, 1/norm))
	})
	if err != nil {
		return fmt.Errorf("model: backward: %w", err)
	}
	return nil
}

// gather adds the gradient of root's sum to the parameters' gradients.
func (m *Model) gather(s *torch.Scope, root torch.Tensor) {
	params := m.weights.params
	values := make([]torch.Tensor, len(params))
	for i, p := range params {
		values[i] = p.value
	}
	for i, g := range s.Backward(root, values) {
		if p := params[i]; p.grad == (torch.Tensor{}) {
			p.grad = s.Keep(g)
		} else {
			s.AddInto(p.grad, g)
		}
	}
}

// Logits returns the scores over the vocabulary after each token of ids:
// len(ids) rows of Config.Vocab. It looks at ctx once, at the start.
func (m *Model) Logits(ctx context.Context, ids []int32) (*matrix.Dense, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	seq := tokenize.Sequence{IDs: ids, Labels: ids}
	if err := m.validate([]tokenize.Sequence{seq}); err != nil {
		return nil, err
	}
	out := matrix.New(len(ids), m.Config.Vocab)
	err := m.do(false, func(s *torch.Scope) {
		copy(out.Data, m.logits(s, m.hidden(s, pack([]tokenize.Sequence{seq}, []int{0}))).Floats())
	})
	if err != nil {
		return nil, fmt.Errorf("model: logits: %w", err)
	}
	return out, nil
}
