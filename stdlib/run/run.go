// Package run trains a model in a directory, with evaluations on the way, so that nothing is lost: a
// run that was killed, interrupted or stopped by a full disk goes on from its last checkpoint, and
// ends with the curve, to the last bit, that it would have had.
//
//   - [Start] begins a run, goes on with it, or returns it where it is complete: the same call each time.
//   - [StartAll] does so with several runs, such as all arrangements and seeds of an experiment.
//   - [Read] reads the [Record] of a run in any state, also while it goes on in another process.
//   - [Stopped] is the error of a run that ended early.
//   - A Record's [Row]s are its steps; [Record.Curve], [Record.TaskCurves] and [Record.TrainCurve] are
//     values to plot.
//
// A run directory holds
//
//	config.json               the settings, and hashes of data and weights, which must agree when the run goes on
//	manifest.json             command, versions, machine, model files
//	metrics.jsonl             a JSON object for each step, written when it is done, see Row
//	step_N/test_results.json  the evaluation after step N, as eval.WriteResults writes it
//	checkpoint.safetensors    the last checkpoint, gone when the run is complete
//	model/                    the trained model, for model.Load and transformers, or its adapters, for
//	                          Model.LoadLoRA and peft, when the run is complete
//	summary.json              what came of it: there when the run is complete
//
// Files appear whole or not at all, but for metrics.jsonl, whose last line may be cut short where a
// process was killed; Read passes over that, and a run that goes on removes it. metrics.jsonl is also
// what other programs watch: this package writes no event files of TensorBoard.
//
// One process at a time works on a run; another one that is started waits for half a minute for the
// first to end.
//
// What this package leaves out: runs on several machines, and more than one checkpoint.
package run

import (
	"context"
	"errors"
	"fmt"
	"os"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/train"
)

// Config describes a run.
type Config struct {
	Out string // directory of the run; it is made if it is not there

	Model  string       // what is trained: what model.Load takes, or "tiny" for model.Tiny(Seed); Start loads and frees it
	Loaded *model.Model // instead of Model, one that is at hand; it is left with the trained weights
	Seed   uint64       // of what is random before a model is trained: the weights of "tiny", and of adapters

	LoRA  *model.LoRAConfig // train adapters rather than the weights of Model; its own Seed does not count. A Loaded model has them already, or not
	Mixed bool              // see model.Model; of a Loaded model its own

	Train    []data.Example // in the order in which they are trained on
	Test     []data.Example // unseen: their loss is measured every Settings.Every steps, before the first and after the last; may be empty
	Settings train.Config   // how it is trained; OnCheckpoint is called after each evaluation

	Resume  bool // go on with a run that is there; otherwise that is an error
	Save    int  // steps between checkpoints; 0 = Settings.Every
	Discard bool // keep no trained model when the run is complete: the curve is all that is wanted

	OnRow      func(row Row, total int) // called after each line of metrics.jsonl, with the number of steps in all, if not nil
	OnEvaluate func(done, total int)    // called during evaluations, in examples, if not nil
}

// Stopped is the error of a run that ended early.
type Stopped struct {
	Step  int // the last step that was done
	Total int
	Saved int   // the step after which a resumed run goes on; 0 if there is no checkpoint
	Err   error // why; a failure to save included
}

func (e *Stopped) Error() string {
	from := "it goes on from there"
	if e.Saved != e.Step {
		from = fmt.Sprintf("it goes on after step %d", e.Saved)
	}
	return fmt.Sprintf("stopped after step %d of %d; when it is resumed %s: %v", e.Step, e.Total, from, e.Err)
}

// Unwrap returns Err.
func (e *Stopped) Unwrap() error { return e.Err }

// Start trains a model as cfg says, in a directory. With Resume the same call goes on with a run that
// is there, and only returns the record of one that is complete; a run that is there with other
// settings, data or weights is an error that names what differs.
//
// It looks at ctx within every step and evaluation, between packs of about 1,000 tokens. A run that
// is cancelled, or fails, is saved as it is after its last step before Start returns, with what was
// recorded and a [Stopped] that says where the run is; that of a cancelled run wraps ctx's error. A
// run that is killed before its first checkpoint begins anew.
func Start(ctx context.Context, cfg Config) (*Record, error) {
	record, err := start(ctx, cfg)
	if err != nil {
		return record, fmt.Errorf("run: %s: %w", cfg.Out, err)
	}
	return record, nil
}

func start(ctx context.Context, cfg Config) (*Record, error) {
	settings, err := cfg.settings()
	if err != nil {
		return nil, err
	}
	dir, err := openDir(ctx, cfg.Out, patience)
	if err != nil {
		return nil, err
	}
	defer dir.close()
	if err := dir.admit(cfg, settings); err != nil {
		return nil, err
	}
	if dir.complete() {
		return cfg.finished()
	}
	r, err := prepare(cfg, dir, settings)
	if err != nil {
		return nil, err
	}
	defer r.close()
	err = r.run(ctx)
	return r.record, err
}

// finished returns the record of a run that was completed before. Its process may have been killed
// before it removed the checkpoint.
func (cfg Config) finished() (*Record, error) {
	os.Remove(in(cfg.Out, checkpointFile))
	if err := sweep(cfg.Out, checkpointFile, modelDir); err != nil {
		return nil, err
	}
	if cfg.Loaded != nil && !cfg.Discard {
		if err := cfg.Loaded.ReadWeights(in(cfg.Out, modelDir)); err != nil {
			return nil, err
		}
	}
	return read(cfg.Out)
}

// model returns the model to train, and what ends it.
func (cfg Config) model() (*model.Model, func(), error) {
	if cfg.Loaded != nil {
		return cfg.Loaded, func() {}, nil
	}
	load := model.Load
	if cfg.Model == "tiny" {
		load = func(string) (*model.Model, error) { return model.Tiny(cfg.Seed) }
	}
	m, err := load(cfg.Model)
	if err != nil {
		return nil, nil, err
	}
	m.Mixed = cfg.Mixed
	if cfg.LoRA != nil {
		lora := *cfg.LoRA
		lora.Seed = cfg.Seed
		if err := m.AddLoRA(lora); err != nil {
			m.Close()
			return nil, nil, err
		}
	}
	return m, m.Close, nil
}

func (cfg Config) check() error {
	switch {
	case cfg.Out == "":
		return errors.New("want a directory: Out is empty")
	case (cfg.Model == "") == (cfg.Loaded == nil):
		return errors.New("want a model: one of Model and Loaded")
	case cfg.Loaded != nil && (cfg.LoRA != nil || cfg.Mixed):
		return errors.New("want neither LoRA nor Mixed with a Loaded model, which has its own")
	case cfg.Save < 0:
		return fmt.Errorf("%d steps between checkpoints: want Save to be 0 or more", cfg.Save)
	}
	return nil
}
