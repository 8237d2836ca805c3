package train_test

import (
	"context"
	"fmt"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
	"kairos/stdlib/train"
)

func ExampleRun() {
	m, err := model.New(model.Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 1, Heads: 2, MaxLen: 64, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	var examples []data.Example
	for i := range 20 {
		examples = append(examples, data.Example{Task: "next", Data: []string{fmt.Sprint("after ", i, "?"), fmt.Sprint(i + 1)}})
	}
	steps, err := train.Run(context.Background(), m, examples, train.Config{
		LR:    1e-3,
		Batch: 4,
		Every: 2,
		OnCheckpoint: func(step int) error {
			fmt.Println("checkpoint at step", step)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d steps, the first loss near that of chance: %.0f\n", len(steps), steps[0].Loss)
	// Output:
	// checkpoint at step 2
	// checkpoint at step 4
	// checkpoint at step 5
	// 5 steps, the first loss near that of chance: 6
}
