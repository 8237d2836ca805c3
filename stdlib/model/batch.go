package model

import (
	"fmt"

	"kairos/stdlib/data"
	"kairos/stdlib/internal/torch"
	"kairos/stdlib/tokenize"
)

// batch is a packed set of sequences with the tokens that count in the loss.
type batch struct {
	torch.Packed
	rows    []int64 // packed rows whose next token counts
	targets []int64 // that next token
	owner   []int   // the caller's index of the sequence it belongs to

	sequences int
}

// pack lays the sequences listed in order end to end.
func pack(sequences []tokenize.Sequence, order []int) *batch {
	b := &batch{sequences: len(order)}
	for _, i := range order {
		seq := sequences[i]
		start := b.Append(seq.IDs)
		for p := 1; p < len(seq.IDs); p++ {
			if label := seq.Labels[p]; label != tokenize.Ignore {
				b.rows = append(b.rows, start+int64(p)-1)
				b.targets = append(b.targets, int64(label))
				b.owner = append(b.owner, i)
			}
		}
	}
	return b
}

// batches packs sequences into batches of at most maxTokens tokens.
func batches(sequences []tokenize.Sequence, maxTokens int) []*batch {
	lengths := make([]int, len(sequences))
	for i, seq := range sequences {
		lengths[i] = len(seq.IDs)
	}
	var list []*batch
	for _, order := range torch.Split(lengths, maxTokens) {
		list = append(list, pack(sequences, order))
	}
	return list
}

// Sequences tokenises examples with the model's own tokenizer in the paper's
// format, see [tokenize.Dialogue]. A maxLen of 0 is its default.
func (m *Model) Sequences(examples []data.Example, maxLen int) ([]tokenize.Sequence, error) {
	if m.tokenizer == nil {
		return nil, fmt.Errorf("model: the model has no tokenizer to read examples with")
	}
	sequences := make([]tokenize.Sequence, len(examples))
	for i, ex := range examples {
		var err error
		if sequences[i], err = tokenize.Dialogue(m.tokenizer, ex.Data, tokenize.DialogueConfig{MaxLen: maxLen}); err != nil {
			return nil, fmt.Errorf("model: example %d (task %q): %w", i, ex.Task, err)
		}
	}
	return sequences, nil
}

// validate refuses sequences the model cannot run.
func (m *Model) validate(sequences []tokenize.Sequence) error {
	if m.weights.params == nil {
		return fmt.Errorf("model: the model is closed")
	}
	if len(sequences) == 0 {
		return fmt.Errorf("model: no sequences")
	}
	for i, seq := range sequences {
		if len(seq.IDs) == 0 || len(seq.IDs) > m.Config.MaxLen {
			return fmt.Errorf("model: sequence %d has %d tokens, want 1 to %d", i, len(seq.IDs), m.Config.MaxLen)
		}
		if len(seq.Labels) != len(seq.IDs) {
			return fmt.Errorf("model: sequence %d has %d labels for %d tokens", i, len(seq.Labels), len(seq.IDs))
		}
		labels := 0
		for p, id := range seq.IDs {
			if id < 0 || int(id) >= m.Config.Vocab {
				return fmt.Errorf("model: sequence %d, token %d: id %d is outside the vocabulary of %d", i, p, id, m.Config.Vocab)
			}
			if label := seq.Labels[p]; label != tokenize.Ignore {
				if label < 0 || int(label) >= m.Config.Vocab {
					return fmt.Errorf("model: sequence %d, label %d: id %d is outside the vocabulary of %d", i, p, label, m.Config.Vocab)
				}
				if p > 0 {
					labels++
				}
			}
		}
		if labels == 0 {
			return fmt.Errorf("model: sequence %d has no label after its first token: there is no loss to compute", i)
		}
	}
	return nil
}
