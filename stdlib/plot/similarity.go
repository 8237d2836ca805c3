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
}

// Similarity draws how near arrangements come to unseen tasks as training goes on, as the paper's
// figures do: a row of panels for each task, with the average, the least and the greatest distance
// from the training data seen so far, and the distance of the centroids, and in each panel a curve
// for every arrangement.
//
// No runs or tasks, more than 20 tasks, runs of different tasks, and what Panels refuses, are
// errors. For some of many tasks, choose among the curves of each run.
func Similarity(runs []SimilarityRun, cfg Config) (*Figure, error) {
	if err := checkRuns(runs); err != nil {
		return nil, fmt.Errorf("plot: similarity: %w", err)
	}
	cfg.YLabel = cmp.Or(cfg.YLabel, "distance from the training data seen")
	var panels []Panel
	for k, task := range runs[0].Tasks {
		row := [4]Panel{{YLabel: task.Task}, {}, {}, {}}
		if k == 0 {
			row[0].Title, row[1].Title, row[2].Title, row[3].Title = "average", "nearest", "farthest", "centroids"
		}
		for _, run := range runs {
			c := run.Tasks[k]
			for i, values := range [4][]float64{c.Avg, c.Min, c.Max, c.Centroid} {
				row[i].Curves = append(row[i].Curves, Curve{Name: run.Name, Steps: c.Steps, Loss: values})
			}
		}
		panels = append(panels, row[:]...)
	}
	return Panels(panels, 4, cfg)
}

func checkRuns(runs []SimilarityRun) error {
	const most = 20
	if len(runs) == 0 {
		return errors.New("there are no runs")
	}
	if n := len(runs[0].Tasks); n == 0 || n > most {
		return fmt.Errorf("run %q has %d tasks: want 1 to %d", runs[0].Name, n, most)
	}
	for _, run := range runs[1:] {
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
