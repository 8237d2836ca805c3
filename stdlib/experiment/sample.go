package experiment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kairos/stdlib/arrange"
	"kairos/stdlib/arrange/job"
	"kairos/stdlib/data"
	"kairos/stdlib/embed"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
	"kairos/stdlib/vectors"
)

// Sample is what a seed trains on, and what stays unseen.
type Sample struct {
	Seed    uint64
	Pool    []data.Example // orders are of its rows
	Unseen  []data.Example
	Vectors *matrix.Dense // a row for each of Pool
	Targets *matrix.Dense // and of Unseen
}

// Tasks are the tasks of the pool's rows, for arrangements by task.
func (s *Sample) Tasks() []string { return tasksOf(s.Pool) }

// UnseenTasks are the tasks of the unseen examples, one for each.
func (s *Sample) UnseenTasks() []string { return tasksOf(s.Unseen) }

func tasksOf(examples []data.Example) []string {
	tasks := make([]string, len(examples))
	for i, ex := range examples {
		tasks[i] = ex.Task
	}
	return tasks
}

// Distances are the paper's distances of the pool from the unseen examples, −cos, pool × unseen.
func (s *Sample) Distances() (*similarity.Distances, error) {
	return similarity.LazyCosine(s.Vectors, s.Targets)
}

// Nearest are the rows of the pool by the paper's weighted distance WSD, nearest first.
func (s *Sample) Nearest(ctx context.Context) ([]int, error) {
	dist, err := s.Distances()
	if err != nil {
		return nil, err
	}
	scores, err := similarity.WSD(ctx, dist)
	if err != nil {
		return nil, err
	}
	return arrange.Nearest(scores)
}

// Samples draws, for every seed, a pool of so many examples of each training task (0 = all), and
// Size.PerUnseen of each unseen one, and embeds both, through the cache of vectors that kairos
// arrange uses as well. Seeds draw apart from each other, from the same tasks.
func (e *Experiment) Samples(ctx context.Context, perTask int) ([]*Sample, error) {
	src, err := e.load()
	if err != nil {
		return nil, fmt.Errorf("experiment: draw samples: %w", err)
	}
	if e.cfg.Unlabelled {
		src = src.unlabelled()
	}
	var samples []*Sample
	for seed := range uint64(e.Size.Seeds) {
		pool, unseen := src.draw(seed+1, perTask, e.Size.PerUnseen)
		samples = append(samples, &Sample{Seed: seed + 1, Pool: pool, Unseen: unseen})
	}
	if err := e.embed(ctx, samples); err != nil {
		return nil, fmt.Errorf("experiment: embed samples: %w", err)
	}
	return samples, nil
}

// Single returns samples with the same pools, and Size.PerSingle examples of one unseen task.
func (e *Experiment) Single(ctx context.Context, samples []*Sample, task string) ([]*Sample, error) {
	src, err := e.load()
	if err != nil {
		return nil, fmt.Errorf("experiment: %w", err)
	}
	ofTask := slices.DeleteFunc(slices.Clone(src.unseen), func(ex data.Example) bool { return ex.Task != task })
	if len(ofTask) == 0 {
		return nil, fmt.Errorf("experiment: there is no unseen example of %s", task)
	}
	var singles []*Sample
	for _, s := range samples {
		single := &Sample{Seed: s.Seed, Pool: s.Pool, Vectors: s.Vectors}
		single.Unseen = sample(ofTask, e.Size.PerSingle, s.Seed)
		singles = append(singles, single)
	}
	if err := e.embed(ctx, singles); err != nil {
		return nil, fmt.Errorf("experiment: embed %s: %w", task, err)
	}
	return singles, nil
}

// embed gives samples the vectors that they lack.
func (e *Experiment) embed(ctx context.Context, samples []*Sample) error {
	encode, done, err := e.encoder()
	if err != nil {
		return err
	}
	defer done()
	var texts []string
	var wanted []**matrix.Dense
	var ends []int
	for _, s := range samples {
		if s.Vectors == nil {
			texts, wanted = append(texts, data.Texts(s.Pool)...), append(wanted, &s.Vectors)
			ends = append(ends, len(texts))
		}
		texts, wanted = append(texts, data.Texts(s.Unseen)...), append(wanted, &s.Targets)
		ends = append(ends, len(texts))
	}
	all, err := encode(ctx, texts)
	if err != nil {
		return err
	}
	from := 0
	for i, to := range ends {
		if *wanted[i], err = all.Block(ctx, from, to, nil); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// encoder is what embeds, and what to call when it is done.
func (e *Experiment) encoder() (Encoder, func(), error) {
	if e.cfg.Embed != nil {
		return e.cfg.Embed, func() {}, nil
	}
	cache, err := vectors.CacheDir()
	if err != nil {
		return nil, nil, err
	}
	enc, err := embed.Load(cmp.Or(e.cfg.Encoder, job.DefaultEncoder))
	if err != nil {
		return nil, nil, err
	}
	encode := func(ctx context.Context, texts []string) (*matrix.Dense, error) {
		return enc.Embed(ctx, texts, embed.Config{Cache: cache, Progress: e.cfg.Progress("embed")})
	}
	return encode, enc.Close, nil
}
