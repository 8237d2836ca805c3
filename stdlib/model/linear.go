package model

import "kairos/stdlib/internal/torch"

// linear is a map x·Wᵀ + b, of rows of x.
type linear struct {
	weight *param
	bias   *param   // nil for none
	lora   *adapter // nil for none
}

// The products below take operands: matrices as [Model.operand] makes them.

// operand makes a matrix ready for products: rounded to bfloat16 where the model computes in mixed precision.
func (m *Model) operand(s *torch.Scope, x torch.Tensor) torch.Tensor {
	if m.Mixed {
		return s.BFloat16(x)
	}
	return x
}

// weight is the operand of a parameter. Its rounding is kept until the parameter changes.
func (m *Model) weight(s *torch.Scope, p *param) torch.Tensor {
	if !m.Mixed {
		return p.value
	}
	if p.rounded == (torch.Tensor{}) {
		p.rounded = s.Keep(s.BFloat16(p.value))
	}
	return p.rounded
}

// plain is a product in float32 again.
func (m *Model) plain(s *torch.Scope, x torch.Tensor) torch.Tensor {
	if m.Mixed {
		return s.Float32(x)
	}
	return x
}

// apply maps the rows of an operand [n, in]: [n, out].
func (m *Model) apply(s *torch.Scope, l *linear, x torch.Tensor) torch.Tensor {
	y := m.plain(s, s.Linear(x, m.weight(s, l.weight), torch.Tensor{}))
	if l.lora != nil {
		s.AddInto(y, m.plain(s, s.Linear(m.lower(s, l.lora, x), m.weight(s, l.lora.b), torch.Tensor{})))
	}
	if l.bias != nil {
		s.AddInto(y, l.bias.value)
	}
	return y
}

// lower maps an operand [n, in] to the adapter's rank, and scales it: an operand [n, rank].
func (m *Model) lower(s *torch.Scope, a *adapter, x torch.Tensor) torch.Tensor {
	return s.MulScalar(s.Linear(x, m.weight(s, a.a), torch.Tensor{}), a.scale)
}

// pullBack is the gradient of the rows that apply mapped, given that of its result, an operand: [n, in].
func (m *Model) pullBack(s *torch.Scope, l *linear, dy torch.Tensor) torch.Tensor {
	dx := m.plain(s, s.MatMul(dy, m.weight(s, l.weight)))
	if a := l.lora; a != nil {
		s.AddInto(dx, m.plain(s, s.MatMul(m.raise(s, a, dy), m.weight(s, a.a))))
	}
	return dx
}

// raise is the gradient of what lower returned before its scaling: an operand [n, rank].
func (m *Model) raise(s *torch.Scope, a *adapter, dy torch.Tensor) torch.Tensor {
	return s.MulScalar(s.MatMul(dy, m.weight(s, a.b)), a.scale)
}

// gather adds to the gradients of the map's own parameters, given the rows x that apply mapped and the gradient dy of its
// result, both operands.
func (m *Model) gather(s *torch.Scope, l *linear, x, dy torch.Tensor) {
	l.weight.addProduct(s, s.Transpose(dy, 0, 1), x)
	if l.bias != nil && l.bias.trained {
		add(l.bias.zeroed(s), s.SumOver(dy, 0).Floats())
	}
	if a := l.lora; a != nil {
		a.b.addProduct(s, s.Transpose(dy, 0, 1), m.lower(s, a, x))
		a.a.addProduct(s, s.Transpose(m.raise(s, a, dy), 0, 1), x)
	}
}

func add(into, values []float32) {
	for i, v := range values {
		into[i] += v
	}
}

// addProduct adds the product of two operands to the gradient of a parameter that is trained.
func (p *param) addProduct(s *torch.Scope, a, b torch.Tensor) {
	if !p.trained {
		return
	}
	p.makeGrad(s)
	switch {
	case a.IsFloat32() && p.gathered:
		s.AddProduct(p.grad, a, b)
	case a.IsFloat32():
		s.SetProduct(p.grad, a, b)
	case p.gathered:
		s.AddInto(p.grad, s.MatMul(a, b))
	default:
		s.CopyInto(p.grad, s.MatMul(a, b))
	}
	p.gathered = true
}

// zeroed is the memory of the gradient gathered so far.
func (p *param) zeroed(s *torch.Scope) []float32 {
	p.makeGrad(s)
	g := p.grad.Floats()
	if !p.gathered {
		clear(g)
		p.gathered = true
	}
	return g
}

func (p *param) makeGrad(s *torch.Scope) {
	if p.grad == (torch.Tensor{}) {
		p.grad = s.Keep(s.Empty(p.Shape...))
	}
}
