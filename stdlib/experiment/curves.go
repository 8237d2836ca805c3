package experiment

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kairos/stdlib/dynamics"
	"kairos/stdlib/plot"
)

var errNotRun = errors.New("it has not been run")

// seedName names the curve of a seed.
func (t *Trial) seedName() string { return fmt.Sprintf("seed %d", t.Sample.Seed) }

// Curves are the losses on all unseen examples, a curve for each seed.
func (a *Arm) Curves() []plot.Curve {
	return a.curves(func(t *Trial) (plot.Curve, bool) { return t.Record.Curve(), true })
}

// TaskCurves are the losses on one unseen task, a curve for each seed.
func (a *Arm) TaskCurves(task string) []plot.Curve {
	return a.curves(func(t *Trial) (plot.Curve, bool) {
		all := t.Record.TaskCurves()
		i := slices.IndexFunc(all, func(c plot.Curve) bool { return c.Name == task })
		if i < 0 {
			return plot.Curve{}, false
		}
		return all[i], true
	})
}

// TaskBands are the losses on each unseen task over the seeds.
func (a *Arm) TaskBands() ([]plot.Curve, error) {
	var bands []plot.Curve
	for _, task := range a.set.tasks() {
		band, err := Band(task, a.TaskCurves(task))
		if err != nil {
			return nil, fmt.Errorf("experiment: set %q, arm %q: %w", a.set.Name, a.Name, err)
		}
		bands = append(bands, band)
	}
	return bands, nil
}

// ScoreCurves are the scores of a name that the set's Score gave, a curve for each seed.
func (a *Arm) ScoreCurves(name string) []plot.Curve {
	return a.curves(func(t *Trial) (plot.Curve, bool) { c, ok := t.Scores[name]; return c, ok })
}

// curves are curves of the arm's trials, named after the seeds, at the steps that all runs of the set have.
func (a *Arm) curves(of func(*Trial) (plot.Curve, bool)) []plot.Curve {
	steps := a.set.steps()
	var curves []plot.Curve
	for _, t := range a.Trials {
		if t.Record == nil {
			continue
		}
		if whole, ok := of(t); ok {
			c := plot.Curve{Name: t.seedName()}
			for i, step := range whole.Steps {
				if slices.Contains(steps, step) {
					c.Add(step, whole.Loss[i])
				}
			}
			curves = append(curves, c)
		}
	}
	return curves
}

// steps are those that all runs of the set were evaluated at.
func (s *Set) steps() []int {
	var steps []int
	first := true
	for _, a := range s.Arms {
		for _, t := range a.Trials {
			if t.Record == nil {
				continue
			}
			has := t.Record.Curve().Steps
			if first {
				steps, first = has, false
			}
			steps = slices.DeleteFunc(steps, func(step int) bool { return !slices.Contains(has, step) })
		}
	}
	return steps
}

// Band is the mean of curves with a band of one standard deviation, see plot.Band; of a single curve
// it is that curve.
func Band(name string, curves []plot.Curve) (plot.Curve, error) {
	if len(curves) == 1 {
		only := curves[0]
		only.Name = name
		return only, nil
	}
	return plot.Band(name, curves)
}

// Bands are the losses on all unseen examples over the seeds, a curve for each arm.
func (s *Set) Bands() ([]plot.Curve, error) {
	return s.bands((*Arm).Curves)
}

func (s *Set) bands(of func(*Arm) []plot.Curve) ([]plot.Curve, error) {
	var bands []plot.Curve
	for _, a := range s.Arms {
		curves := of(a)
		if len(curves) == 0 {
			return nil, fmt.Errorf("experiment: set %q, arm %q: %w", s.Name, a.Name, errNotRun)
		}
		band, err := Band(a.Name, curves)
		if err != nil {
			return nil, fmt.Errorf("experiment: set %q: %w", s.Name, err)
		}
		bands = append(bands, band)
	}
	return bands, nil
}

// TaskPanels are a panel for each unseen task, with the bands of the arms.
func (s *Set) TaskPanels() ([]plot.Panel, error) {
	var panels []plot.Panel
	for _, task := range s.tasks() {
		bands, err := s.bands(func(a *Arm) []plot.Curve { return a.TaskCurves(task) })
		if err != nil {
			return nil, err
		}
		panels = append(panels, plot.Panel{Title: ShortTask(task), Curves: bands})
	}
	return panels, nil
}

// tasks are the unseen tasks of the set's first run.
func (s *Set) tasks() []string {
	var names []string
	if len(s.Arms) > 0 && s.Arms[0].Trials[0].Record != nil {
		for _, c := range s.Arms[0].Trials[0].Record.TaskCurves() {
			names = append(names, c.Name)
		}
	}
	return names
}

// ShortTask is the name of a task as the title of a small plot: "013 mctaco … absolute timepoint".
func ShortTask(task string) string {
	const room = 32
	words := strings.Split(strings.TrimPrefix(task, "subtask"), "_")
	short := strings.Join(words, " ")
	if len(short) <= room || len(words) < 4 {
		return short
	}
	head, tail := words[0]+" "+words[1]+" …", ""
	for _, word := range slices.Backward(words[2:]) {
		if len(head)+len(tail)+len(word) > room {
			break
		}
		tail = " " + word + tail
	}
	return head + tail
}

// Arrangements are the arms with their curves, for package dynamics. Without names they are all arms.
func (s *Set) Arrangements(arms ...string) []dynamics.Arrangement {
	var list []dynamics.Arrangement
	for _, a := range s.Arms {
		if len(arms) == 0 || slices.Contains(arms, a.Name) {
			list = append(list, dynamics.Arrangement{Name: a.Name, Curves: a.Curves()})
		}
	}
	return list
}
