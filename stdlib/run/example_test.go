package run_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/data"
	"kairos/stdlib/plot"
	"kairos/stdlib/run"
	"kairos/stdlib/train"
)

// examples are successors to train on, and predecessors that stay unseen.
func examples() (known, unseen []data.Example) {
	for i := range 24 {
		known = append(known, data.Example{Task: "next", Data: []string{fmt.Sprint("after ", i, "?"), fmt.Sprint(i + 1)}})
	}
	for i := range 4 {
		unseen = append(unseen, data.Example{Task: "previous", Data: []string{fmt.Sprint("before ", i, "?"), fmt.Sprint(i - 1)}})
	}
	return known, unseen
}

func ExampleStart() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	known, unseen := examples()
	cfg := run.Config{
		Out: filepath.Join(dir, "nft"), Model: "tiny", Train: known, Test: unseen, Resume: true,
		Settings: train.Config{LR: 3e-3, Batch: 4, Every: 2},
	}

	// It is interrupted in the middle, and started by the same call again.
	ctx, interrupt := context.WithCancel(context.Background())
	cfg.OnRow = func(row run.Row, total int) {
		if row.Step == 3 {
			interrupt()
		}
	}
	record, err := run.Start(ctx, cfg)
	fmt.Println(record.Done(), "of", record.Total, "steps, error:", err != nil)
	record, err = run.Start(context.Background(), cfg)
	fmt.Println(record.Done(), "of", record.Total, "steps, error:", err != nil)
	fmt.Println("evaluated at steps", record.Curve().Steps)
	// Output:
	// 3 of 6 steps, error: true
	// 6 of 6 steps, error: false
	// evaluated at steps [0 2 4 6]
}

// Two arrangements with three seeds each, and the band of each over its seeds.
func ExampleStartAll() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	known, unseen := examples()
	orders := map[string][]data.Example{"first half": known[:12], "second half": known[12:]}
	names := []string{"first half", "second half"}
	const seeds = 3
	var runs []run.Config
	for _, name := range names {
		for seed := range seeds {
			runs = append(runs, run.Config{
				Out:   filepath.Join(dir, fmt.Sprint(name, " ", seed)),
				Model: "tiny", Seed: uint64(seed), Discard: true,
				Train: orders[name], Test: unseen,
				Settings: train.Config{LR: 3e-3, Batch: 4, Every: 1},
			})
		}
	}
	records, err := run.StartAll(context.Background(), runs)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, name := range names {
		var curves []plot.Curve
		for _, record := range records[i*seeds : (i+1)*seeds] {
			curves = append(curves, record.Curve())
		}
		band, err := plot.Band(name, curves)
		fmt.Println(band.Name, band.Steps, err)
	}
	// Output:
	// first half [0 1 2 3] <nil>
	// second half [0 1 2 3] <nil>
}

// A record can be read while a run goes on, here and in other processes.
func ExampleRead() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	known, unseen := examples()
	_, err = run.Start(context.Background(), run.Config{
		Out: dir, Model: "tiny", Train: known, Test: unseen, Settings: train.Config{LR: 3e-3, Batch: 8},
		OnRow: func(run.Row, int) {
			record, err := run.Read(dir)
			fmt.Println(record.Done(), "of", record.Total, record.Complete, err)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := run.Read(dir)
	fmt.Println(record.Done(), "of", record.Total, record.Complete, err)
	// Output:
	// 0 of 3 false <nil>
	// 1 of 3 false <nil>
	// 2 of 3 false <nil>
	// 3 of 3 false <nil>
	// 3 of 3 true <nil>
}

func ExampleRecord_TaskCurves() {
	record := run.Record{Rows: []run.Row{
		{Step: 0, Evaluated: true, UnseenLoss: 5, UnseenByTask: map[string]float64{"sum": 4, "capital": 6}},
		{Step: 1, TrainLoss: 5},
		{Step: 2, TrainLoss: 4, Evaluated: true, UnseenLoss: 3, UnseenByTask: map[string]float64{"sum": 1, "capital": 5}},
	}}
	for _, curve := range record.TaskCurves() {
		fmt.Println(curve.Name, curve.Steps, curve.Loss)
	}
	// Output:
	// capital [0 2] [6 5]
	// sum [0 2] [4 1]
}

func ExampleRecord_Curve() {
	record := run.Record{Dir: "runs/nft", Rows: []run.Row{
		{Step: 0, Evaluated: true, UnseenLoss: 5},
		{Step: 1, TrainLoss: 4.5},
		{Step: 2, TrainLoss: 4, Evaluated: true, UnseenLoss: 3},
	}}
	unseen, known := record.Curve(), record.TrainCurve()
	fmt.Println(unseen.Name, unseen.Steps, unseen.Loss)
	fmt.Println(known.Name, known.Steps, known.Loss)
	// Output:
	// nft [0 2] [5 3]
	// nft [1 2] [4.5 4]
}

func ExampleRow() {
	for _, row := range []run.Row{
		{Step: 0, Evaluated: true, UnseenLoss: 5, UnseenByTask: map[string]float64{"sum": 4, "capital": 6}},
		{Step: 1, TrainLoss: 4.5, LR: 1e-5, GradNorm: 2, Tokens: 512, Seconds: 4},
	} {
		text, err := json.Marshal(row)
		fmt.Println(string(text), err)
	}
	// Output:
	// {"step":0,"tokens":0,"seconds":0,"unseen_loss":5,"unseen_loss_by_task":{"capital":6,"sum":4}} <nil>
	// {"step":1,"train_loss":4.5,"lr":0.00001,"grad_norm":2,"tokens":512,"seconds":4} <nil>
}

func ExampleStopped() {
	err := &run.Stopped{Step: 57, Total: 180, Saved: 50, Err: os.ErrPermission}
	fmt.Println(err)
	// Output: stopped after step 57 of 180; when it is resumed it goes on after step 50: permission denied
}
