//go:build ignore

// Command permutations asks what drives the loss of an unseen task: it trains on the same pool task after task
// (cluster), on a row of each task in turn (round-robin), and in random order, and looks at the loss of every unseen
// task beside how near the training data seen so far have come to it.
//
// Varied is the order alone. Measured are the losses of every unseen task after every step or two; sudden drops
// among them, with the tasks and the rows that were trained on just before; and the average, least and greatest
// distance of the rows seen so far, that of the centroids, by cosine and by Euclid, and the
// divergence of 2-grams.
//
//	kairos run scripts/permutations.go
//	kairos run scripts/permutations.go -size laptop
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/data"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/experiment"
	"kairos/stdlib/plot"
	"kairos/stdlib/similarity"
)

func main() {
	cfg := experiment.Config{Name: "permutations", Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)
	e.Size.Train.Batch, e.Size.Train.Every = e.Size.Train.Batch/2, (e.Size.Train.Every+1)/2 // drops are sudden
	samples, err := e.Samples(ctx, e.Size.PerTask)
	cell.Check(err)

	set := e.NewSet("permutations", "random")
	for _, s := range samples {
		set.Add("cluster", s, arrange.Cluster(s.Tasks()))
		set.Add("round-robin", s, arrange.RoundRobin(s.Tasks()))
		set.Add("random", s, arrange.Random(len(s.Pool), s.Seed))
	}

	cell.Check(e.Run(ctx))

	panels, err := set.TaskPanels()
	cell.Check(err)
	markDrops(e, set.Arms[0], panels)
	figure, err := plot.Panels(panels, 3, plot.Config{
		Title:  "Unseen tasks in three orders, with the sudden drops of cluster and what came before",
		YLabel: "unseen loss (nats per token)", Width: 7.2,
	})
	cell.Check(err)
	cell.Check(e.Save("tasks", figure))
	tellDrops(ctx, e, set)
	compareNearness(ctx, e, set)
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// markDrops marks the sudden drops of the first arm's mean curve, with the task that is most unusual among the rows
// trained on within each: in the cluster arrangement the tasks come at the same steps with every seed.
func markDrops(e *experiment.Experiment, arm *experiment.Arm, panels []plot.Panel) {
	if arm.Name != "cluster" {
		return // Config.Only left it out
	}
	t := arm.Trials[0]
	for _, p := range panels {
		for _, d := range sudden(t, p.Curves[0]) {
			shares := preceding(t, d, e.Size.Train.Batch)
			number, _, _ := strings.Cut(experiment.ShortTask(shares[0].Task), " ")
			p.Curves[0].Marks = append(p.Curves[0].Marks, d.Mark("after "+number))
		}
	}
}

// sudden are the sudden drops of a curve of a trial, once the general fall of the first steps is half done.
func sudden(t *experiment.Trial, curve plot.Curve) []dynamics.Drop {
	early, err := dynamics.Early(t.Record.Curve())
	cell.Check(err)
	drops, err := dynamics.Drops(curve, dynamics.DropConfig{After: max(early.Half, 0)})
	cell.Check(err)
	return drops
}

// preceding are the tasks that the model was trained on within a drop, the most unusual first.
func preceding(t *experiment.Trial, d dynamics.Drop, batch int) []dynamics.TaskShare {
	rows, err := dynamics.Preceding(d, t.Order, batch)
	cell.Check(err)
	shares, err := dynamics.Tasks(rows, t.Order, t.Sample.Tasks())
	cell.Check(err)
	return shares
}

// traced is a sudden drop of an unseen task's loss, and what was trained on within it.
type traced struct {
	Arm   string
	Seed  uint64
	Drop  dynamics.Drop
	Tasks []dynamics.TaskShare // of the rows within the drop, the most unusual first

	Place  int     // of the row nearest to the task among those within the drop, by nearness in the whole order: 1 = none is nearer
	Chance float64 // the place that as many rows drawn at random would have on average
}

func (t traced) String() string {
	return fmt.Sprintf("  %s, seed %d, %v; trained on %v; nearest row: number %d, by chance %.0f",
		t.Arm, t.Seed, t.Drop, t.Tasks[0], t.Place, t.Chance)
}

// tellDrops finds the sudden drops of every unseen task in every run, and traces them to the rows that the model met
// within them.
func tellDrops(ctx context.Context, e *experiment.Experiment, set *experiment.Set) {
	var all []traced
	for _, arm := range set.Arms {
		before, curves := len(all), 0
		for _, t := range arm.Trials {
			for _, curve := range t.Record.TaskCurves() {
				for _, d := range sudden(t, curve) {
					all = append(all, trace(ctx, arm.Name, t, d, e.Size.Train.Batch))
				}
				curves++
			}
		}
		found := all[before:]
		fmt.Printf("%s: %d sudden drops in %d curves%s\n", arm.Name, len(found), curves, places(found))
	}
	slices.SortStableFunc(all, func(a, b traced) int { return cmp.Compare(b.Drop.Size(), a.Drop.Size()) })
	for _, t := range all[:min(len(all), 5)] {
		fmt.Println(t)
	}
	e.Note("sudden drops", all)
}

// trace looks at the rows that were trained on within a drop.
func trace(ctx context.Context, arm string, t *experiment.Trial, d dynamics.Drop, batch int) traced {
	rows, err := dynamics.Preceding(d, t.Order, batch)
	cell.Check(err)
	dist, err := similarity.Cosine(ctx, t.Sample.Vectors, t.Sample.Targets)
	cell.Check(err)
	var columns []int
	for i, task := range t.Sample.UnseenTasks() {
		if task == d.Curve {
			columns = append(columns, i)
		}
	}
	all, err := dynamics.Nearest(t.Order, dist, columns)
	cell.Check(err)
	place := 1 + slices.IndexFunc(all, func(n dynamics.Neighbour) bool { return slices.Contains(rows, n.Row) })
	chance := float64(len(all)+1) / float64(len(rows)+1)
	return traced{Arm: arm, Seed: t.Sample.Seed, Drop: d, Tasks: preceding(t, d, batch), Place: place, Chance: chance}
}

// places compares how near the rows within drops are with what chance would give.
func places(drops []traced) string {
	if len(drops) == 0 {
		return ""
	}
	place, chance := 0.0, 0.0
	for _, d := range drops {
		place += float64(d.Place) / float64(len(drops))
		chance += d.Chance / float64(len(drops))
	}
	return fmt.Sprintf("; within them, the row nearest to the task is number %.1f on average, by chance %.1f", place, chance)
}

// nearness is how near the rows seen so far have come to every unseen task: a curve for each measure.
type nearness struct {
	cosine, euclid []similarity.PrefixCurve
	kl             []plot.Curve // of 2-grams
	loss           []plot.Curve // beside them
}

// measureNearness measures a trial at its checkpoints.
func measureNearness(ctx context.Context, e *experiment.Experiment, t *experiment.Trial) nearness {
	s, settings := t.Sample, e.Size.Train
	cfg := similarity.PrefixConfig{Batch: settings.Batch, Steps: settings.Every}
	var n nearness
	var err error
	n.cosine, err = similarity.Prefixes(ctx, s.Vectors, t.Order, s.Targets, s.UnseenTasks(), cfg)
	cell.Check(err)
	cfg.Euclidean = true
	n.euclid, err = similarity.Prefixes(ctx, s.Vectors, t.Order, s.Targets, s.UnseenTasks(), cfg)
	cell.Check(err)

	ordered, err := data.Pick(s.Pool, t.Order)
	cell.Check(err)
	var tests [][]string
	for _, group := range arrange.Groups(s.UnseenTasks()) {
		examples, err := data.Pick(s.Unseen, group.Rows)
		cell.Check(err)
		tests = append(tests, data.Texts(examples))
	}
	every := settings.Batch * settings.Every
	divergences, err := similarity.PrefixKL(ctx, data.Texts(ordered), tests, every, similarity.NGramConfig{})
	cell.Check(err)
	for k, c := range n.cosine {
		n.kl = append(n.kl, plot.Curve{Name: c.Task, Steps: c.Steps, Loss: divergences[k]})
		n.loss = append(n.loss, lossOf(t, c.Task))
	}
	return n
}

// lossOf is the loss of an unseen task in a trial.
func lossOf(t *experiment.Trial, task string) plot.Curve {
	curves := t.Record.TaskCurves()
	return curves[slices.IndexFunc(curves, func(c plot.Curve) bool { return c.Name == task })]
}

// compareNearness draws nearness beside the loss for the first seed and some tasks, and says how the two go together
// for all.
func compareNearness(ctx context.Context, e *experiment.Experiment, set *experiment.Set) {
	var names []string
	var first []nearness
	var found []correlation
	for _, arm := range set.Arms {
		var all []nearness
		for _, t := range arm.Trials {
			all = append(all, measureNearness(ctx, e, t))
		}
		names, first = append(names, arm.Name), append(first, all[0])
		found = append(found, correlate(arm.Name, all))
	}
	cosine := func(n nearness) []similarity.PrefixCurve { return n.cosine }
	euclid := func(n nearness) []similarity.PrefixCurve { return n.euclid }
	drawNearness(e, "nearness-cosine", "Cosine distance of the rows seen so far, one seed", names, first, cosine)
	drawNearness(e, "nearness-euclid", "Euclidean distance of the rows seen so far, one seed", names, first, euclid)
	drawDivergence(e, names, first)

	fmt.Println("Correlation of an unseen task's loss with its distance from the rows seen so far, over checkpoints (mean of tasks and seeds):")
	for _, c := range found {
		fmt.Println(c)
	}
	e.Note("correlation of loss and distance", found)
}

// shown are so many tasks as fit into a figure.
const shown = 4

func drawNearness(e *experiment.Experiment, name, title string, names []string, first []nearness,
	of func(nearness) []similarity.PrefixCurve) {
	var runs []plot.SimilarityRun
	for i, n := range first {
		run := plot.SimilarityRun{Name: names[i]}
		for k, c := range of(n)[:min(shown, len(n.loss))] {
			c.Task = label(c.Task)
			run.Tasks, run.Loss = append(run.Tasks, c), append(run.Loss, n.loss[k])
		}
		runs = append(runs, run)
	}
	figure, err := plot.Similarity(runs, plot.Config{Title: title})
	cell.Check(err)
	cell.Check(e.Save(name, figure))
}

// label is the name of a task where there is little room: its number, and what it ends in.
func label(task string) string {
	words := strings.Split(strings.TrimPrefix(task, "subtask"), "_")
	return words[0] + " " + strings.Join(words[max(1, len(words)-2):], " ")
}

func drawDivergence(e *experiment.Experiment, names []string, first []nearness) {
	var panels []plot.Panel
	for k := range first[0].kl[:min(shown, len(first[0].kl))] {
		panel := plot.Panel{Title: experiment.ShortTask(first[0].kl[k].Name)}
		for i, n := range first {
			c := n.kl[k]
			c.Name = names[i]
			panel.Curves = append(panel.Curves, c)
		}
		panels = append(panels, panel)
	}
	cfg := plot.Config{Title: "2-grams of the rows seen so far, one seed", YLabel: "KL divergence (nats)", Width: 6.4}
	figure, err := plot.Panels(panels, 2, cfg)
	cell.Check(err)
	cell.Check(e.Save("nearness-kl", figure))
}

// correlation is how the loss of unseen tasks goes together with a measure of nearness in an arm: Pearson's, −1 to 1.
type correlation struct {
	Arm string
	Of  map[string]float64
}

func (c correlation) String() string {
	text := "  " + c.Arm + ":"
	for _, name := range slices.Sorted(maps.Keys(c.Of)) {
		text += fmt.Sprintf(" %s %+.2f,", name, c.Of[name])
	}
	return strings.TrimSuffix(text, ",")
}

// correlate averages over tasks and seeds. A measure that does not change correlates with nothing, and does not count.
func correlate(arm string, seeds []nearness) correlation {
	sums, counts := map[string]float64{}, map[string]float64{}
	for _, n := range seeds {
		for k, loss := range n.loss {
			cosine, euclid := n.cosine[k], n.euclid[k]
			for name, values := range map[string][]float64{
				"cosine avg": cosine.Avg, "cosine min": cosine.Min, "cosine max": cosine.Max, "cosine centroid": cosine.Centroid,
				"Euclid avg": euclid.Avg, "Euclid min": euclid.Min, "Euclid max": euclid.Max, "Euclid centroid": euclid.Centroid,
				"KL": n.kl[k].Loss,
			} {
				if r := stat.Correlation(values, at(loss, cosine.Steps), nil); !math.IsNaN(r) {
					sums[name] += r
					counts[name]++
				}
			}
		}
	}
	for name := range sums {
		sums[name] /= counts[name]
	}
	return correlation{Arm: arm, Of: sums}
}

// at are the losses at steps.
func at(c plot.Curve, steps []int) []float64 {
	var losses []float64
	for i, step := range c.Steps {
		if slices.Contains(steps, step) {
			losses = append(losses, c.Loss[i])
		}
	}
	return losses
}
