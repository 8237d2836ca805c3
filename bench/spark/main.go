// Command spark arranges vectors on a Spark cluster that it starts, one master and two workers on this machine, kills a
// worker with SIGKILL in the middle of each run, and compares with the arrangement that one process makes in memory: it
// fails unless they are the same, and unless Spark lost work with the worker.
//
//	SPARK_HOME=… go run ./bench/spark [-rows 200000] [-tests 1000] [-width 384] [-num 30000] [-depth 0] [-log FILE]
//
// The vectors are random, of a seed, in clusters, with some rows that are equal. They are written as Parquet.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard/spark"
	"kairos/stdlib/similarity"
)

type options struct {
	rows, tests, width, num, depth int
	program, log                   string
}

func main() {
	var o options
	flag.IntVar(&o.rows, "rows", 200_000, "training rows")
	flag.IntVar(&o.tests, "tests", 1000, "test rows")
	flag.IntVar(&o.width, "width", 384, "of a vector")
	flag.IntVar(&o.num, "num", 30_000, "rows that TMA chooses")
	flag.IntVar(&o.depth, "depth", 0, "candidates that shards keep in the first pass; 0 is what kairos finds right")
	flag.StringVar(&o.program, "kairos", "", "the program for the workers; if empty, it is built")
	flag.StringVar(&o.log, "log", "", "a file for what spark-sql says")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "bench-spark-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.program, err = build(o.program, dir); err != nil {
		return err
	}
	train, test := random(o.rows, o.width, 1), random(o.tests, o.width, 2)
	table := filepath.Join(dir, "train.parquet")
	if err := spark.Write(ctx, table, train); err != nil {
		return err
	}
	fmt.Printf("%d rows, %d test rows, %d dimensions; %s\n", o.rows, o.tests, o.width, size(table))
	memory, err := inMemory(ctx, train, test, o.num)
	if err != nil {
		return err
	}
	*train = matrix.Dense{} // give Spark the room
	runtime.GC()
	c, err := start(ctx, dir)
	if err != nil {
		return err
	}
	defer c.stop()
	if o.log != "" {
		if c.log, err = os.Create(o.log); err != nil {
			return err
		}
		defer c.log.Close()
	}
	return compare(ctx, c, spark.Config{Master: c.master, Train: table, Test: test, Program: o.program, Depth: o.depth}, memory, o.num)
}

// build returns the path of kairos.
func build(path, dir string) (string, error) {
	if path != "" {
		return filepath.Abs(path)
	}
	path = filepath.Join(dir, "kairos")
	build := exec.Command("go", "build", "-o", path, "kairos")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build kairos: %w\n%s", err, out)
	}
	return path, nil
}

// random makes vectors around a hundred centres. Every hundredth row is equal to the one before.
func random(rows, width int, seed uint64) *matrix.Dense {
	draw := rand.New(rand.NewPCG(seed, 0))
	centres := matrix.New(100, width)
	fill := rand.New(rand.NewPCG(0, 0))
	for k := range centres.Data {
		centres.Data[k] = float32(fill.NormFloat64())
	}
	m := matrix.New(rows, width)
	for i := range rows {
		if i%100 == 99 {
			copy(m.Row(i), m.Row(i-1))
			continue
		}
		centre := centres.Row(draw.IntN(centres.Rows))
		for k := range m.Row(i) {
			m.Row(i)[k] = centre[k] + float32(draw.NormFloat64())
		}
	}
	return m
}

func size(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%.0f MB as Parquet", float64(info.Size())/1e6)
}

// answer is what both sides find.
type answer struct {
	nearest []int
	rounds  [][]int
}

func inMemory(ctx context.Context, train, test *matrix.Dense, num int) (a answer, err error) {
	began := time.Now()
	distances, err := similarity.LazyCosine(train, test)
	if err != nil {
		return a, err
	}
	scores, err := similarity.WSD(ctx, distances)
	if err != nil {
		return a, err
	}
	if a.nearest, err = arrange.Nearest(scores); err != nil {
		return a, err
	}
	fmt.Printf("NFT in memory: %.1f s\n", time.Since(began).Seconds())
	began = time.Now()
	a.rounds, err = arrange.TMA(ctx, distances, arrange.TMAConfig{Num: num})
	fmt.Printf("TMA in memory: %.1f s, %d rows in %d rounds\n", time.Since(began).Seconds(), len(arrange.Flatten(a.rounds)), len(a.rounds))
	return a, err
}

// compare has the cluster find the same.
func compare(ctx context.Context, c *cluster, cfg spark.Config, memory answer, num int) error {
	var a answer
	err := c.hunted("NFT", &cfg, func() error {
		scores, err := spark.Scores(ctx, cfg)
		if err == nil {
			a.nearest, err = arrange.Nearest(scores)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !slices.Equal(a.nearest, memory.nearest) {
		return fmt.Errorf("NFT: Spark's order is another than the one in memory")
	}
	fmt.Printf("NFT: identical, %d rows\n", len(a.nearest))
	err = c.hunted("TMA", &cfg, func() (err error) {
		a.rounds, err = spark.TMA(ctx, cfg, arrange.TMAConfig{Num: num})
		return err
	})
	if err != nil {
		return err
	}
	if !slices.EqualFunc(a.rounds, memory.rounds, slices.Equal) {
		return fmt.Errorf("TMA: Spark's rounds are others than those in memory")
	}
	fmt.Printf("TMA: identical, %d rows in %d rounds\n", len(arrange.Flatten(a.rounds)), len(a.rounds))
	return nil
}
