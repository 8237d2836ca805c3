package model

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"kairos/stdlib/internal/torch"
)

// GenerateConfig sets how texts are continued; the zero value is greedy.
type GenerateConfig struct {
	MaxNew      int                   // tokens to add at most; 0 = 128
	Temperature float64               // what logits are divided by before a token is drawn; 0 takes the most likely
	TopK        int                   // draw among the so many most likely; 0 = all
	TopP        float64               // and among the most likely that together have this probability; 0 = all
	Seed        uint64                // of the draws; each prompt has its own, whatever stands beside it
	Stop        []int32               // tokens that end a text; nil = the tokenizer's EOS
	Progress    func(done, total int) // called as texts are finished, if not nil
}

// Generate continues each prompt, of token ids, and returns the new ids, without the one that ended them, in the
// caller's order. A text ends at a token of Stop, after MaxNew tokens, or where the model has no more positions.
// Prompts of similar length are worked through together, with keys and values kept, and one that has ended gives its
// place up. Greedy ids are those of transformers' generate with do_sample=False, but for near ties. It looks at ctx
// before each token.
func (m *Model) Generate(ctx context.Context, prompts [][]int32, cfg GenerateConfig) ([][]int32, error) {
	cfg.MaxNew = cmp.Or(cfg.MaxNew, 128)
	if cfg.Stop == nil && m.tokenizer != nil {
		if eos, ok := m.tokenizer.EOS(); ok {
			cfg.Stop = []int32{eos}
		}
	}
	if err := m.validatePrompts(prompts, cfg); err != nil {
		return nil, fmt.Errorf("model: generate: %w", err)
	}
	order := make([]int, len(prompts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(prompts[b]) - len(prompts[a]) })
	out := make([][]int32, len(prompts))
	done := 0
	for len(order) > 0 {
		n := min(m.abreast(len(prompts[order[0]])+cfg.MaxNew), len(order))
		g := &generation{model: m, cfg: cfg, finish: func() {
			if done++; cfg.Progress != nil {
				cfg.Progress(done, len(prompts))
			}
		}}
		for _, i := range order[:n] {
			rng := rand.New(rand.NewPCG(cfg.Seed, uint64(i)))
			g.live = append(g.live, &text{prompt: prompts[i], out: &out[i], rng: rng})
		}
		if err := g.run(ctx); err != nil {
			return nil, fmt.Errorf("model: generate: %w", err)
		}
		order = order[n:]
	}
	return out, nil
}

func (m *Model) validatePrompts(prompts [][]int32, cfg GenerateConfig) error {
	switch {
	case len(prompts) == 0:
		return fmt.Errorf("no prompts")
	case cfg.MaxNew < 0 || cfg.TopK < 0 || !(cfg.Temperature >= 0) || !(cfg.TopP >= 0 && cfg.TopP <= 1):
		return fmt.Errorf("MaxNew %d, TopK %d, Temperature %v, TopP %v: want none below 0, and TopP up to 1", cfg.MaxNew, cfg.TopK, cfg.Temperature, cfg.TopP)
	}
	for i, p := range prompts {
		if err := m.validateIDs(p, m.Config.MaxLen-1); err != nil {
			return fmt.Errorf("prompt %d: %w", i, err)
		}
	}
	return nil
}

// abreast is how many texts of so many tokens are continued together: with 32 the products are busy; keys and values
// should stay below a gigabyte.
func (m *Model) abreast(tokens int) int {
	bytes := 4 * 2 * m.Config.Layers * m.Config.KVHeads * m.Config.HeadDim * tokens
	return min(max(1, 1<<30/bytes), 32)
}

// text is one prompt and what it became.
type text struct {
	prompt []int32
	out    *[]int32
	rng    *rand.Rand
}

// generation continues some texts together. Keys and values lie in slots: those of the prompts from the first on, then
// one slot for each step, in which all texts have a token; what lies between a short prompt and the first step is
// masked.
type generation struct {
	model  *Model
	cfg    GenerateConfig
	live   []*text // longest prompt first
	finish func()

	k, v    []torch.Tensor // by layer, [live, KVHeads, slots, HeadDim]
	prompts int            // slots of the prompts
	step    int            // tokens that every live text has got
}

func (g *generation) run(ctx context.Context) (err error) {
	m := g.model
	g.prompts = len(g.live[0].prompt)
	failed := m.do(func(s *torch.Scope) {
		slots := int64(g.prompts + g.cfg.MaxNew)
		for range m.Config.Layers {
			shape := []int64{int64(len(g.live)), int64(m.Config.KVHeads), slots, int64(m.Config.HeadDim)}
			g.k, g.v = append(g.k, s.Empty(shape...)), append(g.v, s.Empty(shape...))
		}
		next := g.choose(g.readPrompts(s))
		for g.step = 1; ; g.step++ {
			next = g.settle(s, next)
			if len(g.live) == 0 {
				return
			}
			if err = ctx.Err(); err != nil {
				return
			}
			torch.Within(func(s *torch.Scope) { next = g.choose(g.advance(s, next)) })
		}
	})
	return cmp.Or(failed, err)
}

// readPrompts runs the prompts, fills their slots, and returns the logits after each: [live, vocabulary].
func (g *generation) readPrompts(s *torch.Scope) torch.Tensor {
	m := g.model
	var b torch.Packed
	var last []int64
	for _, t := range g.live {
		last = append(last, b.Append(t.prompt)+int64(len(t.prompt))-1)
	}
	shared := int64(m.Config.KVHeads)
	attend := func(s *torch.Scope, layer int, q, k, v torch.Tensor) (torch.Tensor, []torch.Tensor) {
		first := int64(0)
		for _, group := range b.Groups {
			slot := func(cache torch.Tensor) torch.Tensor {
				return s.Narrow(s.Narrow(cache, 0, first, group.Count), 2, 0, group.Length)
			}
			s.CopyInto(slot(g.k[layer]), s.View(k, shared, group))
			s.CopyInto(slot(g.v[layer]), s.View(v, shared, group))
			first += group.Count
		}
		return s.AttendPacked(q, k, v, b.Groups, true)
	}
	return s.Sub(func(s *torch.Scope) torch.Tensor {
		x := m.hidden(s, b.IDs, m.angles(b.Positions), attend, nil)
		return m.logits(s, m.normed(s, s.Rows(x, s.Ints(last, int64(len(last))))))
	})
}

// advance runs one more token of each live text and returns the logits after it.
func (g *generation) advance(s *torch.Scope, next []int32) torch.Tensor {
	m := g.model
	ids, positions := make([]int64, len(next)), make([]int64, len(next))
	at := g.prompts + g.step - 1 // the slot of this token
	mask := make([]float32, len(next)*(at+1))
	for i, t := range g.live {
		ids[i], positions[i] = int64(next[i]), int64(len(t.prompt)+g.step-1)
		for slot := len(t.prompt); slot < g.prompts; slot++ {
			mask[i*(at+1)+slot] = float32(math.Inf(-1))
		}
	}
	hidden := s.FloatsOf(mask, int64(len(next)), 1, int64(at+1))
	one := torch.Group{Count: int64(len(next)), Length: 1}
	attend := func(s *torch.Scope, layer int, q, k, v torch.Tensor) (torch.Tensor, []torch.Tensor) {
		known := func(cache, fresh torch.Tensor) torch.Tensor {
			s.CopyInto(s.Narrow(cache, 2, int64(at), 1), s.View(fresh, fresh.Shape()[1], one))
			return s.Narrow(cache, 2, 0, int64(at+1))
		}
		out := s.AttendMasked(s.View(q, q.Shape()[1], one), known(g.k[layer], k), known(g.v[layer], v), hidden)
		return s.Reshape(out, one.Count, -1), nil
	}
	return m.logits(s, m.normed(s, m.hidden(s, ids, m.angles(positions), attend, nil)))
}

// choose picks the next token of each live text.
func (g *generation) choose(logits torch.Tensor) []int32 {
	next := make([]int32, len(g.live))
	values := logits.Floats()
	width := len(values) / len(next)
	for i := range next {
		next[i] = g.cfg.pick(values[i*width:(i+1)*width], g.live[i].rng)
	}
	return next
}

// settle adds the chosen tokens to their texts and lets go of those that have ended. It returns the tokens of those
// that go on.
func (g *generation) settle(s *torch.Scope, next []int32) []int32 {
	var on []*text
	var tokens []int32
	var rows []int64
	for i, t := range g.live {
		ended := slices.Contains(g.cfg.Stop, next[i])
		if !ended {
			*t.out = append(*t.out, next[i])
		}
		if ended || len(*t.out) == g.cfg.MaxNew || len(t.prompt)+len(*t.out) == g.model.Config.MaxLen {
			g.finish()
			continue
		}
		on, tokens, rows = append(on, t), append(tokens, next[i]), append(rows, int64(i))
	}
	if len(on) > 0 && len(on) < len(g.live) {
		index := s.Ints(rows, int64(len(rows)))
		for layer := range g.k {
			for _, cache := range []*torch.Tensor{&g.k[layer], &g.v[layer]} {
				all := *cache
				*cache = s.Rows(all, index)
				s.Drop(all)
			}
		}
	}
	g.live = on
	return tokens
}

// pick chooses a token by its logits, the lowest of equals.
func (cfg GenerateConfig) pick(logits []float32, rng *rand.Rand) int32 {
	best := 0
	for i, v := range logits {
		if v > logits[best] {
			best = i
		}
	}
	if cfg.Temperature == 0 {
		return int32(best)
	}
	order := make([]int32, len(logits))
	for i := range order {
		order[i] = int32(i)
	}
	if cfg.TopK > 0 || cfg.TopP > 0 {
		slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(logits[b], logits[a]) })
	}
	if cfg.TopK > 0 {
		order = order[:min(cfg.TopK, len(order))]
	}
	weights, total := make([]float64, len(order)), 0.0
	for i, id := range order {
		weights[i] = math.Exp(float64(logits[id]-logits[best]) / cfg.Temperature)
		total += weights[i]
	}
	if cfg.TopP > 0 {
		sum := 0.0
		for i, w := range weights {
			if sum += w; sum >= cfg.TopP*total {
				weights, total = weights[:i+1], sum
				break
			}
		}
	}
	left := rng.Float64() * total
	for i, w := range weights {
		if left -= w; left < 0 {
			return order[i]
		}
	}
	return order[len(weights)-1]
}
