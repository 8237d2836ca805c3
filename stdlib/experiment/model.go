package experiment

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/run"
	"kairos/stdlib/train"
)

// model is what run.Config takes for a model: that of the size, prepared if it needs to be, for "".
func (e *Experiment) model(ctx context.Context, name string) (string, error) {
	if name != "" {
		return name, nil
	}
	if e.size.Base.Examples == 0 {
		return e.Size.Model, nil
	}
	if e.models[""] == "" {
		dir, err := e.base(ctx)
		if err != nil {
			return "", fmt.Errorf("prepare the model: %w", err)
		}
		e.models[""] = dir
	}
	return e.models[""], nil
}

// modelName is what a model is called in reports, "base" for the one that is prepared here.
func (e *Experiment) modelName(name string) string {
	if name == "" && e.size.Base.Examples > 0 {
		return "base"
	}
	return cmp.Or(name, e.Size.Model)
}

// base trains a model from scratch on questions of training tasks, as plain texts, so that it knows the
// language and nothing of answering: what a pretrained model is to fine-tuning. It does so once for
// all experiments, and returns the model's directory.
func (e *Experiment) base(ctx context.Context) (string, error) {
	src, err := e.load()
	if err != nil {
		return "", err
	}
	b := e.size.Base
	var texts []data.Example
	order := arrange.Random(len(src.train), 1)
	for _, row := range order[:min(b.Examples, len(order))] {
		texts = append(texts, data.Example{Data: []string{"", src.train[row].Data[0]}})
	}
	progress := e.cfg.Progress("train the base model from scratch")
	dir := e.shared("base")
	_, err = run.Start(ctx, run.Config{
		Out: dir, Model: e.Size.Model, Seed: 1, Train: texts, Resume: true, Save: 100,
		Settings: train.Config{LR: b.LR, Warmup: b.Warmup, Batch: e.size.Train.Batch, MaxLen: e.size.Train.MaxLen},
		OnRow:    func(row run.Row, total int) { progress(row.Step, total) },
	})
	return filepath.Join(dir, "model"), err
}

// open loads a model as package run would.
func open(name string, seed uint64) (*model.Model, error) {
	if name == "tiny" {
		return model.Tiny(seed)
	}
	return model.Load(name)
}
