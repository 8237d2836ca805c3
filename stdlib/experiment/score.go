package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/run"
)

// scores are those of the checkpoints of a run, in a file. A run that is resumed measures the
// checkpoints after its last saved step again, which gives the same numbers.
type scores struct {
	path string
	of   map[int]map[string]float64 // step and name
}

func readScores(path string) (*scores, error) {
	s := &scores{path: path, of: map[int]map[string]float64{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s.of)
	}
	if err != nil {
		return nil, fmt.Errorf("read scores: %s: %w", path, err)
	}
	return s, nil
}

// add measures a checkpoint.
func (s *scores) add(step int, values map[string]float64) error {
	s.of[step] = values
	return data.WriteJSON(s.path, s.of)
}

// curves are the scores by name, at the steps that a run was evaluated at.
func (s *scores) curves(record *run.Record) (map[string]plot.Curve, error) {
	curves := map[string]plot.Curve{}
	for _, step := range record.Curve().Steps {
		values, ok := s.of[step]
		if !ok {
			return nil, fmt.Errorf("%s has no scores of step %d: remove %s as well to train again", s.path, step, record.Dir)
		}
		for _, name := range slices.Sorted(maps.Keys(values)) {
			c := curves[name]
			c.Name = name
			c.Add(step, values[name])
			curves[name] = c
		}
	}
	return curves, nil
}

// startScored runs a plan whose set has a Score.
func (e *Experiment) startScored(ctx context.Context, p *plan) error {
	path := filepath.Join(e.Dir, "scores", p.name+".json")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	book, err := readScores(path)
	if err != nil {
		return err
	}
	m, err := open(p.cfg.Model, p.cfg.Seed)
	if err != nil {
		return err
	}
	defer m.Close()
	m.Mixed = p.cfg.Mixed
	record, err := p.startScored(ctx, m, book)
	if err != nil {
		return err
	}
	p.done(record)
	for _, t := range p.trials {
		if t.Scores, err = book.curves(record); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) startScored(ctx context.Context, m *model.Model, book *scores) (*run.Record, error) {
	score := func(step int) error {
		// A run that is resumed does not come back to the checkpoint that it was interrupted at: what was begun is finished.
		values, err := p.set.Score(context.WithoutCancel(ctx), m, p.trials[0].Sample)
		if err != nil {
			return err
		}
		return book.add(step, values)
	}
	if _, ok := book.of[0]; !ok {
		if err := score(0); err != nil {
			return nil, fmt.Errorf("before the first step: %w", err)
		}
	}
	cfg := p.cfg
	cfg.Model, cfg.Mixed, cfg.Loaded = "", false, m
	cfg.Settings.OnCheckpoint = score
	return run.Start(ctx, cfg)
}
