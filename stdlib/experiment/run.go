package experiment

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"kairos/stdlib/data"
	"kairos/stdlib/run"
	"kairos/stdlib/train"
)

// plan is a run, and the trials whose run it is.
type plan struct {
	set    *Set // that needs it first
	name   string
	trials []*Trial
	cfg    run.Config
}

// Run trains the trials of all sets, each in a directory of package run, and gives them their records.
// Those that are complete are only read, see Config.AsFound. A learning rate is chosen first, for each model, unless
// Config.LR says one. Arms that Config.Only leaves out are removed from their sets.
//
// It looks at ctx within every step. What was done when it is cancelled is saved, and the same
// command goes on from there. At a size whose runs are External the error is an [Exported] until all
// of them are there.
func (e *Experiment) Run(ctx context.Context) error {
	plans, err := e.plans()
	if err == nil && e.Size.External {
		err = e.external(plans)
	} else if err == nil {
		err = e.train(ctx, plans)
	}
	if err != nil {
		return fmt.Errorf("experiment: run %s: %w", e.cfg.Name, err)
	}
	return nil
}

// plans are the runs of all sets, each once. Those that several sets share lie with the first of them, whatever is left out
// this time.
func (e *Experiment) plans() ([]*plan, error) {
	var plans []*plan
	known := map[string]*plan{}
	for _, s := range e.sets {
		if err := s.check(); err != nil {
			return nil, err
		}
		for _, a := range s.Arms {
			for _, t := range a.Trials {
				key := t.key(s)
				if known[key] == nil {
					known[key] = &plan{set: s, name: filepath.Join(clean(s.Name), clean(a.Name), fmt.Sprintf("seed-%d", t.Sample.Seed))}
					plans = append(plans, known[key])
				}
				if e.wants(s.Name, a.Name) {
					known[key].trials = append(known[key].trials, t)
				}
			}
		}
		s.Arms = slices.DeleteFunc(s.Arms, func(a *Arm) bool { return !e.wants(s.Name, a.Name) })
	}
	plans = slices.DeleteFunc(plans, func(p *plan) bool { return len(p.trials) == 0 })
	if len(plans) == 0 {
		return nil, fmt.Errorf("there is nothing to train (only %q)", e.cfg.Only)
	}
	return plans, nil
}

// key is the same for trials whose runs would be the same.
func (t *Trial) key(s *Set) string {
	scored := ""
	if s.Score != nil {
		scored = s.Name
	}
	return fmt.Sprintf("%p %s %q %v", t.Sample, s.Model, scored, t.Order)
}

// clean makes a name one of a file.
func clean(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.+", r)
	})
	return strings.Join(words, "-")
}

// train trains what is to be trained.
func (e *Experiment) train(ctx context.Context, plans []*plan) error {
	var plain, scored []*plan
	for _, p := range plans {
		if err := e.configure(ctx, p); err != nil {
			return err
		}
		found, err := e.found(p)
		switch {
		case err != nil:
			return err
		case found:
		case p.set.Score == nil:
			plain = append(plain, p)
		default:
			scored = append(scored, p)
		}
	}
	rest := slices.Concat(plain, scored)
	if err := e.count(fmt.Sprintf("train %d runs, in steps", len(rest)), rest); err != nil {
		return err
	}
	if err := startAll(ctx, plain); err != nil {
		return err
	}
	for _, p := range scored {
		if err := e.startScored(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// found takes the run of a plan as it lies there, if it is complete, and if Config.AsFound says so.
func (e *Experiment) found(p *plan) (bool, error) {
	if !e.cfg.AsFound || p.set.Score != nil {
		return false, nil
	}
	record, err := e.elsewhere(p)
	if err != nil || !record.Complete {
		return false, err
	}
	p.done(record)
	return true, nil
}

// configure says how a plan is run.
func (e *Experiment) configure(ctx context.Context, p *plan) error {
	model, err := e.model(ctx, p.set.Model)
	if err != nil {
		return err
	}
	rate, err := e.rate(ctx, p.set)
	if err != nil {
		return err
	}
	p.cfg, err = e.config(p.trials[0], e.Size.Train, rate)
	p.cfg.Model, p.cfg.Out = model, filepath.Join(e.Dir, "runs", p.name)
	return err
}

// config is what a run of a trial needs, but for the model and the directory.
func (e *Experiment) config(t *Trial, settings train.Config, rate float64) (run.Config, error) {
	settings.LR = rate
	examples, err := data.Pick(t.Sample.Pool, t.Order)
	return run.Config{
		Seed: t.Sample.Seed, Mixed: e.cfg.Mixed, Train: examples, Test: t.Sample.Unseen, Settings: settings,
		Resume: true, Discard: true, Save: e.Size.Save,
	}, err
}

// count has the steps of all plans reported together.
func (e *Experiment) count(label string, plans []*plan) error {
	if len(plans) == 0 {
		return nil
	}
	total := 0
	starts := make([]int, len(plans))
	for i, p := range plans {
		settings, err := p.cfg.Settings.Resolve(len(p.cfg.Train))
		if err != nil {
			return err
		}
		starts[i] = total
		total += settings.Steps
	}
	progress := e.cfg.Progress(label)
	for i, p := range plans {
		p.cfg.OnRow = func(row run.Row, _ int) { progress(starts[i]+row.Step, total) }
	}
	return nil
}

func startAll(ctx context.Context, plans []*plan) error {
	var configs []run.Config
	for _, p := range plans {
		configs = append(configs, p.cfg)
	}
	records, err := run.StartAll(ctx, configs)
	for i, record := range records {
		plans[i].done(record)
	}
	return err
}

// done gives the record to all trials that wait for it.
func (p *plan) done(record *run.Record) {
	for _, t := range p.trials {
		t.Record = record
	}
}
