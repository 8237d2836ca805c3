package job

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/arrange"
	"kairos/stdlib/shard"
	"kairos/stdlib/shard/spark"
)

// SparkConfig says which cluster arranges.
type SparkConfig struct {
	Master string // URL; "" = what spark-sql is configured for
	Dir    string // a directory that all machines of the cluster can read, for the training vectors
}

// Spark is the Engine that has an Apache Spark cluster do nft and fft by wsd, cosine and euclid, and
// tma-min and tma-max; other methods and measures are errors. The answers are those of Local.
func Spark(cfg SparkConfig) Engine {
	return func(ctx context.Context, t Task) ([]arrange.Place, error) {
		switch {
		case t.Method != "nft" && t.Method != "fft" && t.Method != "tma-min" && t.Method != "tma-max":
			return nil, fmt.Errorf("method %s: spark does nft, fft, tma-min and tma-max", t.Method)
		case t.Measure != "wsd" && t.Measure != "cosine" && t.Measure != "euclid":
			return nil, fmt.Errorf("measure %s: spark does wsd, cosine and euclid", t.Measure)
		}
		dir, err := os.MkdirTemp(cfg.Dir, "kairos-spark-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil { // the cluster may be another user
			return nil, err
		}
		job := spark.Config{Master: cfg.Master, Train: filepath.Join(dir, "train.parquet"), Test: t.Test, Measure: shard.Measure(t.Measure)}
		if err := spark.Write(ctx, job.Train, t.Train); err != nil {
			return nil, err
		}
		steps := map[string]func(done, total int){}
		job.Progress = func(what string, done, total int) {
			if steps[what] == nil {
				steps[what] = t.Progress(what)
			}
			steps[what](done, total)
		}
		return t.onSpark(ctx, job)
	}
}

func (t Task) onSpark(ctx context.Context, job spark.Config) ([]arrange.Place, error) {
	if isTMA(t.Method) {
		rounds, err := spark.TMA(ctx, job, arrange.TMAConfig{Num: t.N, Farthest: t.Method == "tma-max"})
		if err != nil {
			return nil, err
		}
		return t.inRounds(ctx, rounds)
	}
	scores, err := spark.Scores(ctx, job)
	if err != nil {
		return nil, err
	}
	return t.inOrder(scores)
}
