package torch

import (
	"math"
	"slices"
)

// Packed is a batch of token sequences laid end to end, without padding, equal
// lengths side by side so that they attend together.
type Packed struct {
	IDs       []int64
	Positions []int64 // of each token in its own sequence, from 0
	Groups    []Group
}

// Group is a run of Count sequences of one Length, from packed row Start on.
// Each of them continues the rows of Prefix, which it attends to as well.
type Group struct {
	Start, Count, Length int64
	Prefix               Run
}

// Run is a run of packed rows.
type Run struct{ Start, Length int64 }

// Append lays one more sequence behind the others and returns its first row.
func (b *Packed) Append(ids []int32) (start int64) { return b.Continue(Run{}, ids) }

// Continue lays the continuation of a sequence that begins with the rows of
// prefix behind the others and returns its first row.
func (b *Packed) Continue(prefix Run, ids []int32) (start int64) {
	start, length := int64(len(b.IDs)), int64(len(ids))
	if n := len(b.Groups); n > 0 && b.Groups[n-1].Length == length && b.Groups[n-1].Prefix == prefix {
		b.Groups[n-1].Count++
	} else {
		b.Groups = append(b.Groups, Group{start, 1, length, prefix})
	}
	for p, id := range ids {
		b.IDs = append(b.IDs, int64(id))
		b.Positions = append(b.Positions, prefix.Length+int64(p))
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
// by a run of query heads. The result is [tokens, heads·d], and a tensor for
// each group that the backward pass needs. A group with a prefix is attended to
// causally, and cannot be differentiated.
func (s *Scope) AttendPacked(q, k, v Tensor, groups []Group, causal bool) (out Tensor, logsums []Tensor) {
	shape := q.Shape()
	heads, d := shape[1], shape[2]
	out = s.Empty(shape[0], heads*d)
	logsums = make([]Tensor, len(groups))
	for i, g := range groups {
		Within(func(sub *Scope) {
			var part Tensor
			if g.Prefix.Length > 0 {
				part = sub.continuation(q, k, v, g)
			} else {
				part, logsums[i] = sub.Attention(sub.unpack(q, heads, g), sub.unpack(k, heads, g), sub.unpack(v, heads, g), causal)
				sub.Move(logsums[i], s)
			}
			sub.CopyInto(sub.View(out, heads, g), part)
		})
	}
	return out, logsums
}

// AttendPackedBackward returns the gradients of q, k and v, of their shapes,
// given that of out, for what AttendPacked returned with causal set.
func (s *Scope) AttendPackedBackward(dout, q, k, v, out Tensor, logsums []Tensor, groups []Group) (dq, dk, dv Tensor) {
	heads, shared := q.Shape()[1], k.Shape()[1]
	dq, dk, dv = s.Empty(q.Shape()...), s.Empty(k.Shape()...), s.Empty(v.Shape()...)
	for i, g := range groups {
		Within(func(s *Scope) {
			gq, gk, gv := s.AttentionBackward(s.View(dout, heads, g), s.unpack(q, heads, g), s.unpack(k, heads, g), s.unpack(v, heads, g),
				s.View(out, heads, g), logsums[i], true)
			s.CopyInto(s.View(dq, heads, g), gq)
			s.CopyInto(s.View(dk, shared, g), s.fold(gk, shared))
			s.CopyInto(s.View(dv, shared, g), s.fold(gv, shared))
		})
	}
	return dq, dk, dv
}

// View shows a group's rows of x, whose rows are heads of d, as [Count, heads, Length, d].
func (s *Scope) View(x Tensor, heads int64, g Group) Tensor {
	rows := s.Narrow(x, 0, g.Start, g.Count*g.Length)
	return s.Transpose(s.Reshape(rows, g.Count, g.Length, heads, -1), 1, 2)
}

// unpack takes a group's rows of x as [Count, heads, Length, d], each head of x
// repeated for the query heads that share it.
func (s *Scope) unpack(x Tensor, heads int64, g Group) Tensor {
	n, d := x.Shape()[1], x.Shape()[2]
	x = s.View(x, n, g)
	if n == heads {
		return x
	}
	x = s.Expand(s.Reshape(x, g.Count, n, 1, g.Length, d), g.Count, n, heads/n, g.Length, d)
	return s.Reshape(x, g.Count, heads, g.Length, d)
}

// fold undoes the repetition of unpack in a gradient [count, heads, length, d]:
// it adds up the heads that share one of n.
func (s *Scope) fold(x Tensor, n int64) Tensor {
	shape := x.Shape()
	if shape[1] == n {
		return x
	}
	return s.SumOver(s.Reshape(x, shape[0], n, shape[1]/n, shape[2], shape[3]), 2)
}

// continuation is the attention of a group to its prefix and, causally, to
// itself: [Count, heads, Length, d].
func (s *Scope) continuation(q, k, v Tensor, g Group) Tensor {
	heads, shared := q.Shape()[1], k.Shape()[1]
	total := g.Prefix.Length + g.Length
	prefix := Group{Start: g.Prefix.Start, Count: 1, Length: g.Prefix.Length}
	both := func(x Tensor) Tensor {
		d := x.Shape()[2]
		joined := s.Empty(g.Count, shared, total, d)
		s.CopyInto(s.Narrow(joined, 2, 0, g.Prefix.Length), s.Expand(s.View(x, shared, prefix), g.Count, shared, g.Prefix.Length, d))
		s.CopyInto(s.Narrow(joined, 2, g.Prefix.Length, g.Length), s.View(x, shared, g))
		return joined
	}
	mask := make([]float32, g.Length*total)
	for i := range g.Length {
		for j := g.Prefix.Length + i + 1; j < total; j++ {
			mask[i*total+j] = float32(math.Inf(-1))
		}
	}
	return s.AttendMasked(s.View(q, heads, g), both(k), both(v), s.FloatsOf(mask, 1, g.Length, total))
}

// AttendMasked is attention with a mask that is added to the scores. q is
// [count, heads, length, d], k and v [count, shared, total, d], the mask [count
// or 1, length, total]; the result has the shape of q.
func (s *Scope) AttendMasked(q, k, v, mask Tensor) Tensor {
	qs, shared, total := q.Shape(), k.Shape()[1], k.Shape()[2]
	count, heads, length, d := qs[0], qs[1], qs[2], qs[3]
	rows := heads / shared * length // the queries that share a key: a head after the other
	scores := s.MatMul(s.Reshape(s.MulScalar(q, 1/math.Sqrt(float64(d))), count, shared, rows, d), s.Transpose(k, 2, 3))
	scores = s.Reshape(scores, count, heads, length, total)
	s.AddInto(scores, s.Reshape(mask, mask.Shape()[0], 1, length, total))
	out := s.MatMul(s.Reshape(s.Softmax(scores), count, shared, rows, total), v)
	return s.Reshape(out, count, heads, length, d)
}
