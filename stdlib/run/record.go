package run

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kairos/stdlib/plot"
)

// Record is what is known of a run.
type Record struct {
	Dir      string
	Rows     []Row // in the order of steps
	Total    int   // steps that the run has
	Complete bool  // it was trained to its end
}

// Read reads the record of a run directory, also of one that a process is working on. A directory
// without a run is an error that wraps fs.ErrNotExist.
func Read(dir string) (*Record, error) {
	record, err := read(dir)
	if err != nil {
		return nil, fmt.Errorf("run: read %s: %w", dir, err)
	}
	return record, nil
}

func read(dir string) (*Record, error) {
	s, err := readSettings(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no run: %w", err)
	}
	if err != nil {
		return nil, err
	}
	_, err = os.Stat(in(dir, summaryFile)) // before the rows: they are all there when it is
	r := &Record{Dir: dir, Total: s.Steps, Complete: err == nil}
	r.Rows, _, err = readMetrics(in(dir, metricsFile))
	if err == nil && r.Complete && r.Done() < r.Total {
		err = fmt.Errorf("%s ends at step %d of %d, and the run is complete", metricsFile, r.Done(), r.Total)
	}
	return r, err
}

// Done returns the last step that is recorded.
func (r *Record) Done() int {
	if len(r.Rows) == 0 {
		return 0
	}
	return r.Rows[len(r.Rows)-1].Step
}

// Curve returns the mean loss on the unseen examples at each evaluation, with the name of the
// directory.
func (r *Record) Curve() plot.Curve {
	c := plot.Curve{Name: filepath.Base(r.Dir)}
	for _, row := range r.Rows {
		if row.Evaluated {
			c.Add(row.Step, row.UnseenLoss)
		}
	}
	return c
}

// TaskCurves returns a curve for each unseen task, in the order of their names.
func (r *Record) TaskCurves() []plot.Curve {
	curves := map[string]plot.Curve{}
	for _, row := range r.Rows {
		for task, loss := range row.UnseenByTask {
			c := curves[task]
			c.Name = task
			c.Add(row.Step, loss)
			curves[task] = c
		}
	}
	list := make([]plot.Curve, 0, len(curves))
	for _, task := range slices.Sorted(maps.Keys(curves)) {
		list = append(list, curves[task])
	}
	return list
}

// TrainCurve returns the loss of each step on its own batch, with the name of the directory.
func (r *Record) TrainCurve() plot.Curve {
	c := plot.Curve{Name: filepath.Base(r.Dir)}
	for _, row := range r.Rows {
		if row.Step > 0 {
			c.Add(row.Step, row.TrainLoss)
		}
	}
	return c
}

// summary is what summary.json says of a run.
type summary struct {
	Steps   int      `json:"steps"`
	Tokens  int      `json:"tokens"`
	Seconds float64  `json:"seconds"` // of all steps, without the evaluations
	First   *float64 `json:"first_unseen_loss,omitempty"`
	Last    *float64 `json:"last_unseen_loss,omitempty"`
}

func (r *Record) summary() summary {
	s := summary{Steps: r.Done()}
	for _, row := range r.Rows {
		s.Tokens += row.Tokens
		s.Seconds += row.Seconds
	}
	if losses := r.Curve().Loss; len(losses) > 0 {
		s.First, s.Last = &losses[0], &losses[len(losses)-1]
	}
	return s
}
