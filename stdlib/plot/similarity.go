package plot

import (
	"cmp"
	"errors"
	"fmt"

	"kairos/stdlib/similarity"
)

// SimilarityRun is an arrangement and what similarity.Prefixes finds of it.
type SimilarityRun struct {
	Name  string
	Tasks []similarity.PrefixCurve
	Loss  []Curve // of each of Tasks, in their order and under any name, to be drawn beside them; nil for none
}

// Similarity draws how near arrangements come to unseen tasks as training goes on, as the paper's
// figures do: a row of panels for each task, with the average, the least and the greatest distance
// from the training data seen so far, and the distance of the centroids, and in each panel a curve
// for every arrangement. If the runs have losses, that of the task comes first in its row, and its marks
// are in all panels: what the distance did when the loss dropped.
//
// No runs or tasks, more than 20 tasks, runs of different tasks, losses of some runs or tasks only, and
// what Panels refuses, are errors. For some of many tasks, choose among the curves of each run.
func Similarity(runs []SimilarityRun, cfg Config) (*Figure, error) {
	if err := checkRuns(runs); err != nil {
		return nil, fmt.Errorf("plot: similarity: %w", err)
	}
	titles := []string{"average", "nearest", "farthest", "centroids"}
	withLoss, labelled := runs[0].Loss != nil, true
	if withLoss {
		titles = []string{"loss (nats per token)", "average distance", "nearest", "farthest", "of centroids"}
		labelled = cfg.YLabel != ""
	}
	cfg.YLabel = cmp.Or(cfg.YLabel, "distance from the training data seen")
	var panels []Panel
	for k, task := range runs[0].Tasks {
		row := make([]Panel, len(titles))
		row[0].YLabel = task.Task
		for i := range row {
			if k == 0 {
				row[i].Title = titles[i]
			}
			for _, run := range runs {
				row[i].Curves = append(row[i].Curves, run.curves(k)[i])
			}
		}
		panels = append(panels, row...)
	}
	return drawPanels(panels, len(titles), cfg, labelled)
}

// curves are those of a task: the loss if there is one, and the distances.
func (run SimilarityRun) curves(task int) []Curve {
	var curves []Curve
	var marks []Mark
	if run.Loss != nil {
		loss := run.Loss[task]
		loss.Name = run.Name
		curves = append(curves, loss)
		marks = within(loss.Marks, run.Tasks[task].Steps)
	}
	c := run.Tasks[task]
	for _, values := range [][]float64{c.Avg, c.Min, c.Max, c.Centroid} {
		curves = append(curves, Curve{Name: run.Name, Steps: c.Steps, Loss: values, Marks: marks})
	}
	return curves
}

// within returns the marks that some of the steps may show, without their labels.
func within(marks []Mark, steps []int) []Mark {
	var seen []Mark
	for _, m := range marks {
		if len(steps) > 0 && m.To >= steps[0] && m.From <= steps[len(steps)-1] {
			seen = append(seen, Mark{From: m.From, To: m.To})
		}
	}
	return seen
}

func checkRuns(runs []SimilarityRun) error {
	const most = 20
	if len(runs) == 0 {
		return errors.New("there are no runs")
	}
	if n := len(runs[0].Tasks); n == 0 || n > most {
		return fmt.Errorf("run %q has %d tasks: want 1 to %d", runs[0].Name, n, most)
	}
	for _, run := range runs {
		if want := len(run.Tasks); runs[0].Loss != nil && len(run.Loss) != want || runs[0].Loss == nil && run.Loss != nil {
			return fmt.Errorf("run %q has %d losses of %d tasks, run %q %d: want all or none", run.Name, len(run.Loss), want, runs[0].Name, len(runs[0].Loss))
		}
		if len(run.Tasks) != len(runs[0].Tasks) {
			return fmt.Errorf("run %q has %d tasks, run %q %d", run.Name, len(run.Tasks), runs[0].Name, len(runs[0].Tasks))
		}
		for k, c := range run.Tasks {
			if want := runs[0].Tasks[k].Task; c.Task != want {
				return fmt.Errorf("task %d of run %q is %q, of run %q %q", k, run.Name, c.Task, runs[0].Name, want)
			}
		}
	}
	return nil
}
