package model

import (
	"cmp"
	"fmt"
	"slices"

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

// pack lays families of sequences end to end: what the members of each share once, then the rest of each.
func pack(sequences []tokenize.Sequence, families []family) *batch {
	b := new(batch)
	for _, f := range families {
		prefix := torch.Run{Length: int64(f.shared)}
		if f.shared > 0 {
			prefix.Start = b.Append(sequences[f.members[0]].IDs[:f.shared])
		}
		for _, i := range f.members {
			b.add(i, sequences[i], prefix)
		}
	}
	return b
}

// add appends the caller's sequence i, without the prefix that is there already.
func (b *batch) add(i int, seq tokenize.Sequence, prefix torch.Run) {
	own := int(prefix.Length)
	start := b.Continue(prefix, seq.IDs[own:])
	for p := max(own, 1); p < len(seq.IDs); p++ {
		if label := seq.Labels[p]; label != tokenize.Ignore {
			b.rows = append(b.rows, start+int64(p-own)-1)
			b.targets = append(b.targets, int64(label))
			b.owner = append(b.owner, i)
		}
	}
	b.sequences++
}

// family is a set of sequences that begin with the same tokens.
type family struct {
	shared  int   // tokens
	members []int // the caller's indices
}

// size is the number of tokens that a family takes.
func (f family) size(sequences []tokenize.Sequence) int {
	n := f.shared
	for _, i := range f.members {
		n += len(sequences[i].IDs) - f.shared
	}
	return n
}

// singles makes a family of each sequence.
func singles(sequences []tokenize.Sequence) []family {
	list := make([]family, len(sequences))
	for i := range list {
		list[i].members = []int{i}
	}
	return list
}

// worthSharing is the shortest prefix, in tokens, that is worth the slower attention of what continues it.
const worthSharing = 32

// relatives finds sequences that begin alike, such as those of a task with its definition, and makes families of them, of
// up to maxTokens tokens where that is possible. In the order of their tokens neighbours share most; a family grows as
// long as that saves tokens.
func relatives(sequences []tokenize.Sequence, maxTokens int) []family {
	order := make([]int, len(sequences))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(slices.Compare(sequences[a].IDs, sequences[b].IDs), a-b)
	})
	var list []family
	for _, i := range order {
		if n := len(list) - 1; n >= 0 {
			last := list[n].members
			shared := commonPrefix(sequences[last[len(last)-1]], sequences[i])
			if len(last) > 1 {
				shared = min(shared, list[n].shared)
			}
			grown := family{shared, append(last, i)}
			if shared >= worthSharing && len(last)*shared > (len(last)-1)*list[n].shared && grown.size(sequences) <= maxTokens {
				list[n] = grown
				continue
			}
		}
		list = append(list, family{members: []int{i}})
	}
	for _, f := range list { // equal lengths attend together
		slices.SortStableFunc(f.members, func(a, b int) int { return len(sequences[b].IDs) - len(sequences[a].IDs) })
	}
	return list
}

// commonPrefix is how many tokens two sequences share, short of the tokens whose next counts in the loss.
func commonPrefix(a, b tokenize.Sequence) int {
	n := 0
	for n < len(a.IDs)-1 && n < len(b.IDs)-1 && a.IDs[n] == b.IDs[n] && a.Labels[n+1] == tokenize.Ignore && b.Labels[n+1] == tokenize.Ignore {
		n++
	}
	return n
}

// batches packs families into batches of at most maxTokens tokens, or of one family.
func batches(sequences []tokenize.Sequence, families []family, maxTokens int) []*batch {
	sizes := make([]int, len(families))
	for i, f := range families {
		sizes[i] = f.size(sequences)
	}
	var list []*batch
	for _, order := range torch.Split(sizes, maxTokens) {
		chosen := make([]family, len(order))
		for k, i := range order {
			chosen[k] = families[i]
		}
		list = append(list, pack(sequences, chosen))
	}
	return list
}

// Sequences tokenises examples with the model's own tokenizer, as
// [tokenize.Dialogue] does: the zero cfg is the paper's format.
func (m *Model) Sequences(examples []data.Example, cfg tokenize.DialogueConfig) ([]tokenize.Sequence, error) {
	if m.tokenizer == nil {
		return nil, fmt.Errorf("model: the model has no tokenizer to read examples with")
	}
	sequences := make([]tokenize.Sequence, len(examples))
	for i, ex := range examples {
		var err error
		if sequences[i], err = tokenize.Dialogue(m.tokenizer, ex.Data, cfg); err != nil {
			return nil, fmt.Errorf("model: example %d (task %q): %w", i, ex.Task, err)
		}
	}
	return sequences, nil
}

// validate refuses sequences the model cannot run.
func (m *Model) validate(sequences []tokenize.Sequence) error {
	if len(sequences) == 0 {
		return fmt.Errorf("no sequences")
	}
	for i, seq := range sequences {
		if err := m.validateIDs(seq.IDs, m.Config.MaxLen); err != nil {
			return fmt.Errorf("sequence %d: %w", i, err)
		}
		if err := m.validateLabels(seq); err != nil {
			return fmt.Errorf("sequence %d: %w", i, err)
		}
	}
	return nil
}

// validateIDs refuses token ids that the model cannot read.
func (m *Model) validateIDs(ids []int32, longest int) error {
	if m.weights.params == nil {
		return fmt.Errorf("the model is closed")
	}
	if len(ids) == 0 || len(ids) > longest {
		return fmt.Errorf("it has %d tokens, want 1 to %d", len(ids), longest)
	}
	for p, id := range ids {
		if id < 0 || int(id) >= m.Config.Vocab {
			return fmt.Errorf("token %d: id %d is outside the vocabulary of %d", p, id, m.Config.Vocab)
		}
	}
	return nil
}

func (m *Model) validateLabels(seq tokenize.Sequence) error {
	if len(seq.Labels) != len(seq.IDs) {
		return fmt.Errorf("it has %d labels for %d tokens", len(seq.Labels), len(seq.IDs))
	}
	for p, label := range seq.Labels {
		if label != tokenize.Ignore && (label < 0 || int(label) >= m.Config.Vocab) {
			return fmt.Errorf("label %d: id %d is outside the vocabulary of %d", p, label, m.Config.Vocab)
		}
	}
	if !slices.ContainsFunc(seq.Labels[1:], func(label int32) bool { return label != tokenize.Ignore }) {
		return fmt.Errorf("it has no label after its first token: there is no loss to compute")
	}
	return nil
}
