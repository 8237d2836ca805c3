//go:build ignore

// Command train is the everyday path: load a model, train it on examples in a given order, watch its loss on unseen tasks,
// plot the curve, and let it answer. Whatever interrupts it, the same command goes on where it stopped.
//
//	kairos run scripts/train.go                 a few minutes: SmolLM2-135M on 64 examples of Natural Instructions
//	kairos run scripts/train.go -model tiny     seconds: a small Llama from scratch
//
// It is an ordinary Go program: go run accepts it as well.
package main

import (
	"flag"
	"fmt"
	"path/filepath"

	"kairos/stdlib/cell"
	"kairos/stdlib/data"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/eval"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/run"
	"kairos/stdlib/train"
)

func main() {
	name := flag.String("model", "SmolLM2-135M-Instruct", "a model, by name or directory, or tiny")
	out := flag.String("out", "train-out", "directory of the run")
	rate := flag.Float64("lr", 2e-5, "learning rate")
	flag.Parse()
	ctx := cell.Context()

	pool, unseen := examples()
	fmt.Printf("Training on %d examples, unseen are %d of %d other tasks.\n", len(pool), len(unseen), len(data.TaskNames(unseen)))

	progress := cell.Progress("train")
	record, err := run.Start(ctx, run.Config{
		Out:      *out,
		Model:    *name,
		Seed:     1,
		Train:    pool,
		Test:     unseen,
		Settings: train.Config{LR: *rate, Batch: 4, Every: 2, MaxLen: 512, Schedule: "cosine", Warmup: 2, Clip: 1},
		Resume:   true,
		OnRow:    func(row run.Row, total int) { progress(row.Step, total) },
	})
	cell.Check(err)

	early, err := dynamics.Early(record.Curve())
	cell.Check(err)
	fmt.Println()
	fmt.Println(early)
	figure, err := plot.LossCurves([]plot.Curve{record.Curve()}, plot.Config{Title: "Unseen tasks while " + *name + " is trained"})
	cell.Check(err)
	cell.Check(figure.Save(filepath.Join(*out, "curve.png")))
	fmt.Println("\nwrote", filepath.Join(*out, "curve.png"))

	answer(filepath.Join(*out, "model"), unseen)
}

// examples are short ones of Natural Instructions: of most tasks for training, of four others as unseen.
func examples() (pool, unseen []data.Example) {
	tasks, err := data.NaturalInstructions()
	cell.Check(err)
	short := []data.Example{}
	for _, task := range tasks {
		for _, ex := range task.Examples(data.PromptConfig{}) {
			if len(ex.Data[0])+len(ex.Data[1]) <= 1200 {
				short = append(short, ex)
			}
		}
	}
	names := data.TaskNames(short)
	pool, unseen, err = data.Split(short, []string{names[3], names[11], names[19], names[27]})
	cell.Check(err)
	pool = data.SamplePerTask(pool, 4, 1)
	return pool[:min(64, len(pool))], data.SamplePerTask(unseen, 2, 1)
}

// answer has the trained model answer the unseen examples.
func answer(dir string, unseen []data.Example) {
	m, err := model.Load(dir)
	cell.Check(err)
	defer m.Close()
	answers, err := eval.Generate(cell.Context(), m, unseen, eval.GenerateConfig{Decoding: model.GenerateConfig{MaxNew: 24}})
	cell.Check(err)
	fmt.Println("\nWhat it answers, and what was wanted:")
	for i, a := range answers {
		fmt.Printf("%-52.52s %-28.28q %.40q\n", unseen[i].Task, a.Text, unseen[i].Data[1])
	}
}
