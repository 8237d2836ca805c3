//go:build ignore

// Command demo is the question kairos is for, asked once on real data: in what
// order should a model see its training data?
//
// It takes Natural Instructions, sets ten tasks aside as unseen, and measures
// how near each training example is to the unseen ones. It then fine-tunes
// SmolLM2-135M from the same start weights on four arrangements of the same
// pool, nearest first (NFT), random (RT), farthest first (FFT) and test-centric
// multi-turn (TMA), and follows the loss on the unseen tasks at every checkpoint.
//
//	kairos run scripts/demo.go          about five minutes on two cores
//	kairos run scripts/demo.go -full    the whole pool in every order: hours
//
// It is an ordinary Go program: go run accepts it as well.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/data"
	"kairos/stdlib/embed"
	"kairos/stdlib/eval"
	"kairos/stdlib/experiment"
	"kairos/stdlib/manifest"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/similarity"
	"kairos/stdlib/train"
)

// size is how much of everything a run takes.
type size struct {
	perTask, perUnseen int // examples of each training and each unseen task
	budget             int // examples trained on in each order, 0 = the pool
	batch, every       int // examples a step, steps between checkpoints
	longest            int // longest example in characters
}

func main() {
	full := flag.Bool("full", false, "the serious size: the whole pool in every order")
	out := flag.String("out", "demo-out", "directory for the results")
	seed := flag.Uint64("seed", 1, "seed of the sampling and of the random order")
	rate := flag.Float64("lr", 2e-5, "learning rate")
	flag.Parse()
	s := size{perTask: 10, perUnseen: 2, budget: 48, batch: 4, every: 2, longest: 900}
	if *full {
		s = size{perTask: 20, perUnseen: 5, batch: 8, every: 10, longest: 4000}
	}
	ctx := cell.Context()
	cell.Check(os.MkdirAll(*out, 0o777))
	record := manifest.New()
	record.Set("seed", *seed)
	record.Set("learning rate", *rate)
	record.Set("examples of each training task", s.perTask)
	record.Set("examples of each unseen task", s.perUnseen)
	record.Set("examples trained on", s.budget)
	record.Set("batch", s.batch)

	pool, unseen := split(s, *seed)
	cell.Check(record.AddData("pool", pool))
	cell.Check(record.AddData("unseen", unseen))

	orders := arrangements(ctx, pool, unseen, s, *seed)
	curves := []plot.Curve{}
	for _, name := range []string{"NFT", "RT", "FFT", "TMA"} {
		record.AddOrder(name, orders[name])
		curves = append(curves, follow(ctx, name, pool, orders[name], unseen, s, *rate, curves, record))
	}
	report(*out, curves, record)
}

// split samples the training pool and the unseen examples.
func split(s size, seed uint64) (pool, unseen []data.Example) {
	tasks, err := data.NaturalInstructions()
	cell.Check(err)
	all := []data.Example{}
	for _, task := range tasks {
		for _, ex := range task.Examples(data.PromptConfig{}) {
			if len(ex.Data[0])+len(ex.Data[1]) <= s.longest {
				all = append(all, ex)
			}
		}
	}
	pool, unseen, err = data.Split(all, experiment.UnseenTasks())
	cell.Check(err)
	pool = data.SamplePerTask(pool, s.perTask, seed)
	unseen = data.SamplePerTask(unseen, s.perUnseen, seed)
	fmt.Printf("Natural Instructions: %d examples of %d tasks of at most %d characters.\n", len(all), len(data.TaskNames(all)), s.longest)
	fmt.Printf("Training pool: %d examples of %d tasks. Unseen: %d examples of %d other tasks.\n",
		len(pool), len(data.TaskNames(pool)), len(unseen), len(data.TaskNames(unseen)))
	return pool, unseen
}

// arrangements orders the pool in four ways by its similarity to the unseen examples.
func arrangements(ctx context.Context, pool, unseen []data.Example, s size, seed uint64) map[string][]int {
	enc, err := embed.Load("all-MiniLM-L6-v2")
	cell.Check(err)
	defer enc.Close()
	vectors, err := enc.Embed(ctx, data.Texts(pool), embed.Config{Progress: cell.Progress("embed the pool")})
	cell.Check(err)
	targets, err := enc.Embed(ctx, data.Texts(unseen), embed.Config{Progress: cell.Progress("embed the unseen")})
	cell.Check(err)
	dist, err := similarity.Cosine(ctx, vectors, targets)
	cell.Check(err)
	scores, err := similarity.WSD(ctx, dist)
	cell.Check(err)

	budget := s.budget
	if budget == 0 {
		budget = len(pool)
	}
	nearest, err := arrange.Nearest(scores)
	cell.Check(err)
	farthest, err := arrange.Farthest(scores)
	cell.Check(err)
	rounds, err := arrange.TMA(ctx, dist, arrange.TMAConfig{Num: budget})
	cell.Check(err)
	fmt.Printf("TMA takes %d rounds to choose %d examples.\n", len(rounds), budget)
	return map[string][]int{
		"NFT": nearest[:budget],
		"RT":  arrange.Random(len(pool), seed)[:budget],
		"FFT": farthest[:budget],
		"TMA": arrange.Flatten(rounds)[:budget],
	}
}

// follow trains on one arrangement and returns the loss on the unseen tasks at
// every checkpoint. The loss at step 0 is the same for all: it is taken from an
// earlier curve where there is one.
func follow(ctx context.Context, name string, pool []data.Example, order []int, unseen []data.Example,
	s size, rate float64, earlier []plot.Curve, record *manifest.Manifest) plot.Curve {
	m, err := model.Load("SmolLM2-135M-Instruct")
	cell.Check(err)
	defer m.Close()
	curve := plot.Curve{Name: name}
	checkpoint := func(step int) error {
		results, err := eval.Loss(ctx, m, unseen, eval.Config{})
		if err != nil {
			return err
		}
		curve.Add(step, eval.Mean(results))
		return nil
	}
	if len(earlier) > 0 {
		curve.Add(0, earlier[0].Loss[0])
	} else {
		fmt.Printf("Model: %v.\n", m)
		cell.Check(record.AddFiles(m.Source))
		cell.Check(checkpoint(0))
	}
	examples, err := data.Pick(pool, order)
	cell.Check(err)
	_, err = train.Run(ctx, m, examples, train.Config{
		LR:           rate,
		Batch:        s.batch,
		Every:        s.every,
		OnCheckpoint: checkpoint,
		Progress:     cell.Progress("train " + name),
	})
	cell.Check(err)
	return curve
}

// report prints the losses as a table and writes picture, numbers and manifest.
func report(out string, curves []plot.Curve, record *manifest.Manifest) {
	fmt.Println("\nMean loss on the unseen tasks (nats per answer token) by training step:")
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "step\t")
	for _, c := range curves {
		fmt.Fprintf(table, "%s\t", c.Name)
	}
	fmt.Fprintln(table)
	for i, step := range curves[0].Steps {
		fmt.Fprintf(table, "%d\t", step)
		for _, c := range curves {
			fmt.Fprintf(table, "%.6f\t", c.Loss[i])
		}
		fmt.Fprintln(table)
	}
	cell.Check(table.Flush())

	figure, err := plot.LossCurves(curves, plot.Config{Title: "Unseen tasks while SmolLM2-135M is fine-tuned in four orders"})
	cell.Check(err)
	for _, name := range []string{"curves.png", "curves.svg"} {
		cell.Check(figure.Save(filepath.Join(out, name)))
	}
	cell.Check(data.WriteJSON(filepath.Join(out, "results.json"), curves))
	cell.Check(record.Write(filepath.Join(out, "manifest.json")))
	fmt.Println()
	for _, name := range []string{"curves.png", "curves.svg", "results.json", "manifest.json"} {
		fmt.Println("wrote", filepath.Join(out, name))
	}
}
