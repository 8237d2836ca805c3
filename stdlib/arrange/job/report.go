package job

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/manifest"
)

// Report is what came of an arrangement.
type Report struct {
	Train, Test           int // records
	TrainTasks, TestTasks int // distinct
	Rows, Rounds          int // arranged
	Fresh                 int // texts that were embedded, the others were in the cache

	Method, Measure string
	First, Last     float64 // mean distance of the first and of the last tenth of the arrangement
	Took            time.Duration

	Out, Picture, Manifest string // files; Picture is "" where there are no distances
}

// write writes the output and what lies beside it.
func (cfg *Config) write(in inputs, t *Task, places []arrange.Place) (*Report, error) {
	r := &Report{
		Train: len(in.train), Test: len(in.test), Rows: len(places), Fresh: t.fresh,
		TrainTasks: tasks(in.train), TestTasks: tasks(in.test),
		Method: t.Method, Measure: t.Measure, Out: cfg.Out, Manifest: cfg.Out + ".manifest.json",
	}
	for _, p := range places {
		r.Rounds = max(r.Rounds, p.Round+1)
	}
	tenth := (len(places) + 9) / 10
	r.First, r.Last = mean(places[:tenth]), mean(places[len(places)-tenth:])
	if err := data.WriteArranged(cfg.Out, data.Arrangement{Records: in.train, Places: places, Unscored: t.Measure == ""}); err != nil {
		return nil, err
	}
	if t.Measure != "" {
		r.Picture = cfg.Out + ".distances.png"
		if err := picture(r.Picture, t, places); err != nil {
			return nil, err
		}
	}
	m, err := cfg.manifest(in, t, places)
	if err != nil {
		return nil, err
	}
	return r, m.Write(r.Manifest)
}

// manifest records what the arrangement was made of.
func (cfg *Config) manifest(in inputs, t *Task, places []arrange.Place) (*manifest.Manifest, error) {
	m := manifest.New()
	for name, value := range map[string]any{
		"method": t.Method, "measure": t.Measure, "n": t.N, "seed": t.Seed,
		"encoder": t.encoder.Name, "encoder_sha256": t.encoder.Fingerprint, "max_tokens": t.encoder.MaxTokens,
		"train_vectors": cfg.TrainVectors, "test_vectors": cfg.TestVectors,
	} {
		if value != "" {
			m.Set(name, value)
		}
	}
	m.AddOrder(t.Method, arrange.Order(places))
	if err := m.AddData("train", data.Examples(in.train)); err != nil {
		return nil, err
	}
	if err := m.AddData("test", data.Examples(in.test)); err != nil {
		return nil, err
	}
	for _, path := range slices.Concat(cfg.Train, cfg.Test, []string{cfg.TrainVectors, cfg.TestVectors, cfg.Out}) {
		if path == "" {
			continue
		}
		if err := m.AddFiles(path); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// tasks is how many there are among records; records without a task count as none.
func tasks(records []data.Record) int {
	names := data.TaskNames(data.Examples(records))
	n := len(names)
	for _, name := range names {
		if name == "" {
			n--
		}
	}
	return n
}

func mean(places []arrange.Place) float64 {
	sum := 0.0
	for _, p := range places {
		sum += p.Distance
	}
	return sum / float64(len(places))
}

// String is the report as a table for people.
func (r *Report) String() string {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Options = table.OptionsNoBordersAndSeparators
	row := func(name, format string, args ...any) {
		w.AppendRow(table.Row{name, fmt.Sprintf(format, args...)})
	}
	row("train", "%d records%s", r.Train, ofTasks(r.TrainTasks))
	row("test", "%d records%s", r.Test, ofTasks(r.TestTasks))
	if r.Rounds > 0 {
		row("arranged", "%d records in %d rounds, by %s", r.Rows, r.Rounds, r.Method)
	} else {
		row("arranged", "%d records, by %s", r.Rows, r.Method)
	}
	if r.Measure != "" {
		row("distance", "%s: mean %.4g in the first tenth, %.4g in the last", r.Measure, r.First, r.Last)
		row("embedded", "%d texts, the others were known", r.Fresh)
	}
	row("time", "%v", r.Took.Round(10*time.Millisecond))
	files := slices.DeleteFunc([]string{r.Out, r.Picture, r.Manifest}, func(path string) bool { return path == "" })
	row("files", "%s", strings.Join(files, "\n"))
	return w.Render()
}

func ofTasks(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" of %d tasks", n)
}
