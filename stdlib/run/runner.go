package run

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"

	"kairos/stdlib/data"
	"kairos/stdlib/eval"
	"kairos/stdlib/model"
	"kairos/stdlib/train"
)

// runner is a run at work.
type runner struct {
	cfg     Config
	every   int // steps between checkpoints
	model   *model.Model
	adapted bool // only its adapters are trained
	trainer *train.Trainer
	metrics *metrics
	record  *Record
	row     *Row   // the step that was done last, while its row is not written yet
	saved   int    // the step of the checkpoint that is there, or 0
	unsaved bool   // a checkpoint could not be written
	free    func() // ends what is not the caller's
}

// prepare loads the model, and takes up the run where its checkpoint left it.
func prepare(cfg Config, dir *directory, s settings) (*runner, error) {
	m, free, err := cfg.model()
	if err != nil {
		return nil, err
	}
	r := &runner{cfg: cfg, every: cfg.Save, model: m, record: &Record{Dir: cfg.Out, Total: s.Steps}, free: free}
	if r.every == 0 {
		r.every = s.Every
	}
	s.Weights.Trained, s.Weights.Frozen = m.Digests()
	r.adapted = s.Weights.Frozen != ""
	if err := r.enter(dir, s); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *runner) close() {
	if r.metrics != nil {
		r.metrics.close()
	}
	if r.trainer != nil {
		r.trainer.Close()
	}
	r.free()
}

// enter makes the directory that of this run, or goes on with what is there.
func (r *runner) enter(dir *directory, s settings) error {
	err := sweep(dir.path, configFile, manifestFile, checkpointFile, summaryFile, modelDir)
	if err != nil {
		return err
	}
	_, err = os.Stat(in(dir.path, checkpointFile))
	begun := err == nil
	but := []string{"model"}
	if begun && r.cfg.Loaded != nil {
		but = append(but, "weights.trained") // it may have been trained by the very run that goes on
	}
	if dir.was != nil {
		if err := s.agree(*dir.was, but...); err != nil {
			return err
		}
	}
	if r.trainer, err = train.New(r.model, r.cfg.Train, r.cfg.Settings); err != nil {
		return err
	}
	if dir.was == nil {
		err = s.record(r.cfg, r.model)
	} else if begun {
		err = r.trainer.Restore(in(dir.path, checkpointFile))
	}
	if err != nil {
		return err
	}
	return r.takeUp()
}

// takeUp reads the rows up to the checkpoint. The last of them may not be there yet, where the run was
// stopped before the evaluation that belongs to it.
func (r *runner) takeUp() error {
	r.saved = r.trainer.Done()
	n := r.saved
	if n > 0 && len(r.cfg.Test) > 0 {
		n++ // for step 0
	}
	m, rows, err := openMetrics(r.cfg.Out, n)
	if err != nil {
		return err
	}
	r.metrics, r.record.Rows = m, rows
	switch {
	case n == 0 && r.due():
		r.row = new(Row)
	case len(rows) == n-1:
		r.row = rowOf(r.trainer.Last())
	case len(rows) < n:
		return fmt.Errorf("%s lacks rows: it has %d, and the checkpoint is of step %d", metricsFile, len(rows), r.saved)
	}
	return nil
}

// due reports whether the model is to be evaluated as it is now.
func (r *runner) due() bool {
	return len(r.cfg.Test) > 0 && (r.trainer.Done() == 0 || r.trainer.AtCheckpoint())
}

// run trains to the end. Whatever ends it early, what was done is saved.
func (r *runner) run(ctx context.Context) error {
	err := r.steps(ctx)
	if err == nil {
		err = r.finish()
	}
	if err == nil {
		return nil
	}
	if r.trainer.Done() != r.saved && !r.unsaved {
		err = errors.Join(err, r.save())
	}
	return &Stopped{Step: r.trainer.Done(), Total: r.trainer.Total(), Saved: r.saved, Err: err}
}

func (r *runner) steps(ctx context.Context) error {
	for {
		if err := r.settle(ctx); err != nil {
			return err
		}
		if r.trainer.Done() == r.trainer.Total() {
			return nil
		}
		step, err := r.trainer.Step(ctx)
		if err != nil {
			return err
		}
		r.row = rowOf(step)
	}
}

// settle does what follows a step: evaluation, row, checkpoint.
func (r *runner) settle(ctx context.Context) error {
	if r.row == nil {
		return nil
	}
	if r.due() {
		if err := r.evaluate(ctx); err != nil {
			return err
		}
	}
	if err := r.write(); err != nil {
		return err
	}
	done := r.trainer.Done()
	if on := r.cfg.Settings.OnCheckpoint; on != nil && r.trainer.AtCheckpoint() {
		if err := on(done); err != nil {
			return fmt.Errorf("checkpoint at step %d: %w", done, err)
		}
	}
	if done > 0 && done%r.every == 0 && done < r.trainer.Total() {
		return r.save()
	}
	return nil
}

// evaluate completes the row by the loss on the unseen examples.
func (r *runner) evaluate(ctx context.Context) error {
	results, err := eval.Loss(ctx, r.model, r.cfg.Test, eval.Config{
		MaxLen: r.cfg.Settings.MaxLen, Chat: r.cfg.Settings.Chat, Texts: true, Progress: r.cfg.OnEvaluate,
	})
	if err != nil {
		return err
	}
	mean := eval.Mean(results)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return fmt.Errorf("after step %d the loss on the unseen examples is %g: a lower LR, a Warmup or a Clip of 1 may help", r.row.Step, mean)
	}
	r.row.Evaluated, r.row.UnseenLoss, r.row.UnseenByTask = true, mean, eval.ByTask(results)
	dir := in(r.cfg.Out, fmt.Sprintf("step_%d", r.row.Step))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := sweep(dir, resultsFile); err != nil {
		return err
	}
	return eval.WriteResults(in(dir, resultsFile), results)
}

// write writes the row.
func (r *runner) write() error {
	if err := r.metrics.append(*r.row); err != nil {
		return err
	}
	row := *r.row
	r.record.Rows, r.row = append(r.record.Rows, row), nil
	if r.cfg.OnRow != nil {
		r.cfg.OnRow(row, r.record.Total)
	}
	return nil
}

// save writes a checkpoint, in place of the one before, when all rows up to it are on disk.
func (r *runner) save() error {
	err := r.metrics.sync()
	if err == nil {
		err = r.trainer.Save(in(r.cfg.Out, checkpointFile))
	}
	if err != nil {
		r.unsaved = true
		return err
	}
	r.saved = r.trainer.Done()
	return nil
}

// finish leaves the trained model in place of the checkpoint.
func (r *runner) finish() error {
	if err := r.metrics.sync(); err != nil {
		return err
	}
	write := r.model.Save
	if r.adapted {
		write = r.model.SaveLoRA
	}
	if !r.cfg.Discard {
		if err := write(in(r.cfg.Out, modelDir)); err != nil {
			return err
		}
	}
	if err := data.WriteJSON(in(r.cfg.Out, summaryFile), r.record.summary()); err != nil {
		return err
	}
	r.record.Complete = true
	os.Remove(in(r.cfg.Out, checkpointFile)) // there may be none; if it stays, nobody is misled
	return nil
}
