package experiment_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/experiment"
	"kairos/stdlib/matrix"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/score"
)

// conversations writes a file of them, without labels.
func conversations(dir string) string {
	var all []data.Example
	for i := range 40 {
		all = append(all, data.Example{Data: []string{fmt.Sprint("after ", i, "?"), fmt.Sprint(i + 1)}})
	}
	path := filepath.Join(dir, "conversations.jsonl")
	if err := data.WriteJSONL(path, all); err != nil {
		panic(err)
	}
	return path
}

// lengths stands for an encoder: the length of a text, and 1.
func lengths(_ context.Context, texts []string) (*matrix.Dense, error) {
	m := matrix.New(len(texts), 2)
	for i, text := range texts {
		m.Row(i)[0], m.Row(i)[1] = float32(len(text)), 1
	}
	return m, nil
}

// A whole experiment: two orders of conversations, compared over two seeds.
func ExampleNew() {
	dir, err := os.MkdirTemp("", "experiment")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	e, err := experiment.New(experiment.Config{
		Name: "orders", Out: dir, Seeds: 2, LR: 1e-3,
		Data: conversations(dir), Unlabelled: true, Embed: lengths,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	samples, err := e.Samples(ctx, 24)
	if err != nil {
		fmt.Println(err)
		return
	}
	set := e.NewSet("nearest or random", "RT")
	for _, s := range samples {
		nearest, err := s.Nearest(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		set.Add("NFT", s, nearest)
		set.Add("RT", s, arrange.Random(len(s.Pool), s.Seed))
	}
	if err := e.Run(ctx); err != nil {
		fmt.Println(err)
		return
	}
	bands, err := set.Bands()
	for _, b := range bands {
		fmt.Println(b.Name, b.Steps, "with bounds:", len(b.Low) > 0)
	}
	fmt.Println(err)
	fmt.Println(e.Draw("orders", "Nearest first, and at random", set))
	_, err = e.Report() // the numbers, for people
	fmt.Println(err)
	files, err := filepath.Glob(filepath.Join(e.Dir, "*.*"))
	for _, f := range files {
		fmt.Println(filepath.Base(f))
	}
	fmt.Println(err)
	// Output:
	// NFT [0 2 3] with bounds: true
	// RT [0 2 3] with bounds: true
	// <nil>
	// <nil>
	// <nil>
	// manifest.json
	// orders-differences.pdf
	// orders-differences.png
	// orders.pdf
	// orders.png
	// report.txt
	// results.json
	// <nil>
}

func ExampleSet_AddOrders() {
	var e experiment.Experiment
	set := e.NewSet("orders", "RT")
	set.AddOrders(&experiment.Sample{Seed: 1}, []int{7, 3, 5, 0})
	for _, arm := range set.Arms {
		fmt.Println(arm.Name, arm.Trials[0].Order)
	}
	// Output:
	// NFT [7 3 5 0]
	// RT [3 5 0 7]
	// FFT [0 5 3 7]
}

func ExampleReadResults() {
	r, err := experiment.ReadResults("testdata/orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := r.Set("nearest or random")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Size.Name, set.Leads)
	bands, err := set.Bands()
	for _, b := range bands {
		fmt.Println(b.Name, b.Steps, b.Loss)
	}
	fmt.Println(err)
	// Output:
	// tiny [NFT at step 10]
	// NFT [0 10] [4 2.5]
	// RT [0 10] [4 3]
	// <nil>
}

// What a set measures beside the loss: here how many of the unseen questions are answered exactly.
func ExampleSet_score() {
	var e experiment.Experiment
	set := e.NewSet("answers", "RT")
	set.Score = func(ctx context.Context, m *model.Model, s *experiment.Sample) (map[string]float64, error) {
		answers := []score.Result{{ExactMatch: 1}, {ExactMatch: 0}} // eval.Scores of what eval.Generate returns
		return map[string]float64{"exact match": score.Overall(answers).ExactMatch}, nil
	}
	values, err := set.Score(context.Background(), nil, nil)
	fmt.Println(values, err)
	// Output: map[exact match:0.5] <nil>
}

func ExampleConfig_Flags() {
	cfg := experiment.Config{Name: "mine"}
	flags := flag.NewFlagSet("mine", flag.ContinueOnError) // a script takes flag.CommandLine
	cfg.Flags(flags)
	err := flags.Parse([]string{"-size", "laptop", "-seeds", "5", "-only", "NFT,RT"})
	fmt.Println(cfg.Size, cfg.Seeds, cfg.Only, err)
	// Output: laptop 5 NFT,RT <nil>
}

func ExampleSizeOf() {
	size, err := experiment.SizeOf("laptop")
	fmt.Println(size.Model, size.PerTask, size.Train.Batch, size.Seeds, err)
	_, err = experiment.SizeOf("huge")
	fmt.Println(err)
	// Output:
	// SmolLM2-135M-Instruct 8 8 3 <nil>
	// there is no size "huge": want tiny, laptop, paper
}

func ExampleLeads() {
	nft := plot.Curve{Name: "NFT", Steps: []int{0, 2, 4, 6}, Loss: []float64{4, 3, 2.5, 2.4}}
	rt := plot.Curve{Name: "RT", Steps: []int{0, 2, 4, 6}, Loss: []float64{4, 3.2, 2.6, 2.3}}
	fmt.Println(experiment.Leads([]plot.Curve{nft, rt}))
	// Output: [NFT at steps 2–4 RT at step 6]
}

func ExampleBand() {
	seeds := []plot.Curve{
		{Name: "seed 1", Steps: []int{0, 10}, Loss: []float64{4, 2}},
		{Name: "seed 2", Steps: []int{0, 10}, Loss: []float64{4, 3}},
	}
	band, err := experiment.Band("NFT", seeds)
	fmt.Println(band.Loss, err)
	alone, err := experiment.Band("NFT", seeds[:1])
	fmt.Println(alone.Name, alone.Loss, len(alone.Low), err)
	// Output:
	// [4 2.5] <nil>
	// NFT [4 2] 0 <nil>
}

func ExampleSet_Add() {
	var e experiment.Experiment
	set := e.NewSet("rounds", "first")
	s := &experiment.Sample{Seed: 1}
	set.Add("first", s, []int{7, 3, 5})
	set.Add("later", s, []int{1, 2})
	for _, arm := range set.Arms {
		fmt.Println(arm.Name, arm.Trials[0].Sample.Seed, arm.Trials[0].Order)
	}
	// Output:
	// first 1 [7 3 5]
	// later 1 [1 2]
}

func ExampleShortTask() {
	fmt.Println(experiment.ShortTask("subtask013_mctaco_answer_generation_absolute_timepoint"))
	// Output: 013 mctaco … absolute timepoint
}

func ExampleTokenMeans() {
	m, err := model.Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	vectors, err := experiment.TokenMeans(m, []string{"on", "no"})
	fmt.Println(vectors.Rows, vectors.Cols, vectors.At(0, 5) == vectors.At(1, 5), err) // it does not know the order of letters
	// Output: 2 64 true <nil>
}
