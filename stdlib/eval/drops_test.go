package eval

import (
	"context"
	"math/rand/v2"
	"testing"

	"kairos/stdlib/data"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/plot"
	"kairos/stdlib/train"
)

// The paper's observation, as small as it can be made: a tiny model is trained on one task after the other, and the
// loss of an unseen task drops when the task comes that is like it. The drop is found, and traced to that task.
func TestADropIsTracedToItsTask(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	word := func(letters string) string {
		b := make([]byte, 4)
		for i := range b {
			b[i] = letters[rng.IntN(len(letters))]
		}
		return string(b)
	}
	const rows, batch = 200, 8
	var pool, unseen []data.Example
	for _, task := range []struct{ name, question, letters, answer string }{
		{"weather", "How is ", "abcd", "sunny and warm"},
		{"digits", "Say ", "abcd", "1234"},
		{"colours", "Which of ", "efgh", "green"},
		{"greetings", "Greet ", "abcd", "hello"},
	} {
		for range rows {
			pool = append(pool, data.Example{Task: task.name, Data: []string{task.question + word(task.letters), task.answer}})
		}
	}
	for range 10 {
		unseen = append(unseen, data.Example{Task: "paints", Data: []string{"Pick of " + word("efgh"), "green"}})
	}
	var order []int
	var tasks []string
	for i, e := range pool {
		order, tasks = append(order, i), append(tasks, e.Task)
	}
	m := tiny(t)
	curve := plot.Curve{Name: "cluster"}
	measure := func(step int) error {
		results, err := Loss(context.Background(), m, unseen, Config{})
		if err == nil {
			curve.Add(step, Mean(results))
		}
		return err
	}
	if err := measure(0); err != nil {
		t.Fatal(err)
	}
	if _, err := train.Run(context.Background(), m, pool, train.Config{LR: 1e-3, Batch: batch, Every: 3, OnCheckpoint: measure}); err != nil {
		t.Fatal(err)
	}
	drops, err := dynamics.Drops(curve, dynamics.DropConfig{})
	if err != nil || len(drops) != 1 {
		t.Fatalf("%v, %v: want one drop in %v", drops, err, curve.Loss)
	}
	trained, err := dynamics.Preceding(drops[0], order, batch)
	if err != nil {
		t.Fatal(err)
	}
	shares, err := dynamics.Tasks(trained, order, tasks)
	if err != nil || shares[0].Task != "colours" || shares[0].Share < 0.8 {
		t.Errorf("%v, %v: want colours in %v", shares, err, drops)
	}
	t.Log(drops, shares)
}
