package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"kairos/repl/worker"
	"kairos/stdlib/arrange/job"
	"kairos/stdlib/cell"
	"kairos/stdlib/vectors"
)

// encoding are the flags of what embeds texts.
type encoding struct {
	Encoder   string `default:"all-MiniLM-L6-v2" placeholder:"NAME" help:"The sentence encoder, a name that kairos fetch knows or a directory. By default ${default}, the paper's."`
	MaxTokens int    `placeholder:"N" help:"Where long texts are cut; by default at 256 tokens."`
	Cache     string `type:"path" placeholder:"DIR" help:"Where vectors are kept, so that no text is embedded twice; by default vectors in kairos' cache."`
	Force     bool   `short:"f" help:"Replace the output if it is there."`
}

// embedding has a worker embed what the cache lacks.
func (e encoding) embedding(s worker.Streams) job.Embedding {
	return job.Embedding{Encoder: e.Encoder, MaxTokens: e.MaxTokens, Cache: e.Cache, Fill: fill, Progress: progress(s)}
}

// progress is shown where a program's own errors go.
func progress(s worker.Streams) func(string) func(done, total int) {
	if s.Err != os.Stderr {
		return nil
	}
	return cell.Progress
}

// fill embeds texts into a cache, in a process of its own.
func fill(ctx context.Context, enc vectors.Encoder, dir string, texts []string, progress func(done, total int)) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	path, err := worker.Find(self, os.Getenv)
	if err != nil {
		return err
	}
	if path == "" {
		return fmt.Errorf("%d texts have no vectors yet, and %s", len(texts), noWorker)
	}
	return worker.Embed(ctx, path, workerEnv(), texts, worker.Embedding{Encoder: enc.Dir, MaxTokens: enc.MaxTokens, Cache: dir, Progress: progress})
}

type arrangeCommand struct {
	Train   []string `required:"" type:"existingpath" placeholder:"FILE" help:"Training data: JSON lines or lists of examples, Flan or ShareGPT records, chats, or tasks of Natural Instructions. Several files: name them with commas, or give the flag again."`
	Test    []string `required:"" type:"existingpath" placeholder:"FILE" help:"The unseen data that training is for, of the same forms."`
	Method  string   `required:"" placeholder:"NAME" help:"nft (nearest first), fft (farthest first), rt (random), round-robin, cluster, tma-min, tma-max, tma-min-max or tma-max-min."`
	Measure string   `placeholder:"NAME" help:"What a distance is: wsd, cosine, euclid, ot (optimal transport), sinkhorn, or kl (of n-grams, which needs no vectors). By default wsd, and cosine for TMA."`
	N       int      `short:"n" placeholder:"N" help:"How many records to arrange; by default all. TMA's last round is kept whole."`
	Seed    uint64   `placeholder:"SEED" help:"Of rt."`
	Out     string   `required:"" type:"path" placeholder:"FILE" help:"The arranged set, NAME.jsonl or NAME.parquet. Beside it lie a picture of the distances and a manifest."`
	encoding
	TrainVectors string `type:"existingfile" placeholder:"FILE" help:"Vectors of the training records, .safetensors or .npy, instead of the encoder's."`
	TestVectors  string `type:"existingfile" placeholder:"FILE" help:"Vectors of the test records."`
	Engine       string `default:"local" enum:"local,spark" help:"What does the work: local, or an Apache Spark cluster, spark."`
	Master       string `placeholder:"URL" help:"Of the Spark cluster, such as spark://host:7077."`
}

func (arrangeCommand) Help() string {
	return "Arranges training data by its distance from unseen data, for any trainer that reads a file from front to back. Each record keeps its fields, and gets its place:\n\n" +
		`"kairos": {"index": 17, "round": 0, "distance": -0.71}` + "\n\n" +
		"or, in Parquet, the columns order, index, round and distance. A field kairos that is there is replaced.\n\n" +
		"kairos arrange -train flan.jsonl -test unseen.jsonl -method nft -out arranged.jsonl"
}

// Run arranges.
func (c *arrangeCommand) Run(s worker.Streams) error {
	engine, err := c.engine()
	if err != nil {
		return err
	}
	return interruptible(func(ctx context.Context) error {
		report, err := job.Run(ctx, job.Config{
			Train: c.Train, Test: c.Test, Out: c.Out, Method: c.Method, Measure: c.Measure, N: c.N, Seed: c.Seed, Force: c.Force,
			Embedding: c.embedding(s), TrainVectors: c.TrainVectors, TestVectors: c.TestVectors, Engine: engine,
			Warn: func(text string) { fmt.Fprintln(s.Err, "kairos: arrange:", text) },
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(s.Out, report)
		return nil
	})
}

func (c *arrangeCommand) engine() (job.Engine, error) {
	switch {
	case c.Engine == "spark":
		return job.Spark(job.SparkConfig{Master: c.Master, Dir: filepath.Dir(c.Out)}), nil
	case c.Master != "":
		return nil, errors.New("arrange: a master is that of a cluster: give -engine spark as well")
	}
	return nil, nil
}

type embedCommand struct {
	Files []string `arg:"" type:"existingpath" help:"Data of the forms that kairos arrange reads."`
	Out   string   `required:"" type:"path" placeholder:"FILE" help:"The vectors, NAME.safetensors: a row for each record, in their order."`
	encoding
}

// Run embeds.
func (c *embedCommand) Run(s worker.Streams) error {
	return interruptible(func(ctx context.Context) error {
		total, fresh, err := job.Embed(ctx, job.EmbedConfig{Files: c.Files, Out: c.Out, Force: c.Force, Embedding: c.embedding(s)})
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "wrote %s: %d vectors, %d of them new\n", c.Out, total, fresh)
		return nil
	})
}

// longFlags writes flags of several letters with two dashes where the user wrote one, -train as
// Go's own commands have it. Commands that pass arguments on to a program keep them as they are.
func longFlags(parser *kong.Kong, args []string) []string {
	if len(args) == 0 {
		return args
	}
	at := slices.IndexFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == args[0] && !n.Passthrough })
	if at < 0 {
		return args
	}
	command := parser.Model.Children[at]
	if slices.ContainsFunc(command.Positional, func(p *kong.Positional) bool { return p.Passthrough }) {
		return args
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if len(name) < 2 || name[0] == '-' || !strings.HasPrefix(arg, "-") {
			continue
		}
		if name == "help" || slices.ContainsFunc(command.Flags, func(f *kong.Flag) bool { return f.Name == name }) {
			args[i] = "-" + arg
		}
	}
	return args
}
