package data

import (
	"fmt"
	"strings"
)

// SamplePerTask returns n examples of every task, drawn without repetition, or all that a task has
// if it has fewer; the paper takes 20 of each training task and 5 of each unseen one. They keep the
// order they have in examples. Examples without a task count as one task.
//
// The draw is made by PCG from the seed and the name of the task, so the same seed gives the same
// sample on every machine, and adding a task changes nothing about the others. It is not the sample
// that Python's random would give.
func SamplePerTask(examples []Example, n int, seed uint64) []Example {
	ofTask := make(map[string][]int)
	for i, e := range examples {
		ofTask[e.Task] = append(ofTask[e.Task], i)
	}
	drawn := make([]bool, len(examples))
	for task, indices := range ofTask {
		for _, k := range newRand(seed, task).Perm(len(indices))[:max(0, min(n, len(indices)))] {
			drawn[indices[k]] = true
		}
	}
	var sample []Example
	for i, e := range examples {
		if drawn[i] {
			sample = append(sample, e)
		}
	}
	return sample
}

// Split divides examples by task: those of the unseen tasks are the test set, the others the
// training set. Both keep their order. A name in unseen that no example has is an error.
func Split(examples []Example, unseen []string) (train, test []Example, err error) {
	isUnseen := make(map[string]bool)
	for _, task := range unseen {
		isUnseen[task] = true
	}
	found := make(map[string]bool)
	for _, e := range examples {
		if isUnseen[e.Task] {
			found[e.Task] = true
			test = append(test, e)
		} else {
			train = append(train, e)
		}
	}
	if len(found) < len(isUnseen) {
		return nil, nil, fmt.Errorf("data: split: no example has the task %s", listMissing(unseen, found))
	}
	return train, test, nil
}

// listMissing names the tasks that were not found, a few of them if they are many.
func listMissing(tasks []string, found map[string]bool) string {
	const few = 5
	var missing []string
	for _, task := range tasks {
		if !found[task] {
			missing = append(missing, fmt.Sprintf("%q", task))
		}
	}
	if len(missing) > few {
		return strings.Join(missing[:few], ", ") + fmt.Sprintf(" and %d more", len(missing)-few)
	}
	return strings.Join(missing, ", ")
}

// Pick returns the examples at the given indices, in that order, which is how an arrangement
// becomes a training set. An index may occur twice. One that is out of range is an error.
func Pick(examples []Example, order []int) ([]Example, error) {
	picked := make([]Example, len(order))
	for k, i := range order {
		if i < 0 || i >= len(examples) {
			return nil, fmt.Errorf("data: pick: order[%d] is %d: there are %d examples", k, i, len(examples))
		}
		picked[k] = examples[i]
	}
	return picked, nil
}

// ReadSplit reads the names of training and test tasks from a file in the format of the reference's
// train_eval_key_list.json, which fixes the paper's split of Flan-mini:
//
//	{"train_key_list": ["task name", …], "eval_key_list": ["task name", …]}
//
// Neither list may be empty, and no task may occur twice, be it in one list or in both.
func ReadSplit(path string) (train, test []string, err error) {
	text, err := readFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	seen := make(map[string]string)
	err = decode(text, func(d *decoder) {
		d.object(func(key string) {
			switch key {
			case "train_key_list":
				train = d.taskList(key, seen)
			case "eval_key_list":
				test = d.taskList(key, seen)
			default:
				d.skip()
			}
		}, "train_key_list", "eval_key_list")
	})
	if err != nil {
		return nil, nil, fmt.Errorf("data: read %s: %w", path, err)
	}
	return train, test, nil
}

// taskList reads names none of which was seen before, and notes in seen which list each is in.
func (d *decoder) taskList(list string, seen map[string]string) (names []string) {
	d.list("strings", func() {
		name := d.string()
		if before := seen[name]; before != "" {
			d.fail(fmt.Errorf("task %q is in %s already", name, before))
		}
		seen[name] = list
		names = append(names, name)
	})
	d.atLeastOne(len(names))
	return names
}
