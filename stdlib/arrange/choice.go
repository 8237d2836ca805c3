package arrange

import "fmt"

// ChoiceConfig says which rows of every task PerTask chooses. Its zero value is the paper's polar
// choice of 20.
type ChoiceConfig struct {
	Num     int  // rows of each task; 0 means 20
	Uniform bool // every so many by distance, instead of the nearest half and the farthest half

	// AsReference makes Uniform step by ⌊rows/Num⌋ to the end, as the paper's reference does
	// (choose_flan_per_task_job.py). It then takes more than Num where that does not divide evenly,
	// almost twice as many at worst. And it makes both halves of an odd Num ⌊Num/2⌋ rows.
	AsReference bool
}

// PerTask chooses rows of every task by their distance from the test data, one score per row,
// smaller is nearer; scores are compared within a task only. Polar takes the nearest Num/2 (of an
// odd Num the larger half) and the farthest Num/2. Uniform sorts by distance and takes the rows at
// Num even steps, from the nearest on. A task with no more rows than Num gives them all. The rows
// come task after task, in the order of Groups, each task by distance; to arrange what was chosen
// use data.Pick, an arrangement, and Through.
//
// The paper's reference weighs the terms of WSD within each task here, and again over all that was
// chosen: similarity.Weigh of the terms of a task's rows gives its scores.
//
// Another number of scores than of tasks, a score that is NaN, and a negative Num are errors.
func PerTask(tasks []string, scores []float64, cfg ChoiceConfig) ([]int, error) {
	num := cfg.Num
	if num == 0 {
		num = 20
	}
	switch {
	case len(tasks) != len(scores):
		return nil, fmt.Errorf("arrange: per task: %d scores, but tasks of %d rows", len(scores), len(tasks))
	case num < 0:
		return nil, fmt.Errorf("arrange: per task: Num is %d: want 0 for 20, or how many of each task", num)
	}
	order, err := ascending(scores)
	if err != nil {
		return nil, fmt.Errorf("arrange: per task: %w", err)
	}
	sorted := make(map[string][]int)
	for _, row := range order {
		sorted[tasks[row]] = append(sorted[tasks[row]], row)
	}
	var chosen []int
	for _, g := range Groups(tasks) {
		rows := sorted[g.Task]
		switch {
		case len(rows) <= num && !cfg.AsReference || len(rows) < num:
			chosen = append(chosen, rows...)
		case cfg.Uniform:
			chosen = append(chosen, uniform(rows, num, cfg.AsReference)...)
		default:
			chosen = append(chosen, polar(rows, num, cfg.AsReference)...)
		}
	}
	return chosen, nil
}

func polar(rows []int, num int, asReference bool) []int {
	far := num / 2
	near := num - far
	if asReference {
		near = far
	}
	return append(rows[:near:near], rows[len(rows)-far:]...)
}

func uniform(rows []int, num int, asReference bool) []int {
	var chosen []int
	if asReference {
		for at := 0; at < len(rows); at += len(rows) / num {
			chosen = append(chosen, rows[at])
		}
		return chosen
	}
	for k := range num {
		chosen = append(chosen, rows[k*len(rows)/num])
	}
	return chosen
}
