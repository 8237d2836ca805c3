package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/stdlib/manifest"
)

// Report says what came of every set, and what lies where. It writes results.json, manifest.json, and what it says into report.txt.
func (e *Experiment) Report() (string, error) {
	var parts []string
	for _, s := range e.sets {
		if len(s.Arms) == 0 {
			continue // see Config.Only
		}
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
	text := strings.Join(append(parts, e.colophon()), "\n\n")
	if err == nil {
		err = atomicfile.WriteFile(filepath.Join(e.Dir, "report.txt"), []byte(text+"\n"))
	}
	if err != nil {
		return "", fmt.Errorf("experiment: report: %w", err)
	}
	return text, nil
}

// colophon says how it was done and what lies where.
func (e *Experiment) colophon() string {
	var b strings.Builder
	for _, s := range e.sweeps {
		fmt.Fprintf(&b, "Learning rate of %s: %g, of %v.", s.Model, s.Chosen, s.Rates)
		if len(s.Rates) > 1 && (s.Chosen == slices.Min(s.Rates) || s.Chosen == slices.Max(s.Rates)) {
			b.WriteString(" It is the outermost: one farther out may be better.")
		}
		b.WriteByte('\n')
	}
	if e.cfg.LR > 0 {
		fmt.Fprintf(&b, "Learning rate: %g, as was asked for.\n", e.cfg.LR)
	}
	if e.cfg.Only != "" {
		fmt.Fprintf(&b, "Looked at were only %s.\n", e.cfg.Only)
	}
	if e.cfg.AsFound {
		b.WriteString("Complete runs were taken as they were found; what they were trained on is in the config.json of each.\n")
	}
	files := []string{"report.txt", "results.json", "manifest.json"}
	for _, name := range e.pictures {
		files = append(files, name+".png", name+".pdf")
	}
	fmt.Fprintf(&b, "Wrote to %s: %s.", e.Dir, strings.Join(files, ", "))
	if e.size.Name == "tiny" {
		b.WriteString("\nThis is the tiny size: it shows how the experiment is done, and is no evidence for or against any claim.")
	}
	return b.String()
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
	m.Set("as found", e.cfg.AsFound)
	for _, s := range e.sets {
		for _, a := range s.Arms {
			for _, t := range a.Trials {
				if err := t.addTo(m, s.Name); err != nil {
					return err
				}
				if !e.cfg.AsFound { // where it is not known to be the one that was trained on
					m.AddOrder(s.Name+", "+a.Name+", "+t.seedName(), t.Order)
				}
			}
		}
	}
	return m.Write(filepath.Join(e.Dir, "manifest.json"))
}

// addTo records the data of a trial, and the files of the model that its run began with.
func (t *Trial) addTo(m *manifest.Manifest, set string) error {
	name := set + ", " + t.seedName()
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
