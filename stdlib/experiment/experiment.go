// Package experiment holds the steps that the experiments of scripts/ share, so that each script reads
// like the experiment it is: what is varied, what is measured, what is drawn.
//
//	Config       what the command line says; Config.Flags puts it there
//	Size         how much of everything: tiny for seconds, laptop for hours, paper for the paper's settings
//	Experiment   an experiment at work, in a directory of its own: it draws samples, trains, reports
//	Sample       what one seed trains on and what stays unseen, with vectors of both
//	Set          arms that are compared; Set.Add gives an arm its order for a sample, Set.AddOrders three arms at once
//	Run          all arms of all sets with all seeds, see package run: the same command goes on after an
//	             interruption, and only draws again when everything is there
//	Results      the numbers of an experiment that was run, to look at again
//	Set.Bands, Set.TaskPanels, Set.Arrangements, Set.Differences, Set.Summary
//	             what came of it: curves to draw, values to compare, sentences; Draw and Report do the usual
//	Sweep        learning rates tried on held-in tasks, of which the best is taken
//	TokenMeans   an encoder made of a language model's own embeddings
//
// An experiment lies in Out/SIZE/NAME:
//
//	report.txt       tables and sentences
//	results.json     all curves, comparisons, and what the script noted
//	manifest.json    command, versions, machine, hashes of data, orders and models
//	NAME.png, .pdf   the pictures
//	runs/SET/ARM/seed-N       a directory of package run; scores/SET/ARM/seed-N.json where a set has a Score
//	../base, ../rates         the tiny model and the learning rates, which all experiments of a size share
//
// At the paper's size nothing is trained: Run writes the arranged files and the commands that train on
// them elsewhere, and takes up the runs of those that are complete.
//
// What this package leaves out: what the experiments are about, which is theirs.
package experiment

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kairos/stdlib/arrange/job"
	"kairos/stdlib/data"
	"kairos/stdlib/matrix"
)

// Encoder turns texts into vectors, a row each.
type Encoder func(ctx context.Context, texts []string) (*matrix.Dense, error)

// Config says how an experiment is run. Its zero value, but for Name, is the tiny size on Natural
// Instructions.
type Config struct {
	Name string // of the experiment

	Size  string  // one of Sizes; "" = tiny
	Seeds int     // how many, from 1 on; 0 = the size's
	Out   string  // directory of all experiments; "" = paper-out
	Only  string  // names of sets or arms with commas between: only these are trained; "" = all
	LR    float64 // learning rate; 0 = chosen by a Sweep
	Mixed bool    // products of matrices in bfloat16, see model.Model

	// AsFound takes complete runs that lie in the directory without comparing what they were trained on with what would be
	// trained on now, but for those of sets with a Score. Processors round differently, and of two examples that are equally near one may
	// take the other: runs of another machine would be refused.
	AsFound bool

	Encoder string  // name or directory, see embed.Load; "" = all-MiniLM-L6-v2
	Embed   Encoder // instead of Encoder

	Data     string         // file or directory of examples, see data.ReadRecords; "" = Natural Instructions
	Examples []data.Example // instead of Data

	Split string // file of the names of training and unseen tasks, see data.ReadSplit; "" = UnseenTasks are unseen
	Test  string // file of unseen examples; "" = those of the unseen tasks of Data

	// Unlabelled takes the names of tasks away, as conversations have none. Where there is neither
	// Split nor Test, unseen examples of Data are then drawn by the seed.
	Unlabelled bool

	Progress func(label string) func(done, total int) // begins to show how far a long step is, if not nil; cell.Progress does
}

// ownData tells whether the data are others than Natural Instructions.
func (c *Config) ownData() bool { return c.Data != "" || c.Examples != nil }

// Flags adds the settings that every experiment has to a set of flags.
func (c *Config) Flags(flags *flag.FlagSet) {
	flags.StringVar(&c.Size, "size", "tiny", "how much of everything: "+strings.Join(Sizes(), ", "))
	flags.IntVar(&c.Seeds, "seeds", 0, "how many seeds; by default the size's")
	flags.StringVar(&c.Out, "out", "paper-out", "directory of the results")
	flags.StringVar(&c.Only, "only", "", "train only these, names of sets or arms with commas between")
	flags.Float64Var(&c.LR, "lr", 0, "learning rate; by default chosen on held-in tasks")
	flags.BoolVar(&c.Mixed, "mixed", false, "multiply matrices rounded to bfloat16, faster where the processor can")
	flags.BoolVar(&c.AsFound, "as-found", false, "take complete runs as they are found, such as those of another machine, without comparing their data")
	flags.StringVar(&c.Encoder, "encoder", "", "sentence encoder, a name or a directory; by default "+job.DefaultEncoder)
	flags.StringVar(&c.Data, "data", "", "examples, a file or a directory; by default Natural Instructions")
	flags.StringVar(&c.Split, "split", "", "names of training and unseen tasks, as the paper's train_eval_key_list.json")
	flags.StringVar(&c.Test, "test", "", "unseen examples; by default those of the unseen tasks")
}

// Experiment is an experiment at work.
type Experiment struct {
	Size Size   // what was asked for; a script may change it before it draws samples
	Dir  string // where results lie

	cfg      Config
	size     Size // as it was asked for, whatever the script changes: what all experiments share depends on it
	source   *source
	sets     []*Set
	models   map[string]string // what is loaded, by the name it is asked for
	sweeps   []Sweep
	findings map[string]any
	pictures []string
}

// New begins an experiment, or takes it up. It makes its directory.
func New(cfg Config) (*Experiment, error) {
	e, err := begin(cfg)
	if err != nil {
		return nil, fmt.Errorf("experiment: %w", err)
	}
	return e, nil
}

func begin(cfg Config) (*Experiment, error) {
	size, err := SizeOf(cmp.Or(cfg.Size, "tiny"))
	switch {
	case err != nil:
		return nil, err
	case cfg.Name == "":
		return nil, errors.New("want a Name")
	case cfg.Seeds < 0:
		return nil, fmt.Errorf("%d seeds: want 1 or more, or 0 for the size's", cfg.Seeds)
	case cfg.LR < 0:
		return nil, fmt.Errorf("the learning rate is %g: it may not be negative", cfg.LR)
	}
	if cfg.Seeds > 0 {
		size.Seeds = cfg.Seeds
	}
	if cfg.Progress == nil {
		cfg.Progress = func(string) func(done, total int) { return func(int, int) {} }
	}
	dir := filepath.Join(cmp.Or(cfg.Out, "paper-out"), size.Name, cfg.Name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	e := &Experiment{Size: size, Dir: dir, cfg: cfg, size: size}
	e.models, e.findings = map[string]string{}, map[string]any{}
	return e, nil
}

// Note keeps a finding of the script for results.json, under a name.
func (e *Experiment) Note(name string, finding any) { e.findings[name] = finding }

// shared is a directory beside the experiment's, which all of the same size use; but with data of its
// own, it has a directory of its own.
func (e *Experiment) shared(name string) string {
	if e.cfg.ownData() {
		return filepath.Join(e.Dir, name)
	}
	return filepath.Join(filepath.Dir(e.Dir), name)
}

// wants reports whether a set or an arm is to be trained.
func (e *Experiment) wants(set, arm string) bool {
	if e.cfg.Only == "" {
		return true
	}
	names := strings.Split(e.cfg.Only, ",")
	return slices.Contains(names, set) || slices.Contains(names, arm)
}
