// Train a tiny model on one sequence, and show that its loss falls.
package main

import (
	"fmt"

	"kairos/stdlib/cell"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

func main() {
	m, err := model.New(model.Config{
		Vocab: 16, Hidden: 8, FFN: 16, Layers: 2, Heads: 2, KVHeads: 1, HeadDim: 4,
		MaxLen: 32, RopeBase: 1e4, NormEps: 1e-5, Tied: true,
	}, nil, 1)
	cell.Check(err)
	defer m.Close()
	ids := []int32{1, 2, 3, 4, 5}
	batch := []tokenize.Sequence{{IDs: ids, Labels: ids}}
	optimiser := model.NewAdamW(m, model.AdamWConfig{})
	for step := range 4 {
		losses, err := m.Backward(cell.Context(), batch, 4)
		cell.Check(err)
		fmt.Printf("%d %.6f\n", step, losses[0].Mean())
		cell.Check(optimiser.Step(1e-2))
		m.ZeroGrad()
	}
	_, err = m.Logits(cell.Context(), []int32{99})
	cell.Check(err)
}
