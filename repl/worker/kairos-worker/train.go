package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"kairos/repl/worker"
	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/run"
	"kairos/stdlib/train"
)

// trainModel trains as the request that in holds says.
func trainModel(in io.Reader, out, errs io.Writer) error {
	var t worker.Training
	if err := json.NewDecoder(in).Decode(&t); err != nil {
		return fmt.Errorf("usage: kairos-worker %s, with a request as JSON on its input: %w", worker.TrainFlag, err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cfg, err := configure(t)
	if err != nil {
		return err
	}
	tell := &teller{out: errs, now: time.Now}
	cfg.OnRow, cfg.OnEvaluate = tell.row, tell.evaluate
	record, err := run.Start(ctx, cfg)
	if stopped := new(run.Stopped); errors.As(err, &stopped) && ctx.Err() != nil && stopped.Saved == stopped.Step {
		return fmt.Errorf("interrupted after step %d of %d, which is saved in %s: to go on, give the same command with -resume", stopped.Step, stopped.Total, t.Out)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(out, summary(record))
	return nil
}

// configure reads the data of a request.
func configure(t worker.Training) (run.Config, error) {
	cfg := run.Config{
		Out: t.Out, Model: t.Model, Seed: t.Seed, Save: t.Save, Mixed: t.Mixed, Discard: t.Discard, Resume: t.Resume,
		Settings: train.Config{
			LR: t.LR, Schedule: t.Schedule, Warmup: t.Warmup, Clip: t.Clip, Batch: t.Batch, Steps: t.Steps, Every: t.Every,
			MaxLen: t.MaxLen, Chat: t.Chat, AdamW: model.AdamWConfig{WeightDecay: t.Decay},
		},
	}
	if t.LoRA > 0 {
		cfg.LoRA = &model.LoRAConfig{Rank: t.LoRA}
	}
	var err error
	if cfg.Train, err = readExamples(t.Data); err == nil {
		cfg.Test, err = readExamples(t.Test)
	}
	return cfg, err
}

func readExamples(paths []string) ([]data.Example, error) {
	var all []data.Example
	for _, path := range paths {
		records, err := data.ReadRecords(path)
		if err != nil {
			return nil, err
		}
		all = append(all, data.Examples(records)...)
	}
	return all, nil
}

// summary says what came of a run.
func summary(r *run.Record) string {
	text := fmt.Sprintf("%s: %d steps", r.Dir, r.Done())
	if losses := r.Curve().Loss; len(losses) > 0 {
		text += fmt.Sprintf("; loss on the unseen examples %.4f at first, %.4f at last", losses[0], losses[len(losses)-1])
	}
	return text
}
