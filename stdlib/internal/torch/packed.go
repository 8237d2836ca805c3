package torch

import "slices"

// Packed is a batch of token sequences laid end to end, without padding, equal
// lengths side by side so that they attend together.
type Packed struct {
	IDs       []int64
	Positions []int64 // of each token in its own sequence, from 0
	Groups    []Group
}

// Group is a run of Count sequences of one Length, from packed row Start on.
type Group struct{ Start, Count, Length int64 }

// Append lays one more sequence behind the others and returns its first row.
func (b *Packed) Append(ids []int32) (start int64) {
	start, length := int64(len(b.IDs)), int64(len(ids))
	if n := len(b.Groups); n > 0 && b.Groups[n-1].Length == length {
		b.Groups[n-1].Count++
	} else {
		b.Groups = append(b.Groups, Group{start, 1, length})
	}
	for p, id := range ids {
		b.IDs = append(b.IDs, int64(id))
		b.Positions = append(b.Positions, int64(p))
	}
	return start
}

// Split divides sequences of the given lengths into batches of at most
// maxTokens tokens (or of one sequence), longest first, equal lengths in the
// order given. It returns the indices of each batch's sequences.
func Split(lengths []int, maxTokens int) [][]int {
	order := make([]int, len(lengths))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return lengths[b] - lengths[a] })
	var batches [][]int
	for from := 0; from < len(order); {
		to, tokens := from, 0
		for to < len(order) && (to == from || tokens+lengths[order[to]] <= maxTokens) {
			tokens += lengths[order[to]]
			to++
		}
		batches = append(batches, order[from:to])
		from = to
	}
	return batches
}

// AttendPacked runs attention within each sequence of a packed batch, a group
// at a time. q is [tokens, heads, d]; k and v may have fewer heads, each shared
// by a run of query heads. The result is [tokens, heads·d].
func (s *Scope) AttendPacked(q, k, v Tensor, groups []Group, causal bool) Tensor {
	heads, d := q.Shape()[1], q.Shape()[2]
	parts := make([]Tensor, len(groups))
	for i, g := range groups {
		out := s.Attention(s.unpack(q, heads, g), s.unpack(k, heads, g), s.unpack(v, heads, g), causal)
		parts[i] = s.Reshape(s.Transpose(out, 1, 2), g.Count*g.Length, heads*d)
	}
	return s.Cat(parts, 0)
}

// unpack takes a group's rows of x as [Count, heads, Length, d], each head of x
// repeated for the query heads that share it.
func (s *Scope) unpack(x Tensor, heads int64, g Group) Tensor {
	n, d := x.Shape()[1], x.Shape()[2]
	rows := s.Narrow(x, 0, g.Start, g.Count*g.Length)
	x = s.Transpose(s.Reshape(rows, g.Count, g.Length, n, d), 1, 2)
	if n == heads {
		return x
	}
	x = s.Expand(s.Reshape(x, g.Count, n, 1, g.Length, d), g.Count, n, heads/n, g.Length, d)
	return s.Reshape(x, g.Count, heads, g.Length, d)
}
