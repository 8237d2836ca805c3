// Package compare measures the same work by kairos and by a peer in Python, in turn, each run a process of its own, and
// prints medians, peak memory and ratios as a table.
//
//	Work  what is measured
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
	Name string
	// Setup returns one step of the work, and how many of a unit the step does.
	Setup func() (step func() error, amount int, unit string, err error)
	// Steps are measured in a process after one that is not; 0 means 3. Below 0 there is one, and none before it: for what
	// takes long.
	Steps int
	Alone bool // the peer would take too long
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
		err = works[slices.IndexFunc(works, func(w Work) bool { return w.Name == *name })].measure()
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
			if ours, err = run(ours, self, "-work", work.Name); err != nil {
				return err
			}
			if peers == "" || work.Alone {
				continue
			}
			if theirs, err = run(theirs, peers, script, work.Name, strconv.Itoa(work.Steps), cache); err != nil {
				return err
			}
		}
		fmt.Println(row(work.Name, ours, theirs))
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

// measure runs the work in this process and prints its figures.
func (w Work) measure() error {
	step, amount, unit, err := w.Setup()
	if err != nil {
		return err
	}
	steps := cmp.Or(w.Steps, 3)
	if steps > 0 {
		if err := step(); err != nil {
			return err
		}
	}
	var rates []float64
	for range max(steps, 1) {
		start := time.Now()
		if err := step(); err != nil {
			return err
		}
		rates = append(rates, float64(amount)/time.Since(start).Seconds())
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
