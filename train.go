package main

import (
	"context"
	"errors"
	"os"

	"kairos/repl/worker"
)

type trainCommand struct {
	Model    string   `required:"" placeholder:"NAME" help:"What to train: a model that kairos fetch or the Hugging Face cache has, a directory or GGUF file, or tiny, a small Llama from scratch that reads bytes."`
	Data     []string `required:"" placeholder:"FILE" help:"Training data in the order in which it is trained on: JSON lines that kairos arrange wrote, or anything else that it reads. Several files: name them with commas, or give the flag again."`
	Test     []string `type:"existingpath" placeholder:"FILE" help:"Unseen data, of the same forms, whose loss is measured before the first step, on the way, and after the last."`
	Out      string   `required:"" type:"path" placeholder:"DIR" help:"Directory of the run: settings, metrics.jsonl, evaluations, the last checkpoint, in the end the model."`
	Resume   bool     `help:"Go on with the run that is there; begin it if there is none."`
	LR       float64  `name:"lr" placeholder:"RATE" help:"Learning rate; by default 1e-6, the paper's."`
	Schedule string   `default:"constant" enum:"constant,linear,cosine" help:"How the rate changes: constant, linear or cosine."`
	Warmup   int      `placeholder:"N" help:"Steps over which the rate rises from 0."`
	Clip     float64  `placeholder:"NORM" help:"The longest that a gradient may be; by default any length."`
	Decay    float64  `name:"weight-decay" placeholder:"RATE" help:"Of AdamW; by default 0."`
	Batch    int      `placeholder:"N" help:"Examples a step; by default 8."`
	Steps    int      `placeholder:"N" help:"Steps in all; by default one pass over the data."`
	Every    int      `placeholder:"N" help:"Steps between evaluations; by default 10."`
	Save     int      `placeholder:"N" help:"Steps between checkpoints; by default as between evaluations."`
	MaxLen   int      `placeholder:"N" help:"Where long examples are cut, in tokens; by default at 1024."`
	Chat     bool     `help:"Lay examples out by the model's chat template, rather than as the paper does."`
	Seed     uint64   `default:"1" placeholder:"SEED" help:"Of random weights: those of tiny, and of LoRA."`
	LoRA     int      `name:"lora" placeholder:"RANK" help:"Train low-rank adapters rather than the weights."`
	Mixed    bool     `help:"Multiply matrices rounded to bfloat16, faster where the processor can; weights and sums stay float32."`
	Discard  bool     `help:"Keep no trained model: the curve is all that is wanted."`
}

func (trainCommand) Help() string {
	return "Trains a model on data in the given order, and measures its loss on unseen data on the way. An interrupted run is saved first; one that was " +
		"killed goes on from its last checkpoint. Either way the same command with -resume goes on, and ends as if nothing had happened.\n\n" +
		"kairos train -model SmolLM2-135M-Instruct -data arranged.jsonl -test unseen.jsonl -lr 2e-5 -out runs/nft"
}

// Run has a worker train.
func (c *trainCommand) Run(s worker.Streams) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	path, err := worker.Find(self, os.Getenv)
	if err != nil {
		return err
	}
	if path == "" {
		return errors.New("train: " + noWorker)
	}
	request := worker.Training{
		Model: c.Model, Data: c.Data, Test: c.Test, Out: c.Out, Resume: c.Resume, LR: c.LR, Schedule: c.Schedule, Warmup: c.Warmup,
		Clip: c.Clip, Decay: c.Decay, Batch: c.Batch, Steps: c.Steps, Every: c.Every, Save: c.Save, MaxLen: c.MaxLen, Seed: c.Seed,
		LoRA: c.LoRA, Chat: c.Chat, Mixed: c.Mixed, Discard: c.Discard,
	}
	return interruptible(func(ctx context.Context) error {
		status, err := worker.Train(ctx, path, workerEnv(), request, s)
		if err != nil {
			return err
		}
		return statusError(status)
	})
}
