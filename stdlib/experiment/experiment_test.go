package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/eval"
	"kairos/stdlib/manifest"
	"kairos/stdlib/matrix"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/run"
	"kairos/stdlib/train"
)

// letters is an encoder by hand: how often a text has each letter.
func letters(_ context.Context, texts []string) (*matrix.Dense, error) {
	m := matrix.New(len(texts), 26)
	for i, text := range texts {
		m.Row(i)[25] = 1
		for _, r := range text {
			if r >= 'a' && r <= 'z' {
				m.Row(i)[r-'a']++
			}
		}
	}
	return m, nil
}

// files writes 12 examples of each of four training tasks and two unseen ones, and their split.
func files(t *testing.T) (examples, split string) {
	t.Helper()
	dir := t.TempDir()
	var all []data.Example
	for _, task := range []string{"double", "up", "next", "say", "again", "after"} {
		for i := range 12 {
			all = append(all, data.Example{ID: fmt.Sprint(task, i), Task: task, Data: []string{fmt.Sprintf("%s %d?", task, i), fmt.Sprint(i)}})
		}
	}
	examples, split = filepath.Join(dir, "examples.jsonl"), filepath.Join(dir, "split.json")
	if err := data.WriteJSONL(examples, all); err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{"train_key_list": {"double", "up", "next", "say"}, "eval_key_list": {"again", "after"}}
	if err := data.WriteJSON(split, lists); err != nil {
		t.Fatal(err)
	}
	return examples, split
}

// miniature is an experiment of a second: 16 examples in steps of 4, two seeds, a model from scratch.
func miniature(t *testing.T, cfg Config) *Experiment {
	t.Helper()
	if cfg.Data == "" {
		cfg.Data, cfg.Split = files(t)
	}
	if cfg.Out == "" {
		cfg.Out = t.TempDir()
	}
	cfg.Name, cfg.Embed, cfg.Seeds = "miniature", letters, 2
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	e.size.Base.Examples, e.size.PerTask, e.size.Rates = 0, 4, []float64{1e-9, 3e-3}
	e.size.Train = train.Config{Batch: 4, Every: 2, MaxLen: 64}
	seeds := e.Size.Seeds
	e.Size = e.size
	e.Size.Seeds, e.Size.PerUnseen = seeds, 2
	return e
}

// orders adds two arms to a set.
func orders(t *testing.T, e *Experiment, set *Set) []*Sample {
	t.Helper()
	samples, err := e.Samples(t.Context(), e.Size.PerTask)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		set.Add("cluster", s, arrange.Cluster(s.Tasks()))
		set.Add("random", s, arrange.Random(len(s.Pool), s.Seed))
	}
	return samples
}

func TestWhole(t *testing.T) {
	e := miniature(t, Config{})
	set, same := e.NewSet("all", "random"), e.NewSet("same again", "random")
	samples := orders(t, e, set)
	for _, s := range samples {
		same.Add("by chance", s, arrange.Random(len(s.Pool), s.Seed))
	}
	if err := e.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := e.sweeps; len(got) != 1 || got[0].Chosen != 3e-3 || len(got[0].Losses) != 2 || got[0].Losses[1] >= got[0].Losses[0] {
		t.Errorf("the sweep is %+v: want the rate that learns anything, 3e-3", got)
	}
	if set.Arms[1].Trials[0].Record != same.Arms[0].Trials[0].Record {
		t.Error("the same trial in two sets has two records")
	}
	curves := set.Arms[0].Curves()
	if len(curves) != 2 || curves[1].Name != "seed 2" || !slices.Equal(curves[1].Steps, []int{0, 2, 4}) {
		t.Errorf("curves %+v: want two of steps 0, 2, 4", curves)
	}
	if tasks := set.tasks(); !slices.Equal(tasks, []string{"after", "again"}) {
		t.Errorf("unseen tasks %v", tasks)
	}
	if err := e.Draw("curves", "two orders", set); err != nil {
		t.Error(err)
	}
	text, err := e.Report()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"all: loss on the unseen examples in nats, 2 seeds", "Learning rate of tiny: 0.003, of [1e-09 0.003].", "curves-differences.pdf"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	checkFiles(t, e, curves)
}

// checkFiles reads what an experiment wrote.
func checkFiles(t *testing.T, e *Experiment, curves []plot.Curve) {
	t.Helper()
	for _, name := range []string{"curves.png", "curves.pdf", "curves-differences.png", "runs/all/cluster/seed-2/summary.json"} {
		if _, err := os.Stat(filepath.Join(e.Dir, name)); err != nil {
			t.Error(err)
		}
	}
	r, err := ReadResults(e.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Sets[0].Arms[0]; got.Name != "cluster" || !reflect.DeepEqual(got.Curves, curves) || len(got.Tasks) != 2 || len(got.Tasks[0].Low) != 3 {
		t.Errorf("results.json has %+v", got)
	}
	if c := r.Sets[0].TaskByMean; len(c) != 1 || c[0].Pairs != 2 {
		t.Errorf("results.json compares tasks as %+v", c)
	}
	if c := r.Sets[0].ByLast; len(c) != 1 || c[0].A != "cluster" || c[0].B != "random" || c[0].Pairs != 2 {
		t.Errorf("results.json compares %+v", c)
	}
	var m manifest.Manifest
	decode(t, filepath.Join(e.Dir, "manifest.json"), &m)
	if m.Data["all, seed 1, pool"].Count != 16 || m.Data["all, seed 2, unseen"].Count != 4 || m.Orders["all, cluster, seed 2"].Count != 16 {
		t.Errorf("manifest.json has %+v and %+v", m.Data, m.Orders)
	}
}

func decode(t *testing.T, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// An experiment that is interrupted goes on, also where scores are measured, and ends as if nothing had happened.
func TestGoesOn(t *testing.T) {
	examples, split := files(t)
	calls := 0
	ctx, interrupt := context.WithCancel(t.Context())
	perform := func(out string, ctx context.Context) (*Set, error) {
		e := miniature(t, Config{Data: examples, Split: split, Out: out, LR: 3e-3})
		plain, set := e.NewSet("plain", "random"), e.NewSet("scored", "random")
		orders(t, e, plain)
		orders(t, e, set)
		set.Score = func(ctx context.Context, m *model.Model, s *Sample) (map[string]float64, error) {
			calls++
			if calls == 5 {
				interrupt()
			}
			weights, err := m.Param("model.norm.weight")
			return map[string]float64{"weight": float64(weights[0]), "rows": float64(len(s.Unseen))}, err
		}
		return set, e.Run(ctx)
	}
	out := t.TempDir()
	if _, err := perform(out, ctx); !errors.Is(err, context.Canceled) || calls != 5 {
		t.Fatalf("the error is %v after %d scores: want an interruption after the fifth", err, calls)
	}
	set, err := perform(out, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if calls != 12 {
		t.Errorf("%d calls of Score: want 12, of two arms, two seeds and three checkpoints", calls)
	}
	whole, err := perform(t.TempDir(), t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, arm := range whole.Arms {
		for _, name := range []string{"weight", "rows"} {
			if got, want := set.Arms[i].ScoreCurves(name), arm.ScoreCurves(name); len(want) != 2 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %v, without the interruption %v", arm.Name, name, got, want)
			}
		}
		if got, want := set.Arms[i].Curves(), arm.Curves(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, without the interruption %v", arm.Name, got, want)
		}
	}
	again, err := perform(out, t.Context())
	if err != nil || calls != 24 || !reflect.DeepEqual(again.Arms[1].ScoreCurves("weight"), set.Arms[1].ScoreCurves("weight")) {
		t.Errorf("looked at again, %d calls, error %v", calls, err)
	}
	if _, err := perform(t.TempDir(), ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error of a cancelled experiment is %v", err)
	}
}

func TestScoresThatAreLost(t *testing.T) {
	examples, split := files(t)
	out := t.TempDir()
	perform := func() (*Experiment, error) {
		e := miniature(t, Config{Data: examples, Split: split, Out: out, LR: 3e-3})
		set := e.NewSet("scored", "random")
		orders(t, e, set)
		set.Score = func(context.Context, *model.Model, *Sample) (map[string]float64, error) {
			return map[string]float64{"one": 1}, nil
		}
		return e, e.Run(t.Context())
	}
	e, err := perform()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(e.Dir, "scores")); err != nil {
		t.Fatal(err)
	}
	if _, err := perform(); err == nil || !strings.Contains(err.Error(), "has no scores of step 2") {
		t.Errorf("the error is %v", err)
	}
}

// At a size that is trained elsewhere the files are written, and the runs are taken up when they are there.
func TestExternal(t *testing.T) {
	examples, split := files(t)
	out := t.TempDir()
	begin := func() (*Experiment, *Set) {
		e := miniature(t, Config{Data: examples, Split: split, Out: out})
		e.Size.External = true
		set := e.NewSet("all", "random")
		orders(t, e, set)
		return e, set
	}
	e, set := begin()
	var exported *Exported
	if err := e.Run(t.Context()); !errors.As(err, &exported) || exported.Missing != 4 || exported.Total != 4 {
		t.Fatalf("the error is %v: want that four runs are missing", err)
	}
	script, err := os.ReadFile(exported.Script)
	if err != nil {
		t.Fatal(err)
	}
	const line = "kairos train -model tiny -data arranged/all/cluster/seed-1/train.jsonl -test arranged/all/cluster/seed-1/unseen.jsonl " +
		"-out runs/all/cluster/seed-1 -resume -discard -seed 1 -lr 1e-09 -batch 4 -every 2 -max-len 64\n"
	if !strings.Contains(string(script), line) {
		t.Errorf("train.sh lacks\n%s, it is\n%s", line, script)
	}
	for i, trial := range set.Arms[0].Trials {
		trainElsewhere(t, e.Dir, "cluster", trial)
		dir := filepath.Join(e.Dir, "runs", "all", "random", fmt.Sprintf("seed-%d", i+1))
		writeResults(t, dir, map[int]float64{0: 5, 2: 4})
	}
	e, _ = begin()
	if err := e.Run(t.Context()); !errors.As(err, &exported) || exported.Missing != 2 {
		t.Fatalf("the error is %v: want that two runs are missing, which end before step 4", err)
	}
	for i := range 2 {
		writeResults(t, filepath.Join(e.Dir, "runs", "all", "random", fmt.Sprintf("seed-%d", i+1)), map[int]float64{4: 3.5})
	}
	e, set = begin()
	if err := e.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []plot.Curve{curve("seed 1", 5, 4, 3.5), curve("seed 2", 5, 4, 3.5)}; !reflect.DeepEqual(set.Arms[1].Curves(), want) {
		t.Errorf("what the paper's code would write is read as %v, want %v", set.Arms[1].Curves(), want)
	}
	if curves := set.Arms[0].Curves(); len(curves) != 2 || len(curves[0].Steps) != 3 {
		t.Errorf("curves %v: want those of two seeds", curves)
	}
	if _, err := e.Report(); err != nil {
		t.Error(err)
	}
}

// trainElsewhere trains on the files of a trial, which must be its data in their order.
func trainElsewhere(t *testing.T, dir, arm string, trial *Trial) {
	t.Helper()
	name := filepath.Join("all", arm, fmt.Sprintf("seed-%d", trial.Sample.Seed))
	examples, err := data.ReadJSONL(filepath.Join(dir, "arranged", name, "train.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if want := pick(trial.Sample.Pool, trial.Order); !reflect.DeepEqual(examples, want) {
		t.Errorf("%s: the file has %v, want %v", name, examples, want)
	}
	unseen, err := data.ReadJSONL(filepath.Join(dir, "arranged", name, "unseen.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = run.Start(t.Context(), run.Config{
		Out: filepath.Join(dir, "runs", name), Model: "tiny", Train: examples, Test: unseen, Discard: true,
		Settings: train.Config{LR: 1e-3, Batch: 4, Every: 2},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writeResults writes the losses after some steps, as the paper's code does.
func writeResults(t *testing.T, dir string, losses map[int]float64) {
	t.Helper()
	for step, loss := range losses {
		at := filepath.Join(dir, fmt.Sprintf("step_%d", step))
		if err := os.MkdirAll(at, 0o777); err != nil {
			t.Fatal(err)
		}
		results := []eval.Result{{Task: "after", Loss: loss - 1}, {Task: "again", Loss: loss + 1}}
		if err := eval.WriteResults(filepath.Join(at, "test_results.json"), results); err != nil {
			t.Fatal(err)
		}
	}
}

// Runs of other orders are refused, or taken as they are if that is wanted; what is not there is trained.
func TestAsFound(t *testing.T) {
	cfg := Config{Out: t.TempDir(), LR: 3e-3}
	cfg.Data, cfg.Split = files(t)
	e := miniature(t, cfg)
	set := e.NewSet("all", "random")
	orders(t, e, set)
	if err := e.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := func(cfg Config) (*Experiment, *Set, error) {
		e := miniature(t, cfg)
		set := e.NewSet("all", "random")
		samples, err := e.Samples(t.Context(), e.Size.PerTask)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range samples {
			order := arrange.Cluster(s.Tasks())
			set.Add("round-robin", s, arrange.RoundRobin(s.Tasks()))
			order[0], order[1] = order[1], order[0]
			set.Add("cluster", s, order)
			set.Add("random", s, arrange.Random(len(s.Pool), s.Seed))
		}
		return e, set, e.Run(t.Context())
	}
	if _, _, err := again(cfg); err == nil || !strings.Contains(err.Error(), "the run there is another one: train.sha256") {
		t.Errorf("runs of another order: %v", err)
	}
	cfg.AsFound = true
	e, other, err := again(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := other.arm("cluster").Curves(), set.arm("cluster").Curves(); !reflect.DeepEqual(got, want) {
		t.Errorf("curves %v, want those that were there, %v", got, want)
	}
	if got := other.arm("round-robin").Curves(); len(got) != 2 {
		t.Errorf("%d curves of an arm that was not there, want 2", len(got))
	}
	text, err := e.Report()
	if err != nil || !strings.Contains(text, "as they were found") {
		t.Errorf("error %v, the report is\n%s", err, text)
	}
	var m manifest.Manifest
	decode(t, filepath.Join(e.Dir, "manifest.json"), &m)
	if len(m.Orders) != 0 {
		t.Errorf("the manifest has orders that may not be those of the runs: %v", m.Orders)
	}
}

func TestOnly(t *testing.T) {
	e := miniature(t, Config{Only: "random"})
	set := e.NewSet("all", "random")
	orders(t, e, set)
	plans, err := e.plans()
	if err != nil || len(plans) != 2 || len(set.Arms) != 1 || plans[1].name != filepath.Join("all", "random", "seed-2") {
		t.Errorf("%d plans, %d arms, error %v: want the random order of two seeds", len(plans), len(set.Arms), err)
	}
	e = miniature(t, Config{Only: "none,second"})
	first, second := e.NewSet("first", "random"), e.NewSet("second", "random")
	for _, s := range orders(t, e, first) {
		second.Add("by chance", s, arrange.Random(len(s.Pool), s.Seed))
	}
	plans, err = e.plans()
	if err != nil || len(plans) != 2 || len(first.Arms) != 0 || plans[0].name != filepath.Join("first", "random", "seed-1") || plans[0].trials[0] != second.Arms[0].Trials[0] {
		t.Errorf("%d plans, error %v: want the second set's, where the first set would have them", len(plans), err)
	}
	e = miniature(t, Config{Only: "none"})
	orders(t, e, e.NewSet("all", "random"))
	if _, err := e.plans(); err == nil {
		t.Error("nothing is left to train, and no error")
	}
}

// What is asked for and cannot be.
func TestErrors(t *testing.T) {
	examples, split := files(t)
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{}, "want a Name"},
		{Config{Name: "a", Size: "huge"}, `there is no size "huge": want tiny, laptop, paper`},
		{Config{Name: "a", Seeds: -1}, "-1 seeds"},
		{Config{Name: "a", LR: -1}, "the learning rate is -1"},
		{Config{Name: "a", Data: examples}, "which tasks of the data are unseen?"},
		{Config{Name: "a", Data: "/nowhere", Split: split}, "/nowhere"},
	} {
		c.cfg.Out, c.cfg.Embed = t.TempDir(), letters
		e, err := New(c.cfg)
		if err == nil {
			_, err = e.Samples(t.Context(), 1)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: the error is %v, want one with %q", c.cfg, err, c.want)
		}
	}
	e := miniature(t, Config{})
	set := e.NewSet("all", "random")
	s := orders(t, e, set)[0]
	set.Add("random", s, nil)
	if err := e.Run(t.Context()); err == nil || !strings.Contains(err.Error(), `arm "random" has two orders for seed 1`) {
		t.Errorf("the error is %v", err)
	}
	if _, err := set.Bands(); !errors.Is(err, errNotRun) {
		t.Errorf("the error is %v, want %v", err, errNotRun)
	}
	if err := e.Draw("x", "", e.NewSet("a", "x"), e.NewSet("b", "y")); err == nil {
		t.Error("two baselines in one picture, and no error")
	}
}
