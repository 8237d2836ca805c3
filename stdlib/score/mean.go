package score

// Mean is the mean of results, each number from 0 to 1. That of no results is zero.
type Mean struct {
	Count      int     `json:"count"` // results, or tasks, that went into it
	Rouge1     float64 `json:"rouge1"`
	RougeL     float64 `json:"rougeL"`
	ExactMatch float64 `json:"exact_match"` // the part that matched
}

// Overall is the mean over results, each with the same weight.
func Overall(results []Result) Mean {
	var m Mean
	for _, r := range results {
		m.add(r.Rouge1, r.RougeL, r.ExactMatch)
	}
	return m.mean()
}

// OverTasks is the mean over tasks of their means, each task with the same weight however many results
// it has: what the paper's reference reports for all of its unseen tasks.
func OverTasks(results []Result) Mean {
	var m Mean
	tasks := map[string]int{}
	var sums []Mean
	for _, r := range results {
		i, seen := tasks[r.Task]
		if !seen {
			i = len(sums)
			tasks[r.Task] = i
			sums = append(sums, Mean{})
		}
		sums[i].add(r.Rouge1, r.RougeL, r.ExactMatch)
	}
	for _, s := range sums {
		t := s.mean()
		m.add(t.Rouge1, t.RougeL, t.ExactMatch)
	}
	return m.mean()
}

// ByTask is the mean over the results of each task.
func ByTask(results []Result) map[string]Mean {
	return group(results, func(r Result) string { return r.Task })
}

// ByCategory is the mean over the results of each category, not weighted by task.
func ByCategory(results []Result) map[string]Mean {
	return group(results, func(r Result) string { return r.Category })
}

func group(results []Result, key func(Result) string) map[string]Mean {
	means := map[string]Mean{}
	for _, r := range results {
		m := means[key(r)]
		m.add(r.Rouge1, r.RougeL, r.ExactMatch)
		means[key(r)] = m
	}
	for k, sum := range means {
		means[k] = sum.mean()
	}
	return means
}

// add makes m a sum, which mean divides.
func (m *Mean) add(rouge1, rougeL, exactMatch float64) {
	m.Count++
	m.Rouge1 += rouge1
	m.RougeL += rougeL
	m.ExactMatch += exactMatch
}

func (m Mean) mean() Mean {
	if n := float64(m.Count); n > 0 {
		m.Rouge1 /= n
		m.RougeL /= n
		m.ExactMatch /= n
	}
	return m
}
