// Package compare measures the same work by kairos and by a peer in Python, in turn, each run a process of its own, and
// prints medians, peak memory and ratios as a table.
//
//	Work  what is measured, Step by step
//	Main  the main function of a benchmark
package compare

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"kairos/stdlib/assets"
)

// Work is something that both sides do.
type Work struct {
	Name  string
	Setup func() (Step, error)
	// Steps are measured in a process after one that is not; 0 means 3. Below 0 there is one, and none before it: for what
	// takes long.
	Steps int
	Whole bool // what is measured is the process from its start to its end
	Alone bool // the peer would take too long
}

// Step is one step of a work.
type Step struct {
	Before func() error // what is not measured, if not nil
	Do     func() error
	Amount int // how many of a unit Do does
	Unit   string
}

// figures are what one process measured.
type figures struct {
	Rate float64 `json:"rate"`
	Unit string  `json:"unit"`
	Peak float64 `json:"peak"` // resident bytes
}

// Main measures the works, and with -peers PYTHON the same by a script, which gets the name of the work, the number of
// its steps as Work has it, and the cache.
func Main(script string, works ...Work) {
	runs := flag.Int("runs", 5, "processes of each side")
	peers := flag.String("peers", "", "the Python of the peer environment; empty = do not run the peers")
	name := flag.String("work", "", "measure this one work in this process, and print its figures as JSON")
	only := flag.String("only", "", "compare these works, separated by commas; empty = all")
	flag.Parse()
	var err error
	if *name == "" {
		err = compare(works, strings.Split(*only, ","), *runs, *peers, script)
	} else {
		err = fmt.Errorf("there is no work %q", *name)
		if i := slices.IndexFunc(works, func(w Work) bool { return w.Name == *name }); i >= 0 {
			err = works[i].measure()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare runs every work on both sides in turn and prints the table.
func compare(works []Work, only []string, runs int, peers, script string) error {
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
	for _, work := range works {
		if only[0] != "" && !slices.Contains(only, work.Name) {
			continue
		}
		var ours, theirs []figures
		for range runs {
			if ours, err = work.run(ours, self, "-work", work.Name); err != nil {
				return err
			}
			if peers == "" || work.Alone {
				continue
			}
			if theirs, err = work.run(theirs, peers, script, work.Name, strconv.Itoa(work.Steps), cache); err != nil {
				return err
			}
		}
		fmt.Println(row(work.Name, ours, theirs))
	}
	return nil
}

// run runs one side in a process of its own and appends its figures.
func (w Work) run(list []figures, name string, args ...string) ([]figures, error) {
	cmd := exec.Command(name, args...)
	start := time.Now()
	out, err := cmd.Output()
	took := time.Since(start).Seconds()
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
	if w.Whole {
		f.Rate = 1 / took
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

// measure runs the work in this process and prints its figures.
func (w Work) measure() error {
	step, err := w.Setup()
	if err != nil {
		return err
	}
	steps := cmp.Or(w.Steps, 3)
	if steps > 0 {
		if _, err := step.seconds(); err != nil {
			return err
		}
	}
	var rates []float64
	for range max(steps, 1) {
		took, err := step.seconds()
		if err != nil {
			return err
		}
		rates = append(rates, float64(step.Amount)/took)
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(figures{median(rates), step.Unit, float64(usage.Maxrss) * 1024})
}

// seconds does the step and returns how long it took.
func (s Step) seconds() (float64, error) {
	if s.Before != nil {
		if err := s.Before(); err != nil {
			return 0, err
		}
	}
	start := time.Now()
	err := s.Do()
	return time.Since(start).Seconds(), err
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
