package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"kairos/repl/worker"
	"kairos/stdlib/arrange"
	"kairos/stdlib/arrange/job"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard"
	"kairos/stdlib/vectors"
)

// tooFew is the exit status of a merge whose shards kept too few candidates: what it printed is
// right, and the beginning of the arrangement.
const tooFew = 3

type shardCommand struct {
	Test      string        `type:"existingfile" placeholder:"FILE" help:"The test vectors: .safetensors or .npy."`
	Method    string        `default:"nft" enum:"nft,fft,tma-min,tma-max,embed" help:"What is to be arranged, one of nft, fft, tma-min, tma-max; or embed, to print the vectors as lines that a shard reads."`
	Measure   shard.Measure `default:"wsd" enum:"wsd,cosine,euclid" help:"One of wsd, cosine, euclid."`
	N         int           `short:"n" help:"The rows that TMA is to choose at least, of which follows how many candidates are kept; 0 for all."`
	Depth     int           `help:"Candidates to keep for each test vector, rather than what follows of -n."`
	Taken     string        `type:"existingfile" placeholder:"FILE" help:"What kairos merge printed when candidates were too few: go on from there."`
	Vectors   string        `type:"existingfile" placeholder:"FILE" help:"The training vectors; by default lines on standard input, of a row, a tab, and a list in brackets or base64 of float32 values."`
	From      int           `help:"The first row of --vectors."`
	To        int           `help:"The row of --vectors after the last; 0 for the end."`
	Texts     bool          `help:"The lines hold texts to embed: {\"row\": 0, \"text\": \"…\"}. What was embedded before, here, is not embedded again."`
	Encoder   string        `default:"all-MiniLM-L6-v2" help:"What embeds texts: its name or directory."`
	MaxTokens int           `placeholder:"N" help:"Where long texts are cut; by default at 256 tokens."`
}

func (shardCommand) Help() string {
	return "Measures a part of the training rows against all test vectors, and prints what kairos merge puts together. " +
		"It works on one core: run as many as there are.\n\n" +
		"seq 0 10000 90000 | xargs -P8 -I{} sh -c 'kairos shard --test test.npy --vectors train.npy --from {} --to $(({}+10000)) > shard-{}'\n\n" +
		"kairos merge shard-* > order.tsv"
}

// Run computes a shard.
func (c *shardCommand) Run(s worker.Streams) error {
	return interruptible(func(ctx context.Context) error {
		if c.Test == "" && c.Method != "embed" {
			return errors.New("shard: the test vectors are not named: want --test FILE")
		}
		rows, total, err := c.rows(ctx, s.In)
		if err != nil {
			return err
		}
		if c.Method == "embed" {
			return shard.WriteRows(s.Out, rows)
		}
		test, err := readVectors(c.Test)
		if err != nil {
			return err
		}
		cfg, err := c.config(test.Rows, total)
		if err != nil {
			return err
		}
		part, err := shard.Compute(ctx, rows, test, cfg)
		if err != nil {
			return err
		}
		return part.Write(s.Out)
	})
}

// rows are the training rows of the shard, and how many there are in all, or 0 if that is not known.
func (c *shardCommand) rows(ctx context.Context, in io.Reader) (iter.Seq2[shard.Rows, error], int, error) {
	switch {
	case c.Vectors == "" && (c.From != 0 || c.To != 0):
		return nil, 0, errors.New("shard: --from and --to are rows of --vectors FILE: name it")
	case c.Vectors != "" && c.Texts:
		return nil, 0, errors.New("shard: --vectors and --texts: want one of the two")
	case c.Texts:
		rows, err := c.embedded(ctx, in)
		return rows, 0, err
	case c.Vectors == "":
		return shard.Lines(in), 0, nil
	}
	file, err := vectors.Open(c.Vectors) // until the process ends
	if err != nil {
		return nil, 0, err
	}
	total, _ := file.Dims()
	return shard.Blocks(ctx, file, c.From, cmp.Or(min(c.To, total), total)), total, nil
}

// embedded are the rows of texts.
func (c *shardCommand) embedded(ctx context.Context, in io.Reader) (iter.Seq2[shard.Rows, error], error) {
	index, texts, err := shard.Texts(in)
	if err != nil {
		return nil, err
	}
	embedded, err := job.Embedding{Encoder: c.Encoder, MaxTokens: c.MaxTokens, Fill: fill}.Texts(ctx, texts) // until the process ends
	if err != nil {
		return nil, err
	}
	rows, err := embedded.Of(texts)
	if err != nil {
		return nil, err
	}
	return shard.Indexed(ctx, rows, index), nil
}

// config says what of each shard is needed.
func (c *shardCommand) config(columns, total int) (shard.Config, error) {
	cfg := shard.Config{Measure: c.Measure, Scores: !strings.HasPrefix(c.Method, "tma"), Farthest: c.Method == "fft" || c.Method == "tma-max"}
	if cfg.Scores {
		return cfg, nil
	}
	taken, err := readPlaces(c.Taken)
	if err != nil {
		return cfg, err
	}
	cfg.Taken = arrange.Order(taken)
	n := cmp.Or(c.N, total)
	if cfg.Depth = c.Depth; cfg.Depth == 0 {
		if n == 0 {
			return cfg, errors.New("shard: TMA of lines wants -n, how many rows it is to choose, or --depth")
		}
		cfg.Depth = arrange.Depth(n, columns)
	}
	return cfg, nil
}

type mergeCommand struct {
	Files   []string `arg:"" optional:"" type:"existingfile" help:"What shards and merges printed; by default standard input."`
	N       int      `short:"n" help:"The rows that TMA is to choose at least; 0 for all."`
	Rows    int      `help:"How many training rows there are in all: fewer are an error, even if it is the last ones that are missing."`
	Taken   string   `type:"existingfile" placeholder:"FILE" help:"The same as for the shards."`
	Partial bool     `help:"Print what another merge can go on with, of some of the shards."`
}

func (mergeCommand) Help() string {
	return "Puts together what shards printed, in any order, and prints the arrangement: a line for each row, with its index, its round, and its distance.\n\n" +
		"Exit status 3 says that the shards kept too few candidates for TMA. What was printed are the first rounds. Compute the shards anew with " +
		"--taken FILE, where FILE holds what was printed, and twice the --depth, and merge them with --taken FILE."
}

// Run merges shards.
func (c *mergeCommand) Run(s worker.Streams) error {
	part, err := c.read(s.In)
	if err != nil {
		return err
	}
	if c.Partial {
		return part.Write(s.Out)
	}
	if err := part.Complete(c.Rows); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	taken, err := readPlaces(c.Taken)
	if err != nil {
		return err
	}
	places, enough, err := part.Places(c.N, taken)
	if err != nil {
		return err
	}
	if err := shard.WritePlaces(s.Out, places); err != nil {
		return err
	}
	if !enough {
		fmt.Fprintf(s.Err, "kairos: merge: the shards kept too few candidates: the first %d rows are printed; for more, run the shards again with --taken FILE, which holds these, and --depth %d, and merge with --taken FILE\n",
			len(places), part.Deeper())
		return exit(tooFew)
	}
	return nil
}

// read merges what the files hold.
func (c *mergeCommand) read(in io.Reader) (*shard.Part, error) {
	if len(c.Files) == 0 {
		return shard.Read(in)
	}
	merged := new(shard.Part)
	for _, path := range c.Files {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		part, err := shard.Read(file)
		file.Close()
		if err == nil && part.Rows() == 0 {
			err = errors.New("there is nothing in it: the shard was lost")
		}
		if err == nil {
			err = merged.Merge(part)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return merged, nil
}

// readVectors reads a whole file of vectors.
func readVectors(path string) (*matrix.Dense, error) {
	file, err := vectors.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, _ := file.Dims()
	return file.Block(context.Background(), 0, rows, nil)
}

// readPlaces reads an arrangement from a file; "" holds none.
func readPlaces(path string) ([]arrange.Place, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	places, err := shard.ReadPlaces(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return places, nil
}
