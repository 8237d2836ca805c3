//go:build ignore

// Command early asks how early zero-shot generalization comes in instruction tuning, and what shows it best: the
// loss of unseen tasks, or what the model answers there, by ROUGE-1, ROUGE-L, exact match, and a
// reward model.
//
// Nothing is varied but the seed: a random order of the pool. Measured at every checkpoint are the loss on unseen tasks
// and the scores of greedily generated answers; drawn are all of them beside each other, and the share of its
// whole fall that the loss has fallen.
//
//	kairos run scripts/early.go
//	kairos run scripts/early.go -size laptop -reward DIR     with a reward model such as UltraRM, which no package ships
package main

import (
	"context"
	"flag"
	"fmt"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/eval"
	"kairos/stdlib/experiment"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/score"
)

// scores are what is measured of answers, and how it is written.
var scores = []struct{ name, label string }{
	{"ROUGE-1", "F1"},
	{"ROUGE-L", "F1"},
	{"exact match", "share"},
	{"reward", "mean reward"},
}

func main() {
	reward := flag.String("reward", "", "reward model, a name or a directory; without one there is no curve of rewards")
	cfg := experiment.Config{Name: "early", Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)
	samples, err := e.Samples(ctx, 2*e.Size.PerTask) // twice as long as elsewhere: what is early, is early of much
	cell.Check(err)

	set := e.NewSet("all unseen tasks", "RT")
	for _, s := range samples {
		set.Add("RT", s, arrange.Random(len(s.Pool), s.Seed))
	}
	var judge *model.Reward
	if *reward != "" {
		judge, err = model.LoadReward(*reward)
		cell.Check(err)
		defer judge.Close()
	}
	set.Score = func(ctx context.Context, m *model.Model, s *experiment.Sample) (map[string]float64, error) {
		return answer(ctx, e, m, s, judge)
	}

	cell.Check(e.Run(ctx))

	drawScores(e, set)
	drawReached(e, set)
	tellStability(e, set)
	switch {
	case len(set.Arms[0].ScoreCurves("ROUGE-L")) == 0:
		fmt.Println("Answers are scored only where the model is trained here: of runs from elsewhere there is the loss alone.")
	case judge == nil:
		fmt.Println("There is no curve of rewards: it takes a reward model, -reward NAME.")
	}
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// answer scores what the model answers to the unseen questions.
func answer(ctx context.Context, e *experiment.Experiment, m *model.Model, s *experiment.Sample,
	judge *model.Reward) (map[string]float64, error) {
	references, err := e.References(s.Unseen)
	if err != nil {
		return nil, err
	}
	answers, err := eval.Generate(ctx, m, s.Unseen, eval.GenerateConfig{
		Decoding: model.GenerateConfig{MaxNew: e.Size.Answer}, MaxLen: e.Size.Train.MaxLen, References: references,
	})
	if err != nil {
		return nil, err
	}
	mean := score.Overall(eval.Scores(answers))
	values := map[string]float64{"ROUGE-1": mean.Rouge1, "ROUGE-L": mean.RougeL, "exact match": mean.ExactMatch}
	if judge == nil {
		return values, nil
	}
	var prompts, completions []string
	for _, a := range answers {
		prompts, completions = append(prompts, a.Prompt), append(completions, a.Text)
	}
	rewards, err := eval.Reward(ctx, judge, judge.Tokenizer(), prompts, completions, eval.RewardConfig{})
	for _, r := range rewards {
		values["reward"] += r / float64(len(rewards))
	}
	return values, err
}

// drawScores draws loss and scores beside each other.
func drawScores(e *experiment.Experiment, set *experiment.Set) {
	var panels []plot.Panel
	for _, arm := range set.Arms {
		loss, err := experiment.Band(arm.Name, arm.Curves())
		cell.Check(err)
		panels = append(panels, plot.Panel{Title: "loss", YLabel: "nats per token", Curves: []plot.Curve{loss}})
		for _, s := range scores {
			curves := arm.ScoreCurves(s.name)
			if len(curves) == 0 {
				continue
			}
			band, err := experiment.Band(arm.Name, curves)
			cell.Check(err)
			panels = append(panels, plot.Panel{Title: s.name, YLabel: s.label, Curves: []plot.Curve{band}})
		}
	}
	figure, err := plot.Panels(panels, 2, plot.Config{Title: "Unseen tasks while a model is tuned in random order", Width: 6.4})
	cell.Check(err)
	cell.Check(e.Save("scores", figure))
}

// drawReached draws how much of its whole fall the loss of every seed has fallen.
func drawReached(e *experiment.Experiment, set *experiment.Set) {
	var curves []plot.Curve
	var early []dynamics.Summary
	for _, c := range set.Arms[0].Curves() {
		reached, err := dynamics.Reached(c)
		cell.Check(err)
		reached.Name = c.Name
		curves = append(curves, reached)
		summary, err := dynamics.Early(c)
		cell.Check(err)
		early = append(early, summary)
		fmt.Println(summary)
	}
	e.Note("early", early)
	cfg := plot.Config{Title: "How early the loss of unseen tasks falls", YLabel: "share of the whole fall"}
	figure, err := plot.LossCurves(curves, cfg)
	cell.Check(err)
	cell.Check(e.Save("reached", figure))
}

// tellStability counts how often a curve gets better from one checkpoint to the next, gets worse, or stays: the better a
// curve shows what is learned, the less often it gets worse.
func tellStability(e *experiment.Experiment, set *experiment.Set) {
	counts := map[string]moves{"loss": count(set.Arms[0].Curves(), -1)}
	fmt.Println("From one checkpoint to the next:")
	fmt.Println("  loss", counts["loss"])
	for _, s := range scores {
		if curves := set.Arms[0].ScoreCurves(s.name); len(curves) > 0 {
			counts[s.name] = count(curves, 1)
			fmt.Println(" ", s.name, counts[s.name])
		}
	}
	e.Note("from one checkpoint to the next", counts)
}

// moves are how often a curve became better, worse, or did not change.
type moves struct{ Better, Worse, Same int }

func (m moves) String() string {
	return fmt.Sprintf("%d times better, %d worse, %d the same", m.Better, m.Worse, m.Same)
}

// count counts the moves of curves, which are better in the direction of a sign.
func count(curves []plot.Curve, better float64) moves {
	var m moves
	for _, c := range curves {
		for i := 1; i < len(c.Loss); i++ {
			switch change := better * (c.Loss[i] - c.Loss[i-1]); {
			case change > 0:
				m.Better++
			case change < 0:
				m.Worse++
			default:
				m.Same++
			}
		}
	}
	return m
}
