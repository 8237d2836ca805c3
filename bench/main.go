// Command bench measures training, evaluation and embedding, and with -peers
// the same work by transformers and sentence-transformers, in turn, each run a
// process of its own. It prints medians, peak memory and ratios as a table.
//
//	go run ./bench [-runs 3] [-peers PYTHON]
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"kairos/stdlib/assets"
)

// figures are what one process measured.
type figures struct {
	Rate float64 `json:"rate"`
	Unit string  `json:"unit"`
	Peak float64 `json:"peak"` // resident bytes
}

// workload returns one step of a work, and how many units the step does.
type workload func() (step func() error, amount int, unit string, err error)

func main() {
	runs := flag.Int("runs", 3, "processes of each side")
	peers := flag.String("peers", "", "the Python of the peer environment; empty = do not run the peers")
	work := flag.String("work", "", "measure this one work in this process, and print its figures as JSON")
	flag.Parse()
	var err error
	if *work == "" {
		err = compare(*runs, *peers)
	} else {
		err = measure(workloads[*work])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare runs every work on both sides in turn and prints the table.
func compare(runs int, peers string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cache, err := assets.Dir()
	if err != nil {
		return err
	}
	fmt.Println("| work | kairos, median | peak | peer, median | peak | rate, kairos/peer | peak, kairos/peer |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, work := range []string{"train", "eval", "embed"} {
		var ours, theirs []figures
		for range runs {
			if ours, err = run(ours, self, "-work", work); err != nil {
				return err
			}
			if peers == "" {
				continue
			}
			if theirs, err = run(theirs, peers, filepath.Join("bench", "peers.py"), work, cache); err != nil {
				return err
			}
		}
		fmt.Println(row(work, ours, theirs))
	}
	return nil
}

// run runs one side in a process of its own and appends its figures.
func run(list []figures, name string, args ...string) ([]figures, error) {
	cmd := exec.Command(name, args...)
	out, err := cmd.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			err = fmt.Errorf("%w\n%s", err, failed.Stderr)
		}
		return nil, fmt.Errorf("%v: %w", cmd.Args, err)
	}
	var f figures
	if err := json.Unmarshal(out, &f); err != nil {
		return nil, fmt.Errorf("%v: %w", cmd.Args, err)
	}
	return append(list, f), nil
}

func row(work string, ours, theirs []figures) string {
	rate, peak := medians(ours)
	cells := []string{work, fmt.Sprintf("%.1f %s", rate, ours[0].Unit), gigabytes(peak), "–", "–", "–", "–"}
	if len(theirs) > 0 {
		peerRate, peerPeak := medians(theirs)
		cells = append(cells[:3], fmt.Sprintf("%.1f %s", peerRate, ours[0].Unit), gigabytes(peerPeak),
			fmt.Sprintf("%.2f", rate/peerRate), fmt.Sprintf("%.2f", peak/peerPeak))
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

func medians(list []figures) (rate, peak float64) {
	var rates, peaks []float64
	for _, f := range list {
		rates, peaks = append(rates, f.Rate), append(peaks, f.Peak)
	}
	return median(rates), median(peaks)
}

func gigabytes(bytes float64) string { return fmt.Sprintf("%.2f GB", bytes/1e9) }

// measure runs a workload four times and prints the median rate of the last three.
func measure(w workload) error {
	step, amount, unit, err := w()
	if err != nil {
		return err
	}
	var rates []float64
	for i := range 4 {
		start := time.Now()
		if err := step(); err != nil {
			return err
		}
		if i > 0 {
			rates = append(rates, float64(amount)/time.Since(start).Seconds())
		}
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(figures{median(rates), unit, float64(usage.Maxrss) * 1024})
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
