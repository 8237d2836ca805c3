//go:build linux

// Command survive kills kairos train again and again, resumes it, and compares what comes of it with a run that nobody
// disturbed. Then it does the same with a disk that is full, where it may mount one, and it measures the memory of 1,000
// steps.
//
//	go run ./bench/survive -kairos bin/kairos [-kills 50] [-seed 1]
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

func main() {
	kairos := flag.String("kairos", "bin/kairos", "the program, with kairos-worker beside it")
	kills := flag.Int("kills", 50, "how often to kill")
	seed := flag.Uint64("seed", 1, "seed of the moments")
	flag.Parse()
	dir, err := os.MkdirTemp("", "survive")
	if err == nil {
		err = survive(*kairos, dir, *kills, rand.New(rand.NewPCG(*seed, 0)))
	}
	os.RemoveAll(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "survive:", err)
		os.Exit(1)
	}
}

func survive(kairos, dir string, kills int, random *rand.Rand) error {
	t := &trial{kairos: kairos, dir: dir, random: random, steps: 10 * kills}
	if err := t.writeData(); err != nil {
		return err
	}
	if err := t.undisturbed(); err != nil {
		return err
	}
	if err := t.kill(kills); err != nil {
		return err
	}
	if err := t.fillDisk(); err != nil {
		return err
	}
	return t.memory(1000)
}

// trial is a run of tiny, with data of its own.
type trial struct {
	kairos, dir string
	random      *rand.Rand
	steps       int
	want        map[string]string // what comes of it undisturbed
}

func (t *trial) path(name string) string { return filepath.Join(t.dir, name) }

// command is the command line that trains in a directory.
func (t *trial) command(out string, steps, every, save int) []string {
	return []string{
		"train", "-model", "tiny", "-data", t.path("train.jsonl"), "-test", t.path("test.jsonl"), "-out", out, "-resume",
		"-lr", "3e-3", "-schedule", "cosine", "-warmup", "10", "-clip", "1", "-weight-decay", "0.01", "-batch", "4",
		"-steps", strconv.Itoa(steps), "-every", strconv.Itoa(every), "-save", strconv.Itoa(save),
	}
}

// writeData writes sums to train on, and differences that stay unseen.
func (t *trial) writeData() error {
	for name, sign := range map[string]string{"train.jsonl": "+", "test.jsonl": "-"} {
		n := 4 * max(t.steps, 1000)
		if sign == "-" {
			n = 20
		}
		var text []byte
		for range n {
			a, b := t.random.IntN(100), t.random.IntN(100)
			answer := a + b
			if sign == "-" {
				answer = a - b
			}
			text = fmt.Appendf(text, "{\"task\": \"%s\", \"data\": [\"%d %s %d?\", \"%d\"]}\n", sign, a, sign, b, answer)
		}
		if err := os.WriteFile(t.path(name), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) undisturbed() error {
	out := t.path("undisturbed")
	if text, err := t.finish(t.command(out, t.steps, 5, 5)); err != nil {
		return fmt.Errorf("undisturbed: %w: %s", err, text)
	}
	var err error
	t.want, err = outcome(out)
	return err
}
