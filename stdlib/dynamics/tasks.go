package dynamics

import (
	"fmt"
	"strings"
)

// TaskRow is a measure of one unseen task under several arrangements.
type TaskRow struct {
	Task         string
	Arrangements []string
	Values       []float64 // of each
}

// ByTask measures the curve of every unseen task under every arrangement, for a table with a line for
// each task, in the order of the first arrangement. The curves of an arrangement bear the names of
// the tasks. Arrangements of other tasks, or with the same task twice, and what the measure refuses, are
// errors.
func ByTask(arrangements []Arrangement, m Measure) ([]TaskRow, error) {
	rows, err := byTask(arrangements, m)
	if err != nil {
		return nil, fmt.Errorf("dynamics: by task: %w", err)
	}
	return rows, nil
}

func byTask(arrangements []Arrangement, m Measure) ([]TaskRow, error) {
	samples, err := values(arrangements, m)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, a := range arrangements {
		names = append(names, a.Name)
	}
	rows := make([]TaskRow, len(arrangements[0].Curves))
	at := map[string]int{}
	for k, c := range arrangements[0].Curves {
		if _, twice := at[c.Name]; twice {
			return nil, fmt.Errorf("arrangement %q has task %q twice", names[0], c.Name)
		}
		at[c.Name] = k
		rows[k] = TaskRow{Task: c.Name, Arrangements: names, Values: make([]float64, len(names))}
	}
	for i, a := range arrangements {
		seen := map[string]bool{}
		for j, c := range a.Curves {
			k, ok := at[c.Name]
			if !ok || seen[c.Name] || len(a.Curves) != len(rows) {
				return nil, fmt.Errorf("arrangement %q has %d tasks, %q among them, %q %d: want the same of all", a.Name, len(a.Curves), c.Name, names[0], len(rows))
			}
			seen[c.Name] = true
			rows[k].Values[i] = samples[i].Values[j]
		}
	}
	return rows, nil
}

// Lowest names the arrangement with the lowest value, the first of equals.
func (r TaskRow) Lowest() string {
	best := 0
	for k, v := range r.Values {
		if v < r.Values[best] {
			best = k
		}
	}
	return r.Arrangements[best]
}

// String is a sentence about the task.
func (r TaskRow) String() string {
	var parts []string
	for k, name := range r.Arrangements {
		parts = append(parts, fmt.Sprintf("%s %.4g", name, r.Values[k]))
	}
	return r.Task + ": " + strings.Join(parts, ", ")
}

// Columns names and returns what a table of tasks has in its columns.
func (r TaskRow) Columns() (names []string, values []any) {
	names, values = []string{"Task"}, []any{r.Task}
	for k, name := range r.Arrangements {
		names, values = append(names, name), append(values, brief(r.Values[k]))
	}
	return append(names, "Lowest"), append(values, r.Lowest())
}
