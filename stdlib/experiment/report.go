package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"

	"kairos/stdlib/data"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/manifest"
	"kairos/stdlib/plot"
)

// Report writes results.json and manifest.json, and says what came of every set, and what lies where.
func (e *Experiment) Report() (string, error) {
	var parts []string
	for _, s := range e.sets {
		text, err := s.Summary()
		if err != nil {
			return "", err
		}
		parts = append(parts, text)
	}
	err := e.writeResults()
	if err == nil {
		err = e.writeManifest()
	}
	if err != nil {
		return "", fmt.Errorf("experiment: report: %w", err)
	}
	return strings.Join(append(parts, e.colophon()), "\n\n"), nil
}

// colophon says how it was done and what lies where.
func (e *Experiment) colophon() string {
	var b strings.Builder
	for _, s := range e.sweeps {
		fmt.Fprintf(&b, "Learning rate of %s: %g, of %v.\n", s.Model, s.Chosen, s.Rates)
	}
	files := []string{"results.json", "manifest.json"}
	for _, name := range e.pictures {
		files = append(files, name+".png", name+".pdf")
	}
	fmt.Fprintf(&b, "Wrote to %s: %s.", e.Dir, strings.Join(files, ", "))
	if e.size.Name == "tiny" {
		b.WriteString("\nThis is the tiny size: it shows how the experiment is done, and is no evidence for or against any claim.")
	}
	return b.String()
}

// results are what results.json holds.
type results struct {
	Experiment string         `json:"experiment"`
	Size       Size           `json:"size"`
	Sweeps     []Sweep        `json:"learning_rates"`
	Sets       []setResults   `json:"sets"`
	Findings   map[string]any `json:"findings"`
}

type setResults struct {
	Name  string       `json:"name"`
	Model string       `json:"model,omitempty"`
	Arms  []armResults `json:"arms"`
	Leads []Lead       `json:"leads"`

	// Every arm against every other, by the mean of the curve and at its end.
	ByMean []dynamics.Comparison `json:"by_mean"`
	ByLast []dynamics.Comparison `json:"by_last"`
}

type armResults struct {
	Name   string                  `json:"name"`
	Curves []plot.Curve            `json:"curves"`
	Tasks  []plot.Curve            `json:"tasks"` // over the seeds
	Scores map[string][]plot.Curve `json:"scores,omitempty"`
}

func (e *Experiment) writeResults() error {
	r := results{Experiment: e.cfg.Name, Size: e.Size, Sweeps: e.sweeps, Findings: e.findings}
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

func (s *Set) results() (setResults, error) {
	r := setResults{Name: s.Name, Model: s.Model}
	bands, err := s.Bands()
	if err != nil {
		return r, err
	}
	r.Leads = Leads(bands)
	for _, a := range s.Arms {
		arm := armResults{Name: a.Name, Curves: a.Curves()}
		for _, task := range s.tasks() {
			band, err := Band(task, a.TaskCurves(task))
			if err != nil {
				return r, err
			}
			arm.Tasks = append(arm.Tasks, band)
		}
		for name := range a.Trials[0].Scores {
			if arm.Scores == nil {
				arm.Scores = map[string][]plot.Curve{}
			}
			arm.Scores[name] = a.ScoreCurves(name)
		}
		r.Arms = append(r.Arms, arm)
	}
	if len(r.Arms[0].Curves) < 2 {
		return r, nil
	}
	if r.ByMean, err = s.compareAll(dynamics.Mean); err == nil {
		r.ByLast, err = s.compareAll(dynamics.Last)
	}
	return r, err
}

// compareAll compares every arm with every other. JSON has no word for an infinite t.
func (s *Set) compareAll(m dynamics.Measure) ([]dynamics.Comparison, error) {
	list, err := dynamics.CompareAll(s.Arrangements(), m)
	for i := range list {
		list[i].T = max(-math.MaxFloat64, min(math.MaxFloat64, list[i].T))
	}
	return list, err
}

// writeManifest records what went into the experiment.
func (e *Experiment) writeManifest() error {
	m := manifest.New()
	m.Set("experiment", e.cfg.Name)
	m.Set("size", e.Size)
	m.Set("learning rate", e.cfg.LR)
	m.Set("learning rates", e.sweeps)
	m.Set("mixed", e.cfg.Mixed)
	m.Set("encoder", e.cfg.Encoder)
	for _, s := range e.sets {
		for _, a := range s.Arms {
			for _, t := range a.Trials {
				if err := t.addTo(m, s.Name, a.Name); err != nil {
					return err
				}
			}
		}
	}
	return m.Write(filepath.Join(e.Dir, "manifest.json"))
}

// addTo records the data of a trial, its order, and the files of the model that its run began with.
func (t *Trial) addTo(m *manifest.Manifest, set, arm string) error {
	name := set + ", " + t.seedName()
	m.AddOrder(set+", "+arm+", "+t.seedName(), t.Order)
	if _, ok := m.Data[name+", pool"]; !ok {
		err := m.AddData(name+", pool", t.Sample.Pool)
		if err == nil {
			err = m.AddData(name+", unseen", t.Sample.Unseen)
		}
		if err != nil {
			return err
		}
	}
	text, err := os.ReadFile(filepath.Join(t.Record.Dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // trained elsewhere
	}
	if err != nil {
		return err
	}
	var of manifest.Manifest
	if err := json.Unmarshal(text, &of); err != nil {
		return fmt.Errorf("%s: manifest.json: %w", t.Record.Dir, err)
	}
	maps.Copy(m.Files, of.Files)
	return nil
}
