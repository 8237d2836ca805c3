package model

import "kairos/stdlib/internal/torch"

// The backward pass, written out: libtorch's own would keep twice as much of the forward pass and hold a second copy of
// every gradient. What is cheap (norms, SwiGLU) is worked out again.

// backward adds the gradients of (sum of the batch's token losses)/norm to those of the parameters and the losses to those
// of their sequences.
func (m *Model) backward(b *batch, norm float64, losses []Loss) error {
	return m.do(func(s *torch.Scope) {
		angles := m.angles(b.Positions)
		keep := make([]kept, m.Config.Layers)
		x := m.hidden(s, b.IDs, angles, packed(b.Groups), keep)
		d := m.headBackward(s, x, b, norm, losses)
		back := angles.Back()
		for i := len(keep) - 1; i >= 0; i-- {
			s.Drop(x) // what the layer made
			torch.Within(func(sub *torch.Scope) { m.layerBackward(sub, m.weights.blocks[i], &keep[i], d, back, b.Groups) })
			for _, t := range keep[i].made() {
				s.Drop(t)
			}
			x = keep[i].x
		}
		if embed := m.weights.embed; embed.trained {
			addRows(embed.zeroed(s), d.Floats(), b.IDs)
		}
	})
}

// headBackward returns the gradient of x, the layers' result.
func (m *Model) headBackward(s *torch.Scope, x torch.Tensor, b *batch, norm float64, losses []Loss) torch.Tensor {
	d := s.Zeros(x.Shape()...)
	for at := 0; at < len(b.rows); at += headRows {
		rows := b.rows[at:min(at+headRows, len(b.rows))]
		torch.Within(func(s *torch.Scope) {
			picked := s.Rows(x, s.Ints(rows, int64(len(rows))))
			normed := m.normed(s, picked)
			logits := m.logits(s, normed)
			loss, best := s.CrossEntropy(logits, b.targets[at:at+len(rows)], 1/norm)
			b.addTo(losses, at, loss, best)
			dlogits := m.operand(s, logits)
			m.gather(s, m.weights.head, m.operand(s, normed), dlogits)
			dpicked := s.Zeros(picked.Shape()...)
			s.RMSNormBackward(dpicked, m.weights.norm.sink(s), m.pullBack(s, m.weights.head, dlogits), picked, m.weights.norm.value, m.Config.NormEps)
			addRows(d.Floats(), dpicked.Floats(), rows)
		})
	}
	return d
}

// layerBackward makes of d, the gradient of a layer's result, that of its input.
func (m *Model) layerBackward(s *torch.Scope, b *block, k *kept, d torch.Tensor, back torch.Angles, groups []torch.Group) {
	eps := m.Config.NormEps
	dy := m.operand(s, d)
	product := m.pullBack(s, b.down, dy)
	s.SwiGLUBackward(product, k.gate, k.up) // now the product itself, and the gradients of the two
	m.gather(s, b.down, m.operand(s, product), dy)
	h := m.operand(s, s.RMSNorm(k.y, b.postNorm.value, eps))
	dh := m.branches(s, h, []*linear{b.gate, b.up}, []torch.Tensor{k.gate, k.up})
	s.RMSNormBackward(d, b.postNorm.sink(s), dh, k.y, b.postNorm.value, eps)

	dy = m.operand(s, d)
	m.gather(s, b.o, m.operand(s, k.attended), dy)
	dq, dk, dv := s.AttendPackedBackward(m.pullBack(s, b.o, dy), k.q, k.k, k.v, k.attended, k.logsums, groups)
	s.Rotate(dq, back)
	s.Rotate(dk, back)
	h = m.operand(s, s.RMSNorm(k.x, b.inputNorm.value, eps))
	dh = m.branches(s, h, []*linear{b.q, b.k, b.v}, []torch.Tensor{dq, dk, dv})
	s.RMSNormBackward(d, b.inputNorm.sink(s), dh, k.x, b.inputNorm.value, eps)
}

// branches returns the gradient of an operand that several maps took, given those of their results.
func (m *Model) branches(s *torch.Scope, x torch.Tensor, maps []*linear, results []torch.Tensor) (dx torch.Tensor) {
	rows := x.Shape()[0]
	for i, l := range maps {
		dy := m.operand(s, s.Reshape(results[i], rows, -1))
		m.gather(s, l, x, dy)
		part := m.pullBack(s, l, dy)
		if i == 0 {
			dx = part
			continue
		}
		s.AddInto(dx, part)
		s.Drop(part)
	}
	return dx
}

// sink is where the gradient of a parameter goes, nil if it is not trained.
func (p *param) sink(s *torch.Scope) []float32 {
	if !p.trained {
		return nil
	}
	return p.zeroed(s)
}

// addRows adds row i of from to row index[i] of into.
func addRows(into, from []float32, index []int64) {
	width := len(from) / len(index)
	for i, row := range index {
		add(into[int(row)*width:][:width], from[i*width:][:width])
	}
}
