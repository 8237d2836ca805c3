package experiment

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"kairos/stdlib/data"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/plot"
)

// Results are what results.json holds: all that came of an experiment.
type Results struct {
	Experiment string         `json:"experiment"`
	Size       Size           `json:"size"`
	Sweeps     []Sweep        `json:"learning_rates"`
	Sets       []SetResults   `json:"sets"`
	Findings   map[string]any `json:"findings"` // what the script noted
}

// SetResults are those of a set.
type SetResults struct {
	Name  string       `json:"name"`
	Model string       `json:"model,omitempty"` // if it is another than the size's
	Arms  []ArmResults `json:"arms"`
	Leads []Lead       `json:"leads"`
	Range []plot.Curve `json:"range,omitempty"` // how far apart the arms are, a curve for each seed; of two arms or more

	// Every arm against every other, by the mean of the curve and at its end, paired over seeds, and by the means over
	// seeds, paired over unseen tasks.
	ByMean     []dynamics.Comparison `json:"by_mean"`
	ByLast     []dynamics.Comparison `json:"by_last"`
	TaskByMean []dynamics.Comparison `json:"task_by_mean"`
	TaskByLast []dynamics.Comparison `json:"task_by_last"`
}

// ArmResults are those of an arm.
type ArmResults struct {
	Name   string                  `json:"name"`
	Curves []plot.Curve            `json:"curves"` // a curve for each seed
	Tasks  []plot.Curve            `json:"tasks"`  // of each unseen task, over the seeds
	Scores map[string][]plot.Curve `json:"scores,omitempty"`
}

// ReadResults reads the results of an experiment from its directory, to look at them without running anything.
func ReadResults(dir string) (*Results, error) {
	path := filepath.Join(dir, "results.json")
	r := new(Results)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("experiment: read results: %w", err)
	}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("experiment: read results: %s: %w", path, err)
	}
	return r, nil
}

// Set returns the results of a set by its name.
func (r *Results) Set(name string) (*SetResults, error) {
	for i := range r.Sets {
		if r.Sets[i].Name == name {
			return &r.Sets[i], nil
		}
	}
	return nil, fmt.Errorf("experiment: the results of %s have no set %q", r.Experiment, name)
}

// Bands are the losses on all unseen examples over the seeds, a curve for each arm.
func (r *SetResults) Bands() ([]plot.Curve, error) {
	var bands []plot.Curve
	for _, a := range r.Arms {
		band, err := Band(a.Name, a.Curves)
		if err != nil {
			return nil, fmt.Errorf("experiment: set %q: %w", r.Name, err)
		}
		bands = append(bands, band)
	}
	return bands, nil
}

func (e *Experiment) writeResults() error {
	r := Results{Experiment: e.cfg.Name, Size: e.Size, Sweeps: e.sweeps, Findings: e.findings}
	for _, s := range e.sets {
		if len(s.Arms) == 0 {
			continue
		}
		found, err := s.results()
		if err != nil {
			return err
		}
		r.Sets = append(r.Sets, found)
	}
	return data.WriteJSON(filepath.Join(e.Dir, "results.json"), r)
}

func (s *Set) results() (SetResults, error) {
	r := SetResults{Name: s.Name, Model: s.Model}
	bands, err := s.Bands()
	if err != nil {
		return r, err
	}
	r.Leads = Leads(bands)
	for _, a := range s.Arms {
		arm := ArmResults{Name: a.Name, Curves: a.Curves()}
		if arm.Tasks, err = a.TaskBands(); err != nil {
			return r, err
		}
		for name := range a.Trials[0].Scores {
			if arm.Scores == nil {
				arm.Scores = map[string][]plot.Curve{}
			}
			arm.Scores[name] = a.ScoreCurves(name)
		}
		r.Arms = append(r.Arms, arm)
	}
	if len(s.Arms) > 1 {
		if r.Range, err = dynamics.Range(s.Arrangements()); err != nil {
			return r, fmt.Errorf("experiment: set %q: %w", s.Name, err)
		}
	}
	return r, r.compare()
}

// compare compares the arms in every way in which there are two pairs or more.
func (r *SetResults) compare() error {
	var seeds, tasks []dynamics.Arrangement
	for _, a := range r.Arms {
		seeds = append(seeds, dynamics.Arrangement{Name: a.Name, Curves: a.Curves})
		tasks = append(tasks, dynamics.Arrangement{Name: a.Name, Curves: a.Tasks})
	}
	for _, c := range []struct {
		to   *[]dynamics.Comparison
		arms []dynamics.Arrangement
		by   dynamics.Measure
	}{
		{&r.ByMean, seeds, dynamics.Mean},
		{&r.ByLast, seeds, dynamics.Last},
		{&r.TaskByMean, tasks, dynamics.Mean},
		{&r.TaskByLast, tasks, dynamics.Last},
	} {
		if len(c.arms[0].Curves) < 2 {
			continue
		}
		var err error
		if *c.to, err = dynamics.CompareAll(c.arms, c.by); err != nil {
			return err
		}
		for i := range *c.to { // JSON has no word for an infinite t
			t := &(*c.to)[i].T
			*t = max(-math.MaxFloat64, min(math.MaxFloat64, *t))
		}
	}
	return nil
}
