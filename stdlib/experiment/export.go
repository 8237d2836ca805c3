package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/eval"
	"kairos/stdlib/run"
)

// Exported is the error of an experiment whose runs are left to other machines.
type Exported struct {
	Script  string // the commands that train
	Missing int    // runs that are not complete
	Total   int
}

func (e *Exported) Error() string {
	return fmt.Sprintf("%d of %d runs are not there yet: train as %s says, here or elsewhere, and give this command again",
		e.Missing, e.Total, e.Script)
}

// head begins the script of commands.
const head = `#!/bin/sh
# NAME: a run for each arrangement and seed. Another trainer may take the place of kairos train: one pass over the data in
# their order, from weights that are the same for all. Of it is read what the paper's code writes of a checkpoint,
# step_N/test_results.json, for N = 0 (before training), every so many steps, and the last.
set -e
cd "$(dirname "$0")"`

// external takes up the runs that are complete. For the others it writes the arranged files, as kairos
// arrange writes them, and the commands that train on them.
func (e *Experiment) external(plans []*plan) error {
	exported := &Exported{Script: filepath.Join(e.Dir, "train.sh"), Total: len(plans)}
	commands := []string{strings.ReplaceAll(head, "NAME", e.cfg.Name)}
	for _, p := range plans {
		record, err := e.elsewhere(p)
		if err != nil {
			return err
		}
		if record.Complete {
			p.done(record)
			continue
		}
		exported.Missing++
		if err := e.export(p); err != nil {
			return err
		}
		commands = append(commands, e.command(p))
	}
	if exported.Missing == 0 {
		return nil
	}
	text := strings.Join(commands, "\n") + "\n"
	if err := atomicfile.WriteFile(exported.Script, []byte(text)); err != nil {
		return err
	}
	return exported
}

// elsewhere reads the run of a plan that was trained by kairos train, or by what writes test_results.json as the paper's
// code does. One that is not there is not complete.
func (e *Experiment) elsewhere(p *plan) (*run.Record, error) {
	dir := filepath.Join(e.Dir, "runs", p.name)
	record, err := run.Read(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return record, err
	}
	settings, err := e.Size.Train.Resolve(len(p.trials[0].Order))
	if err != nil {
		return nil, err
	}
	record = &run.Record{Dir: dir, Total: settings.Steps}
	for step := range settings.Steps + 1 {
		results, err := eval.ReadResults(filepath.Join(dir, fmt.Sprintf("step_%d", step), "test_results.json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		row := run.Row{Step: step, Evaluated: true, UnseenLoss: eval.Mean(results), UnseenByTask: eval.ByTask(results)}
		record.Rows = append(record.Rows, row)
	}
	record.Complete = record.Done() == record.Total
	return record, nil
}

// export writes the training data of a plan in their order, and the unseen ones.
func (e *Experiment) export(p *plan) error {
	dir := filepath.Join(e.Dir, "arranged", p.name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	t := p.trials[0]
	a := data.Arrangement{Unscored: true}
	for _, ex := range t.Sample.Pool {
		raw, err := json.Marshal(ex)
		if err != nil {
			return err
		}
		a.Records = append(a.Records, data.Record{Example: ex, Raw: raw})
	}
	var err error
	if a.Places, err = arrange.Places(t.Order, make([]float64, len(t.Sample.Pool))); err != nil {
		return err
	}
	if err := data.WriteArranged(filepath.Join(dir, "train.jsonl"), a); err != nil {
		return err
	}
	return data.WriteJSONL(filepath.Join(dir, "unseen.jsonl"), t.Sample.Unseen)
}

// command is the line that trains a plan.
func (e *Experiment) command(p *plan) string {
	s := e.Size.Train
	model, rate := e.Size.Model, e.Size.Rates[0]
	if p.set.Model != "" {
		model = p.set.Model
	}
	if e.cfg.LR > 0 {
		rate = e.cfg.LR
	}
	const line = "kairos train -model %s -data arranged/%s/train.jsonl -test arranged/%[2]s/unseen.jsonl -out runs/%[2]s " +
		"-resume -discard -seed %d -lr %g -batch %d -every %d -max-len %d"
	return fmt.Sprintf(line,
		model, filepath.ToSlash(p.name), p.trials[0].Sample.Seed, rate, s.Batch, s.Every, s.MaxLen)
}
