// Command arranging measures similarity and arrangement beside numpy, POT and the reference's method in Python. It is pure
// Go: what it needs of memory is not hidden behind libtorch.
//
//	go run ./bench/arranging [-runs 5] [-only wsd,tma] [-peers PYTHON]
package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"kairos/bench/compare"
	"kairos/stdlib/arrange"
	"kairos/stdlib/assets"
	"kairos/stdlib/data"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
	"kairos/stdlib/vectors"
)

// The works are the same as in peers.py.
func main() {
	compare.Main("bench/arranging/peers.py",
		compare.Work{Name: "wsd", Setup: wsd},
		compare.Work{Name: "tma", Setup: func() (compare.Step, error) { return tma(100_000, 10_000) }, Steps: -1},
		compare.Work{Name: "tma-large", Setup: func() (compare.Step, error) { return tma(1_340_000, 30_000) }, Steps: -1, Alone: true},
		compare.Work{Name: "emd", Setup: emd},
		compare.Work{Name: "kl-prefixes", Setup: klPrefixes, Steps: -1},
		compare.Work{Name: "kl-rows", Setup: klRows, Steps: -1},
	)
}

const width = 384 // of the vectors

// wsd is from embeddings in a file to the nearest-first order.
func wsd() (compare.Step, error) {
	train, test, err := sides(100_000, 1_125)
	if err != nil {
		return compare.Step{}, err
	}
	step := func() error {
		dist, err := similarity.LazyCosine(train, test)
		if err != nil {
			return err
		}
		scores, err := similarity.WSD(context.Background(), dist)
		if err != nil {
			return err
		}
		_, err = arrange.Nearest(scores)
		return err
	}
	return compare.Step{Do: step, Amount: 100_000, Unit: "rows/s"}, nil
}

// tma is from embeddings in a file to so many rows chosen.
func tma(rows, num int) (compare.Step, error) {
	train, test, err := sides(rows, 1_125)
	if err != nil {
		return compare.Step{}, err
	}
	step := func() error {
		dist, err := similarity.LazyCosine(train, test)
		if err != nil {
			return err
		}
		_, err = arrange.TMA(context.Background(), dist, arrange.TMAConfig{Num: num})
		return err
	}
	return compare.Step{Do: step, Amount: rows, Unit: "rows/s"}, nil
}

// emd is exact optimal transport between 2,000 and 1,000 vectors.
func emd() (compare.Step, error) {
	train, test, err := sides(2_000, 1_000)
	if err != nil {
		return compare.Step{}, err
	}
	rows, err := train.Map()
	if err != nil {
		return compare.Step{}, err
	}
	cost, err := similarity.Cosine(context.Background(), rows, test)
	if err != nil {
		return compare.Step{}, err
	}
	step := func() error {
		_, err := similarity.Transport(context.Background(), cost, similarity.TransportConfig{})
		return err
	}
	return compare.Step{Do: step, Amount: 1, Unit: "plans/s"}, nil
}

// klPrefixes is the divergence of the bigrams of ten prefixes of 100,000 texts from those of 1,000 others.
func klPrefixes() (compare.Step, error) {
	train, test, err := texts()
	step := func() error {
		_, err := similarity.PrefixKL(context.Background(), train, [][]string{test}, 10_000, similarity.NGramConfig{})
		return err
	}
	return compare.Step{Do: step, Amount: len(train), Unit: "texts/s"}, err
}

// klRows is that of each text.
func klRows() (compare.Step, error) {
	train, test, err := texts()
	step := func() error {
		_, err := similarity.NGramKL(context.Background(), train, test, similarity.NGramConfig{})
		return err
	}
	return compare.Step{Do: step, Amount: len(train), Unit: "texts/s"}, err
}

// texts are inputs of Natural Instructions.
func texts() (train, test []string, err error) {
	tasks, err := data.NaturalInstructions()
	if err != nil {
		return nil, nil, err
	}
	var all []string
	for _, task := range tasks {
		for _, instance := range task.Instances {
			all = append(all, instance.Input)
		}
	}
	if len(all) < 101_000 {
		return nil, nil, fmt.Errorf("%d texts: want 101,000", len(all))
	}
	return all[:100_000], all[100_000:101_000], nil
}

// sides are synthetic unit vectors, made once and kept in the cache.
func sides(rows, columns int) (train *vectors.File, test *matrix.Dense, err error) {
	if train, err = synthetic(rows); err != nil {
		return nil, nil, err
	}
	file, err := synthetic(columns)
	if err != nil {
		return nil, nil, err
	}
	test, err = file.Map()
	return train, test, err
}

func synthetic(rows int) (*vectors.File, error) {
	cache, err := assets.Dir()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(cache, "bench", fmt.Sprintf("%dx%d.safetensors", rows, width))
	if _, err := os.Stat(path); err == nil {
		return vectors.Open(path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	w, err := vectors.Create(path, width, vectors.Info{Encoder: "synthetic"})
	if err != nil {
		return nil, err
	}
	defer w.Abort()
	random := rand.New(rand.NewPCG(uint64(rows), width))
	for done := 0; done < rows; {
		block := matrix.New(min(10_000, rows-done), width)
		for i := range block.Rows {
			unit(random, block.Row(i))
		}
		if err := w.Append(block); err != nil {
			return nil, err
		}
		done += block.Rows
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return vectors.Open(path)
}

// unit fills row with a random direction.
func unit(random *rand.Rand, row []float32) {
	var sum float64
	for k := range row {
		x := random.NormFloat64()
		row[k] = float32(x)
		sum += x * x
	}
	for k := range row {
		row[k] /= float32(math.Sqrt(sum))
	}
}
