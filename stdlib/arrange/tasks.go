package arrange

import "fmt"

// Group is a task and the rows that belong to it, in their order.
type Group struct {
	Task string
	Rows []int
}

// Groups returns the tasks in the order in which they first appear, given the task of every row.
// Rows without a task, "", are a group as well.
func Groups(tasks []string) []Group {
	var groups []Group
	at := make(map[string]int)
	for row, task := range tasks {
		k, ok := at[task]
		if !ok {
			k = len(groups)
			at[task] = k
			groups = append(groups, Group{Task: task})
		}
		groups[k].Rows = append(groups[k].Rows, row)
	}
	return groups
}

// Cluster returns the rows task after task, given the task of every row: the paper's cluster
// arrangement. Tasks come in the order in which they first appear, and rows of a task stay in
// theirs.
func Cluster(tasks []string) []int { return clustered(Groups(tasks)) }

func clustered(groups []Group) []int {
	var order []int
	for _, g := range groups {
		order = append(order, g.Rows...)
	}
	return order
}

// RoundRobin returns the first row of every task, then the second of every task, and so on, given
// the task of every row: the paper's round-robin arrangement (split_cluster.py of its reference).
// Tasks come in the order in which they first appear; one that has no rows left is passed over.
func RoundRobin(tasks []string) []int {
	order := make([]int, 0, len(tasks))
	groups := Groups(tasks)
	for turn := 0; len(order) < len(tasks); turn++ {
		for _, g := range groups {
			if turn < len(g.Rows) {
				order = append(order, g.Rows[turn])
			}
		}
	}
	return order
}

// Through turns an order of the rows of a selection, numbered from 0, into one of the rows that
// were selected: what arranging data.Pick(examples, rows) means for examples. An order that names
// a row the selection has not is an error.
func Through(rows, order []int) ([]int, error) {
	out := make([]int, len(order))
	for i, k := range order {
		if k < 0 || k >= len(rows) {
			return nil, fmt.Errorf("arrange: through: row %d at place %d of the order: the selection has %d", k, i, len(rows))
		}
		out[i] = rows[k]
	}
	return out, nil
}
