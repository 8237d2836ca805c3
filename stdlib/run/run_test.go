package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"kairos/stdlib/data"
	"kairos/stdlib/eval"
	"kairos/stdlib/model"
	"kairos/stdlib/train"
)

// sums are n examples of one task.
func sums(n int) []data.Example {
	list := make([]data.Example, n)
	for i := range list {
		a, b := i*37%90, i*i%10
		list[i] = data.Example{Task: "sum", Data: []string{fmt.Sprintf("%d + %d%s?", a, b, strings.Repeat(" ", i%7)), fmt.Sprint(a + b)}}
	}
	return list
}

// unseen are examples of two other tasks, so long that an evaluation takes more than one pack.
var unseen = []data.Example{
	{Task: "difference", Data: []string{"7 - 2?" + strings.Repeat(" ", 900), "5"}},
	{Task: "double", Data: []string{"twice 4?" + strings.Repeat(" ", 900), "8"}},
	{Task: "difference", Data: []string{"47 - 12?" + strings.Repeat(" ", 900), "35"}},
}

// small is a run of 24 steps with everything in it, in a directory.
func small(out string) Config {
	return Config{
		Out: out, Model: "tiny", Seed: 3, Train: sums(48), Test: unseen, Resume: true,
		Settings: train.Config{LR: 3e-3, Batch: 2, Every: 5, Schedule: train.Linear, Warmup: 4, Clip: 1, AdamW: model.AdamWConfig{WeightDecay: 0.01}},
	}
}

func mustStart(t *testing.T, cfg Config) *Record {
	t.Helper()
	record, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// outcome is all that must be the same of a run that was broken off and one that was not: the rows but
// for their times, the results of the evaluations, and the model. It is read from the directory.
func outcome(t *testing.T, dir string) map[string]string {
	t.Helper()
	record, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !record.Complete {
		t.Fatalf("%s is not complete: step %d of %d", dir, record.Done(), record.Total)
	}
	all := map[string]string{}
	for _, row := range record.Rows {
		row.Seconds = 0
		text, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		all[fmt.Sprint("row ", row.Step)] = string(text)
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || e.IsDir() || name == metricsFile || name == manifestFile || name == summaryFile || name == lockFile {
			return err
		}
		text, err := os.ReadFile(path)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same reports what differs between two outcomes.
func same(t *testing.T, got, want map[string]string, how string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s: %s differs:\n%.300s\nwant\n%.300s", how, name, got[name], want[name])
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: there is also %s", how, name)
		}
	}
}

// A run is what train and eval compute.
func TestRunIsTrainingAndEvaluation(t *testing.T) {
	cfg := small(filepath.Join(t.TempDir(), "runs", "a"))
	record := mustStart(t, cfg)
	m, err := model.Tiny(3)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	want := []Row{}
	evaluate := func(row *Row) error {
		results, err := eval.Loss(t.Context(), m, unseen, eval.Config{Texts: true})
		row.Evaluated, row.UnseenLoss, row.UnseenByTask = true, eval.Mean(results), eval.ByTask(results)
		read, readErr := eval.ReadResults(filepath.Join(cfg.Out, fmt.Sprint("step_", row.Step), "test_results.json"))
		if fmt.Sprint(read) != fmt.Sprint(results) {
			t.Errorf("step %d: the file holds %v, want %v", row.Step, read, results)
		}
		return errors.Join(err, readErr)
	}
	var first Row
	if err := evaluate(&first); err != nil {
		t.Fatal(err)
	}
	want = append(want, first)
	how := cfg.Settings
	how.OnStep = func(s train.Step) { want = append(want, *rowOf(s)) }
	how.OnCheckpoint = func(int) error { return evaluate(&want[len(want)-1]) }
	if _, err := train.Run(t.Context(), m, cfg.Train, how); err != nil {
		t.Fatal(err)
	}
	if len(record.Rows) != 25 || !record.Complete || record.Done() != 24 || record.Total != 24 {
		t.Fatalf("%d rows of %d steps, complete %v", len(record.Rows), record.Total, record.Complete)
	}
	for i := range want {
		got := record.Rows[i]
		got.Seconds, want[i].Seconds = 0, 0
		if fmt.Sprint(got) != fmt.Sprint(want[i]) {
			t.Errorf("row %d is %+v, want %+v", i, got, want[i])
		}
	}
	if curve := record.Curve(); curve.Name != "a" || fmt.Sprint(curve.Steps) != "[0 5 10 15 20 24]" || curve.Loss[0] != want[0].UnseenLoss {
		t.Errorf("curve %+v", curve)
	}
	if tasks := record.TaskCurves(); len(tasks) != 2 || tasks[0].Name != "difference" || tasks[1].Loss[5] != want[24].UnseenByTask["double"] {
		t.Errorf("curves of tasks %+v", tasks)
	}
	if curve := record.TrainCurve(); len(curve.Steps) != 24 || curve.Steps[0] != 1 || curve.Loss[23] != want[24].TrainLoss {
		t.Errorf("training curve %+v", curve)
	}
	saved, err := model.Load(filepath.Join(cfg.Out, "model"))
	if err != nil {
		t.Fatal(err)
	}
	defer saved.Close()
	a, _ := m.Digests()
	if b, _ := saved.Digests(); a != b {
		t.Error("the model in the directory is not the trained one")
	}
	left := filepath.Join(cfg.Out, checkpointFile) // by a process that was killed before it could remove it
	if err := os.WriteFile(left, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	again := mustStart(t, cfg)
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a complete run keeps its checkpoint: %v", err)
	}
	if fmt.Sprint(again) != fmt.Sprint(record) {
		t.Errorf("a complete run, started again: %v, want %v", again, record)
	}
}

// Whenever a run is cancelled, also during an evaluation, it goes on as if it had not been.
func TestCancelledRunsGoOn(t *testing.T) {
	dir := t.TempDir()
	whole := small(filepath.Join(dir, "whole"))
	mustStart(t, whole)
	want := outcome(t, whole.Out)
	for during, moments := range map[string][]int{"step": {0, 1, 4, 5, 20, 23, 24}, "evaluation": {0, 5, 24}} {
		for _, at := range moments {
			how := fmt.Sprintf("cancelled in the %s at step %d", during, at)
			cfg := small(filepath.Join(dir, fmt.Sprint(during, at)))
			ctx, cancel := context.WithCancel(t.Context())
			done := 0
			cfg.OnRow = func(row Row, _ int) {
				if done = row.Step; done == at && during == "step" {
					cancel()
				}
			}
			cfg.OnEvaluate = func(seen, all int) {
				if done >= at-1 && during == "evaluation" && seen < all {
					cancel()
				}
			}
			record, err := Start(ctx, cfg)
			if record.Complete { // there was nothing to look at ctx for
				if at < 24 || during == "evaluation" {
					t.Errorf("%s: it went on to its end", how)
				}
				cancel()
			} else if stopped := new(Stopped); !errors.Is(err, context.Canceled) || !errors.As(err, &stopped) || stopped.Saved != stopped.Step || stopped.Step > record.Done()+1 {
				t.Errorf("%s: %v, %d steps are recorded", how, err, record.Done())
			}
			cfg.OnRow, cfg.OnEvaluate = nil, nil
			mustStart(t, cfg)
			same(t, outcome(t, cfg.Out), want, how)
			cancel()
		}
	}
}

// A model that is at hand is trained in place, whatever the state of the run.
func TestLoadedModels(t *testing.T) {
	dir := t.TempDir()
	whole := small(filepath.Join(dir, "whole"))
	mustStart(t, whole)
	want := outcome(t, whole.Out)
	fresh := func() *model.Model {
		m, err := model.Tiny(3)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(m.Close)
		return m
	}
	m := fresh()
	cfg := small(filepath.Join(dir, "given"))
	cfg.Model, cfg.Loaded = "", m
	ctx, cancel := context.WithCancel(t.Context())
	cfg.OnRow = func(row Row, _ int) {
		if row.Step == 7 {
			cancel()
		}
	}
	if _, err := Start(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	mustStart(t, cfg) // with the model as the cancelled run left it
	got := outcome(t, cfg.Out)
	got[configFile] = want[configFile] // it has no name there
	same(t, got, want, "a model that is at hand")
	trained, _ := m.Digests()
	for _, other := range []*model.Model{fresh(), m} { // the run is complete by now
		cfg.Loaded = other
		mustStart(t, cfg)
		if d, _ := other.Digests(); d != trained {
			t.Error("after a complete run the model is not the trained one")
		}
	}
	cfg.Out = filepath.Join(dir, "discarded")
	cfg.Discard = true
	cfg.Loaded = fresh()
	mustStart(t, cfg)
	if d, _ := cfg.Loaded.Digests(); d != trained {
		t.Error("the model is not left trained")
	}
	for _, name := range []string{modelDir, checkpointFile} {
		if _, err := os.Stat(filepath.Join(cfg.Out, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was not discarded: %v", name, err)
		}
	}
}

// With adapters only they are trained, saved and restored.
func TestAdapters(t *testing.T) {
	dir := t.TempDir()
	adapted := func(name string) Config {
		cfg := small(filepath.Join(dir, name))
		cfg.LoRA = &model.LoRAConfig{Rank: 4, Targets: []string{"q_proj", "down_proj"}}
		return cfg
	}
	whole := adapted("whole")
	mustStart(t, whole)
	want := outcome(t, whole.Out)
	if _, ok := want[filepath.Join(modelDir, "adapter_model.safetensors")]; !ok {
		t.Error("there are no adapters in the directory")
	}
	cfg := adapted("broken")
	ctx, cancel := context.WithCancel(t.Context())
	cfg.OnRow = func(row Row, _ int) {
		if row.Step == 7 {
			cancel()
		}
	}
	if _, err := Start(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(cfg.Out, checkpointFile)); err != nil || info.Size() > 100_000 {
		t.Errorf("a checkpoint of some thousand weights has %d bytes, %v", info.Size(), err)
	}
	other := adapted("broken")
	other.LoRA.Rank = 2
	if _, err := Start(t.Context(), other); err == nil || !strings.Contains(err.Error(), "lora.r is 2, was 4") {
		t.Errorf("another rank: %v", err)
	}
	mustStart(t, adapted("broken"))
	same(t, outcome(t, cfg.Out), want, "adapters")

	// A model that is at hand gets them from a complete run.
	m, err := model.Tiny(3)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	lora := *whole.LoRA
	lora.Seed = 3
	if err := m.AddLoRA(lora); err != nil {
		t.Fatal(err)
	}
	given := small(filepath.Join(dir, "given"))
	given.Model, given.Loaded = "", m
	mustStart(t, given)
	trained, _ := m.Digests()
	fresh, err := model.Tiny(3)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	if err := fresh.AddLoRA(lora); err != nil {
		t.Fatal(err)
	}
	given.Loaded = fresh
	mustStart(t, given)
	if d, _ := fresh.Digests(); d != trained {
		t.Error("after a complete run the adapters are not the trained ones")
	}
	got := outcome(t, given.Out)
	if name := filepath.Join(modelDir, "adapter_model.safetensors"); got[name] != want[name] {
		t.Error("adapters that were there are trained otherwise than those of LoRA")
	}
}

func TestWithoutTests(t *testing.T) {
	cfg := small(filepath.Join(t.TempDir(), "a"))
	cfg.Test = nil
	ctx, cancel := context.WithCancel(t.Context())
	cfg.OnRow = func(row Row, total int) {
		if row.Step == 6 && total == 24 {
			cancel()
		}
	}
	if _, err := Start(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	record := mustStart(t, cfg)
	if len(record.Rows) != 24 || record.Rows[0].Step != 1 || len(record.Curve().Steps) != 0 {
		t.Errorf("%d rows, curve %v", len(record.Rows), record.Curve())
	}
}

// What a run depends on must agree when it goes on.
func TestAnotherRunIsThere(t *testing.T) {
	dir := t.TempDir()
	cfg := small(filepath.Join(dir, "a"))
	ctx, cancel := context.WithCancel(t.Context())
	cfg.OnRow = func(row Row, _ int) {
		if row.Step == 7 {
			cancel()
		}
	}
	if _, err := Start(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	before := listing(t, cfg.Out)
	other, err := model.Tiny(4)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Save(filepath.Join(dir, "other")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Settings.LR = 1e-3 }, "lr is 0.001, was 0.003"},
		{func(c *Config) { c.Settings.Schedule = "" }, "schedule is constant, was linear"},
		{func(c *Config) { c.Settings.AdamW.WeightDecay = 0 }, "adamw.weight_decay is 0, was 0.01"},
		{func(c *Config) { c.Settings.Steps = 20 }, "steps is 20, was 24"},
		{func(c *Config) { c.Test = c.Test[:2] }, "test.count is 2, was 3; test.sha256 is "},
		{func(c *Config) { c.Train = slices.Clone(c.Train); c.Train[0], c.Train[1] = c.Train[1], c.Train[0] }, "the run there is another one: train.sha256 is "},
		{func(c *Config) { c.Seed = 4 }, "seed is 4, was 3"},
		{func(c *Config) { c.Model = filepath.Join(dir, "other") }, "weights.trained is "},
		{func(c *Config) { c.Discard = true }, "discard is true, was false"},
		{func(c *Config) { c.Resume = false }, "there is a run already"},
	} {
		changed := small(cfg.Out)
		c.change(&changed)
		if _, err := Start(t.Context(), changed); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	if after := listing(t, cfg.Out); after != before {
		t.Errorf("what was refused changed the directory from\n%sto\n%s", before, after)
	}
	changed := small(cfg.Out) // these do not matter
	changed.Save = 2
	mustStart(t, changed)
}

// listing tells names, sizes and times of a directory's files.
func listing(t *testing.T, dir string) (text string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != lockFile {
			text += fmt.Sprintln(e.Name(), info.Size(), info.ModTime())
		}
	}
	return text
}

func TestWhatStartRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign")
	if err := data.WriteJSON(filepath.Join(dir, configFile), map[string]int{"vocab_size": 3}); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(foreign, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "thesis.tex"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Out = "" }, "Out is empty"},
		{func(c *Config) { c.Model = "" }, "one of Model and Loaded"},
		{func(c *Config) { c.Loaded = new(model.Model) }, "one of Model and Loaded"},
		{func(c *Config) { c.Model, c.Loaded, c.Mixed = "", new(model.Model), true }, "neither LoRA nor Mixed"},
		{func(c *Config) { c.Save = -1 }, "-1 steps between checkpoints"},
		{func(c *Config) { c.Train = nil }, "no examples"},
		{func(c *Config) { c.Settings.Schedule = "steep" }, `the schedule is "steep"`},
		{func(c *Config) { c.Out = filepath.Join(file, "run") }, "not a directory"},
		{func(c *Config) { c.Out = dir }, "config.json there is not that of a run"},
		{func(c *Config) { c.Out = foreign }, "holds no run: there is thesis.tex"},
		{func(c *Config) { c.Model = "no-such-model" }, "no-such-model"},
		{func(c *Config) { c.Test = []data.Example{{Task: "lonely", Data: []string{"q"}}} }, `example 0 (task "lonely")`},
	} {
		cfg := small(filepath.Join(dir, "new"))
		c.change(&cfg)
		if _, err := Start(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
}

func TestARunThatCannotBeginLeavesNothing(t *testing.T) {
	cfg := small(filepath.Join(t.TempDir(), "new"))
	cfg.Model = "no-such-model"
	if _, err := Start(t.Context(), cfg); err == nil {
		t.Fatal("a model that is not there was trained")
	}
	if _, err := os.Stat(cfg.Out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its directory is there: %v", err)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	lock := flock.New(filepath.Join(dir, lockFile))
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := openDir(t.Context(), dir, 60*time.Millisecond); err == nil || !strings.Contains(err.Error(), "another process works on this run") {
		t.Errorf("a directory that is taken: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := openDir(ctx, dir, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled while waiting: %v", err)
	}
	time.AfterFunc(60*time.Millisecond, func() { lock.Unlock() })
	d, err := openDir(t.Context(), dir, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d.close()
}

// A step whose loss is no number ends the run, which is left at the step before.
func TestDivergingRuns(t *testing.T) {
	cfg := small(filepath.Join(t.TempDir(), "a"))
	cfg.Settings.LR, cfg.Settings.Clip = 1e38, 0
	record, err := Start(t.Context(), cfg)
	if err == nil || !strings.Contains(err.Error(), "a lower LR") {
		t.Fatal(err)
	}
	if read, err := Read(cfg.Out); err != nil || read.Done() != record.Done() || read.Complete {
		t.Errorf("the record is of step %d, complete %v: %v", read.Done(), read.Complete, err)
	}
}
