// Package job arranges files of training data: what the command kairos arrange does, for programs.
// It is pure Go; embedding, which is not, is a function that it is given.
//
//	Config   which files, which method and measure, where to
//	Run      reads, embeds what the cache lacks, measures, arranges and writes; Report is what came of it
//	Task     the question of an arrangement, with vectors; Local answers it in this process, and any
//	         other Engine may do it elsewhere
//	Embed    only embeds files, into a file of vectors; Embedding says how, and has a cache for texts
//
// Vectors are read a block at a time, distances are computed when they are asked for: memory holds
// the records, and of the distances no more than the measure needs.
package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kairos/internal/atomicfile"
	"kairos/stdlib/data"
)

// Config says what to arrange, and how. What is required is Train, Test, Method and Out.
type Config struct {
	Train []string // files or directories, as data.ReadRecords reads them
	Test  []string // the unseen data that training is for
	Out   string   // NAME.jsonl or NAME.parquet

	Method  string // one of Methods
	Measure string // one of Measures; "" = wsd for nft and fft, cosine for TMA, none for what needs none
	N       int    // rows to arrange, TMA's last round whole; 0 = all
	Seed    uint64 // of rt
	Force   bool   // replace the output if it is there

	Embedding           // where vectors come from
	TrainVectors string // a file of vectors instead, a row for each of Train's records
	TestVectors  string // and of Test's

	Engine Engine       // that arranges; nil = Local
	Warn   func(string) // called with what is odd, though no error
}

// Methods are the arrangements of the paper, and Measures what a row's distance can be.
var (
	Methods  = []string{"nft", "fft", "rt", "round-robin", "cluster", "tma-min", "tma-max", "tma-min-max", "tma-max-min"}
	Measures = []string{"wsd", "cosine", "euclid", "ot", "sinkhorn", "kl"}
)

// inputs are the records of both sides.
type inputs struct{ train, test []data.Record }

// Run arranges the records of cfg.Train, and writes beside the output, NAME.jsonl, a picture of the
// distances, NAME.jsonl.distances.png, and a manifest, NAME.jsonl.manifest.json. Each file appears
// whole or not at all. What cannot work is refused before anything long begins.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	begin := time.Now()
	report, err := run(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("arrange: %w", err)
	}
	report.Took = time.Since(begin)
	return report, nil
}

func run(ctx context.Context, cfg Config) (*Report, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	in, err := cfg.read()
	if err != nil {
		return nil, err
	}
	task, closing, err := cfg.task(ctx, in)
	if err != nil {
		return nil, err
	}
	defer closing()
	engine := cfg.Engine
	if engine == nil {
		engine = Local
	}
	places, err := engine(ctx, *task)
	if err != nil {
		return nil, err
	}
	return cfg.write(in, task, places)
}

// check refuses what is wrong whatever the files hold, and fills in the measure.
func (cfg *Config) check() error {
	if !slices.Contains(Methods, cfg.Method) {
		return fmt.Errorf("method %q: want one of %s", cfg.Method, strings.Join(Methods, ", "))
	}
	if cfg.Measure == "" {
		cfg.Measure = map[string]string{"nft": "wsd", "fft": "wsd"}[cfg.Method]
		if isTMA(cfg.Method) {
			cfg.Measure = "cosine"
		}
	} else if !slices.Contains(Measures, cfg.Measure) {
		return fmt.Errorf("measure %q: want one of %s", cfg.Measure, strings.Join(Measures, ", "))
	}
	if isTMA(cfg.Method) && cfg.Measure != "cosine" && cfg.Measure != "euclid" {
		return fmt.Errorf("method %s with measure %s: TMA compares pairs of rows, so it needs a distance of pairs: cosine or euclid", cfg.Method, cfg.Measure)
	}
	if cfg.N < 0 {
		return fmt.Errorf("n is %d: want how many rows, or 0 for all", cfg.N)
	}
	if len(cfg.Train) == 0 || len(cfg.Test) == 0 {
		return errors.New("want at least one file of training data and one of test data")
	}
	return checkOut(cfg.Out, cfg.Force, ".jsonl", ".parquet")
}

// checkOut refuses an output that cannot be written.
func checkOut(path string, force bool, extensions ...string) error {
	if !slices.Contains(extensions, filepath.Ext(path)) {
		return fmt.Errorf("output %q: want a name that ends in %s", path, strings.Join(extensions, " or "))
	}
	if stat, err := os.Stat(path); err == nil && stat.IsDir() {
		return fmt.Errorf("output %s: it is a directory", path)
	} else if err == nil && !force {
		return fmt.Errorf("output %s: there is such a file already: name another, or have it replaced (-f)", path)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("output: %w", err)
	}
	probe, err := atomicfile.Create(path)
	if err != nil {
		return fmt.Errorf("output: %w", err)
	}
	probe.Abort()
	return nil
}

// read reads both sides.
func (cfg *Config) read() (in inputs, err error) {
	if in.train, err = readAll("train", cfg.Train); err != nil {
		return in, err
	}
	if in.test, err = readAll("test", cfg.Test); err != nil {
		return in, err
	}
	if cfg.N > len(in.train) {
		return in, fmt.Errorf("n is %d: there are %d training records", cfg.N, len(in.train))
	}
	if cfg.Method == "round-robin" || cfg.Method == "cluster" {
		for i, r := range in.train {
			if r.Task == "" {
				return in, fmt.Errorf("method %s: training record %d has no task", cfg.Method, i)
			}
		}
	}
	cfg.warnOfDuplicates("train", in.train)
	cfg.warnOfDuplicates("test", in.test)
	return in, nil
}

func readAll(side string, paths []string) ([]data.Record, error) {
	var all []data.Record
	for _, path := range paths {
		records, err := data.ReadRecords(path)
		if err != nil {
			return nil, err
		}
		all = append(all, records...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s is empty: no record in %s", side, strings.Join(paths, ", "))
	}
	return all, nil
}

// warnOfDuplicates tells of ids that are not one record's alone. Records are told apart by their
// number, so the arrangement is right all the same.
func (cfg *Config) warnOfDuplicates(side string, records []data.Record) {
	if cfg.Warn == nil {
		return
	}
	first := make(map[string]int)
	count, example := 0, ""
	for i, r := range records {
		if r.ID == "" {
			continue
		}
		if k, seen := first[r.ID]; seen {
			if count++; count == 1 {
				example = fmt.Sprintf("records %d and %d are both %q", k, i, r.ID)
			}
			continue
		}
		first[r.ID] = i
	}
	if count > 0 {
		cfg.Warn(fmt.Sprintf("%s: %d records have the id of an earlier one: %s", side, count, example))
	}
}

func isTMA(method string) bool { return strings.HasPrefix(method, "tma") }
