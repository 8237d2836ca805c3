// Package spark has an Apache Spark cluster arrange training rows whose vectors lie in a table, in
// Parquet or JSON lines, that all its machines can read. It is pure Go, and so is what runs there:
// Spark's TRANSFORM pipes each partition of the table through kairos shard, and what the shards say
// through kairos merge. No code in Python or Java is needed, and nothing that Spark does not hold.
//
//	Scores  NFT and FFT: a score for every row, for arrange.Nearest and Farthest
//	TMA     the rounds of TMA
//	Write   a table of vectors that were computed here
//
// Both answers are the ones of a single machine, to the last bit, whatever workers are lost on the
// way: Spark runs a lost part again, lets only one attempt at each speak, and every part says at
// its end what it held (package shard).
//
// The SQL is run by spark-sql, from $SPARK_HOME/bin or PATH. The cluster can be any that Spark
// knows of: spark://host:7077, yarn, k8s://…, or local[2] for this machine alone.
package spark

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard"
	"kairos/stdlib/vectors"
)

// Config says what is arranged, and by which cluster.
type Config struct {
	Master string        // URL of the cluster; "" is what spark-sql itself is configured for
	Train  string        // the table: a path or URL that the cluster's machines can read
	Test   *matrix.Dense // the test vectors
	Row    string        // the column of each row's index, from 0, in any order; "" is row
	Vector string        // the column of the vectors: an array of numbers, float32 values as binary, or base64 of those; "" is vector
	Format string        // parquet, json, or another of Spark's; "" goes by the name of Train, and is parquet if that says nothing

	Measure shard.Measure // "" is WSD
	Depth   int           // candidates of a column in the first pass of TMA; 0 is arrange.Depth

	Program  string                             // kairos for the machines of the cluster; "" is this program
	Conf     map[string]string                  // settings of Spark, as of --conf
	Progress func(what string, done, total int) // of the tasks of a step, as they end; may be nil
	Log      io.Writer                          // what spark-sql says; may be nil
}

// Scores returns the score of every row by cfg.Measure.
func Scores(ctx context.Context, cfg Config) ([]float64, error) {
	scores, err := withJob(ctx, cfg, func(j *job) ([]float64, error) {
		part, err := j.pass(ctx, pass{scores: true})
		if err != nil {
			return nil, err
		}
		return part.Scores()
	})
	if err != nil {
		return nil, fmt.Errorf("spark: scores: %w", err)
	}
	return scores, nil
}

// TMA returns rounds as arrange.TMA does. Where a pass over the table kept too few candidates it is
// followed by one of twice the depth over the rows that are left.
func TMA(ctx context.Context, cfg Config, tma arrange.TMAConfig) ([][]int, error) {
	rounds, err := withJob(ctx, cfg, func(j *job) ([][]int, error) { return j.tma(ctx, tma) })
	if err != nil {
		return nil, fmt.Errorf("spark: tma: %w", err)
	}
	return rounds, nil
}

// job is a run: its files lie in dir, and what was found out about the table.
type job struct {
	cfg    Config
	dir    string
	sql    string // the program
	rows   int
	vector string // expression for the vector as text
}

// withJob runs f with what a job needs.
func withJob[T any](ctx context.Context, cfg Config, f func(*job) (T, error)) (result T, err error) {
	j := &job{cfg: cfg}
	if err := j.check(); err != nil {
		return result, err
	}
	if j.sql, err = find(); err != nil {
		return result, err
	}
	if j.dir, err = os.MkdirTemp("", "kairos-spark-"); err != nil {
		return result, err
	}
	defer os.RemoveAll(j.dir)
	if err := j.stage(ctx); err != nil {
		return result, err
	}
	if err := j.look(ctx); err != nil {
		return result, err
	}
	return f(j)
}

// check completes the configuration.
func (j *job) check() error {
	c := &j.cfg
	if c.Train == "" {
		return errors.New("no table is named: want the path of the training vectors")
	}
	if strings.ContainsAny(c.Train+c.Row+c.Vector+c.Format, "\n\r\x00") {
		return errors.New("a name holds a line break")
	}
	if !strings.Contains(c.Train, "://") {
		path, err := filepath.Abs(c.Train)
		if err != nil {
			return err
		}
		c.Train = path
	}
	if c.Row == "" {
		c.Row = "row"
	}
	if c.Vector == "" {
		c.Vector = "vector"
	}
	if c.Format == "" {
		c.Format = formatOf(c.Train)
	}
	if c.Program == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		c.Program = self
	}
	return nil
}

func formatOf(path string) string {
	switch ext := filepath.Ext(strings.TrimSuffix(path, ".gz")); ext {
	case ".json", ".jsonl", ".ndjson":
		return "json"
	case ".orc", ".avro":
		return ext[1:]
	}
	return "parquet"
}

// Names of the files that Spark hands to the machines of the cluster.
const (
	programFile = "kairos"
	testFile    = "test.safetensors"
	takenFile   = "taken.txt"
)

// stage puts what the cluster needs into the directory of the job.
func (j *job) stage(ctx context.Context) error {
	program, err := filepath.Abs(j.cfg.Program)
	if err != nil {
		return err
	}
	if _, err := os.Stat(program); err != nil {
		return err
	}
	if err := os.Symlink(program, j.file(programFile)); err != nil {
		return err
	}
	return vectors.Write(ctx, j.file(testFile), j.cfg.Test, vectors.Info{})
}

func (j *job) file(name string) string { return filepath.Join(j.dir, name) }

// tma makes passes over the table until the rounds hold enough rows.
func (j *job) tma(ctx context.Context, tma arrange.TMAConfig) (rounds [][]int, err error) {
	want := min(tma.Num, j.rows)
	if want <= 0 {
		want = j.rows
	}
	p := pass{depth: j.cfg.Depth, farthest: tma.Farthest}
	if p.depth <= 0 {
		p.depth = arrange.Depth(want, j.cfg.Test.Rows)
	}
	for {
		part, err := j.pass(ctx, p)
		if err != nil {
			return nil, err
		}
		more, enough, err := part.Rounds(want)
		if err != nil {
			return nil, err
		}
		rounds = append(rounds, more...)
		if p.taken, err = arrange.PlacesOfRounds(rounds, nil); err != nil || enough {
			return rounds, err
		}
		p.depth = min(2*p.depth, want)
	}
}

// writeTaken writes the rows that the shards of a pass are to leave out.
func (j *job) writeTaken(taken []arrange.Place) error {
	var text bytes.Buffer
	if err := shard.WritePlaces(&text, taken); err != nil {
		return err
	}
	return os.WriteFile(j.file(takenFile), text.Bytes(), 0o666)
}
