package job

import (
	"context"
	"fmt"

	"kairos/stdlib/data"
	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

// Task is what is to be arranged: the training rows, by one of Methods, by their distance from the
// test rows.
type Task struct {
	Method  string
	Measure string // "" for methods that look at no distance, if none was asked for
	N       int    // rows to arrange; 0 = all
	Seed    uint64

	Tasks                []string      // of each training row
	TrainTexts, TestText []string      // what the distances are of
	Train                matrix.Blocks // a vector for each training row; nil where the measure needs none
	Test                 *matrix.Dense // and for each test row

	Progress func(label string) func(done, total int) // never nil

	encoder vectors.Encoder // that made the vectors; zero if they came from files
	fresh   int             // texts that the cache lacked
}

// task gets the vectors that are needed. What it returns must be closed after use.
func (cfg *Config) task(ctx context.Context, in inputs) (*Task, func(), error) {
	train, test := data.Examples(in.train), data.Examples(in.test)
	t := &Task{
		Method: cfg.Method, Measure: cfg.Measure, N: cfg.N, Seed: cfg.Seed,
		TrainTexts: data.Texts(train), TestText: data.Texts(test), Progress: cfg.progress,
	}
	for _, e := range train {
		t.Tasks = append(t.Tasks, e.Task)
	}
	if t.Measure == "" || t.Measure == "kl" {
		return t, func() {}, nil
	}
	closing, err := cfg.vectors(ctx, t)
	if err != nil {
		closing()
		return nil, nil, err
	}
	return t, closing, t.check()
}

// vectors opens files of vectors, or the cache, having embedded what it lacks.
func (cfg *Config) vectors(ctx context.Context, t *Task) (closing func(), err error) {
	var opened []interface{ Close() error }
	closing = func() {
		for _, o := range opened {
			o.Close()
		}
	}
	var test matrix.Blocks
	var lacking []string
	if cfg.TrainVectors != "" {
		f, err := vectors.Open(cfg.TrainVectors)
		if err != nil {
			return closing, err
		}
		opened, t.Train = append(opened, f), f
	} else {
		lacking = t.TrainTexts
	}
	if cfg.TestVectors != "" {
		f, err := vectors.Open(cfg.TestVectors)
		if err != nil {
			return closing, err
		}
		opened, test = append(opened, f), f
	} else {
		lacking = append(lacking[:len(lacking):len(lacking)], t.TestText...)
	}
	if len(lacking) > 0 {
		embedded, err := cfg.Texts(ctx, lacking)
		if err != nil {
			return closing, err
		}
		opened, t.encoder, t.fresh = append(opened, embedded), embedded.Encoder, embedded.Fresh
		if t.Train == nil {
			if t.Train, err = embedded.Of(t.TrainTexts); err != nil {
				return closing, err
			}
		}
		if test == nil {
			if test, err = embedded.Of(t.TestText); err != nil {
				return closing, err
			}
		}
	}
	t.Test, err = whole(ctx, test)
	return closing, err
}

// check compares the vectors with the records.
func (t *Task) check() error {
	n, width := t.Train.Dims()
	if n != len(t.TrainTexts) {
		return fmt.Errorf("there are %d training vectors for %d records", n, len(t.TrainTexts))
	}
	if t.Test.Rows != len(t.TestText) {
		return fmt.Errorf("there are %d test vectors for %d records", t.Test.Rows, len(t.TestText))
	}
	if width != t.Test.Cols {
		return fmt.Errorf("training vectors have %d dimensions, test vectors %d: want the same encoder for both", width, t.Test.Cols)
	}
	return nil
}
