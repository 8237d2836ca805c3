package run

import (
	"context"
	"fmt"
	"path/filepath"

	"kairos/stdlib/model"
)

// StartAll starts runs one after the other, each in a directory of its own, as an experiment needs
// them: every arrangement with every seed. Runs that are complete are only read, others are begun or
// gone on with, whatever their Resume says, so that the same call goes on after an interruption. It
// returns their records in the order of the runs.
//
// What can be wrong with a run before its model is loaded is found before any of them starts. One
// that fails or is cancelled ends StartAll, with the records up to its own.
func StartAll(ctx context.Context, runs []Config) ([]*Record, error) {
	if err := checkAll(runs); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	var records []*Record
	for i, cfg := range runs {
		cfg.Resume = true
		record, err := Start(ctx, cfg)
		if record != nil {
			records = append(records, record)
		}
		if err != nil {
			return records, fmt.Errorf("run %d of %d: %w", i+1, len(runs), err)
		}
	}
	return records, nil
}

func checkAll(runs []Config) error {
	places, models := map[string]int{}, map[*model.Model]int{}
	for i, cfg := range runs {
		cfg.Resume = true
		settings, err := cfg.settings()
		if err == nil {
			err = (&directory{path: cfg.Out}).admit(cfg, settings)
		}
		if err != nil {
			return fmt.Errorf("run %d of %d: %s: %w", i+1, len(runs), cfg.Out, err)
		}
		place, err := filepath.Abs(cfg.Out)
		if err != nil {
			return err
		}
		if other, ok := places[place]; ok {
			return fmt.Errorf("runs %d and %d are in one directory, %s", other, i+1, cfg.Out)
		}
		if other, ok := models[cfg.Loaded]; ok && cfg.Loaded != nil {
			return fmt.Errorf("runs %d and %d are given one model: the second would begin with what the first trained", other, i+1)
		}
		places[place], models[cfg.Loaded] = i+1, i+1
	}
	return nil
}
