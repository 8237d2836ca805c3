package experiment

import (
	"errors"
	"fmt"
	"slices"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/eval"
)

// source is all there is to draw from.
type source struct {
	tasks         []data.Task // of Natural Instructions, nil of other data
	train, unseen []data.Example
	byseed        bool // there are no unseen ones: each seed takes them from train
}

// load reads the data, once.
func (e *Experiment) load() (*source, error) {
	if e.source != nil {
		return e.source, nil
	}
	s, err := e.read()
	if err != nil {
		return nil, err
	}
	s.train, s.unseen = e.fit(s.train), e.fit(s.unseen)
	if len(s.train) == 0 || len(s.unseen) == 0 && !s.byseed {
		return nil, fmt.Errorf("there are %d training and %d unseen examples of at most %d characters",
			len(s.train), len(s.unseen), e.Size.Longest)
	}
	e.source = s
	return s, nil
}

func (e *Experiment) read() (*source, error) {
	s := new(source)
	all, err := s.examples(e)
	if err != nil {
		return nil, err
	}
	switch {
	case e.cfg.Test != "":
		s.train = all
		s.unseen, err = readExamples(e.cfg.Test)
	case e.cfg.Unlabelled && e.cfg.ownData() && e.cfg.Split == "":
		s.train, s.byseed = all, true
	default:
		s.train, s.unseen, err = e.split(all)
	}
	return s, err
}

// examples are all examples of the data.
func (s *source) examples(e *Experiment) ([]data.Example, error) {
	switch {
	case e.cfg.Examples != nil:
		return e.cfg.Examples, nil
	case e.cfg.Data != "":
		return readExamples(e.cfg.Data)
	}
	var all []data.Example
	var err error
	s.tasks, err = data.NaturalInstructions()
	for _, task := range s.tasks {
		all = append(all, task.Examples(e.Size.Prompt)...)
	}
	return all, err
}

func readExamples(path string) ([]data.Example, error) {
	records, err := data.ReadRecords(path)
	return data.Examples(records), err
}

// split divides examples by task.
func (e *Experiment) split(all []data.Example) (train, unseen []data.Example, err error) {
	if e.cfg.Split == "" && e.cfg.ownData() {
		return nil, nil, errors.New("which tasks of the data are unseen? Give a split, or unseen examples")
	}
	known, names := []string(nil), UnseenTasks()
	if e.cfg.Split != "" {
		if known, names, err = data.ReadSplit(e.cfg.Split); err != nil {
			return nil, nil, err
		}
	}
	train, unseen, err = data.Split(all, names)
	if known != nil {
		train = slices.DeleteFunc(train, func(ex data.Example) bool { return !slices.Contains(known, ex.Task) })
	}
	return train, unseen, err
}

// fit takes the first turn of the examples that are short enough and have an answer.
func (e *Experiment) fit(examples []data.Example) []data.Example {
	return slices.DeleteFunc(data.FirstTurns(examples), func(ex data.Example) bool {
		return len(ex.Data) < 2 || e.Size.Longest > 0 && len(ex.Data[0])+len(ex.Data[1]) > e.Size.Longest
	})
}

// unlabelled is the source without the names of tasks.
func (s *source) unlabelled() *source {
	strip := func(examples []data.Example) []data.Example {
		stripped := slices.Clone(examples)
		for i := range stripped {
			stripped[i].Task = ""
		}
		return stripped
	}
	return &source{train: strip(s.train), unseen: strip(s.unseen), byseed: s.byseed}
}

// draw draws the examples of a seed.
func (s *source) draw(seed uint64, perTask, perUnseen int) (pool, unseen []data.Example) {
	pool, unseen = s.train, s.unseen
	if s.byseed {
		order := arrange.Random(len(pool), seed)
		n := min(perUnseen, len(order)/2)
		unseen, pool = pick(pool, order[:n]), pick(pool, order[n:])
	}
	return sample(pool, perTask, seed), sample(unseen, perUnseen, seed)
}

// sample is data.SamplePerTask, with 0 for all.
func sample(examples []data.Example, perTask int, seed uint64) []data.Example {
	if perTask == 0 {
		return examples
	}
	return data.SamplePerTask(examples, perTask, seed)
}

// pick picks rows that are there.
func pick(examples []data.Example, rows []int) []data.Example {
	picked := make([]data.Example, len(rows))
	for i, row := range rows {
		picked[i] = examples[row]
	}
	return picked
}

// UnseenTasks are the unseen tasks that there are examples of.
func (e *Experiment) UnseenTasks() ([]string, error) {
	s, err := e.load()
	if err != nil {
		return nil, fmt.Errorf("experiment: %w", err)
	}
	return data.TaskNames(s.unseen), nil
}

// References are all answers that Natural Instructions accepts for unseen examples, for
// eval.GenerateConfig; of other data they are nil, which stands for each example's own.
func (e *Experiment) References(examples []data.Example) ([][]string, error) {
	s, err := e.load()
	if err != nil || s.tasks == nil {
		return nil, err
	}
	return eval.References(s.tasks, examples)
}
