// Command interpreter measures programs as cells of a session, by yaegi as it comes, and compiled, in turn in one process,
// and prints medians and ratios as a table.
//
//	go run ./bench/interpreter [-rounds 21] [-only Fib,Maps] [-profile cpu.out]
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"kairos/bench/interpreter/programs"
)

func main() {
	rounds := flag.Int("rounds", 21, "runs of each side")
	only := flag.String("only", "", "names of programs, between commas; all, if empty")
	profile := flag.String("profile", "", "write a CPU profile to this file, of the session's side only")
	flag.Parse()
	sides := []side{inSession, byYaegi, compiled}
	if *profile != "" {
		sides = sides[:1]
	}
	err := profiled(*profile, func() error { return compare(sides, *rounds, *only) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// profiled runs f, and writes a CPU profile if a file is named.
func profiled(name string, f func() error) error {
	if name == "" {
		return f()
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return f()
}

func compare(sides []side, rounds int, only string) error {
	fmt.Println("| program | kairos | yaegi | compiled | kairos/yaegi | kairos/compiled |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, p := range programs.All {
		if only != "" && !slices.Contains(strings.Split(only, ","), p.Name) {
			continue
		}
		took, err := measure(p, sides, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Println(row(p.Name, took))
	}
	return nil
}

// measure runs a program on all sides in turn, and returns the median of each in seconds. It is 0 where the program does
// not run, which is yaegi's right only.
func measure(p programs.Program, sides []side, rounds int) ([]float64, error) {
	runs := make([]run, len(sides))
	for i, s := range sides {
		r, err := s(p)
		if err == nil {
			err = agrees(r, p)
		}
		switch {
		case err == nil:
			runs[i] = r
		case i != 1:
			return nil, err
		}
	}
	took := make([][]float64, len(sides))
	for range rounds {
		for i, run := range runs {
			begin := time.Now()
			if run != nil {
				run()
			}
			took[i] = append(took[i], time.Since(begin).Seconds())
		}
	}
	medians := make([]float64, len(sides))
	for i, list := range took {
		if runs[i] != nil {
			slices.Sort(list)
			medians[i] = list[len(list)/2]
		}
	}
	return medians, nil
}

// agrees compares what a run returns with what the compiled program does.
func agrees(r run, p programs.Program) error {
	got, err := r()
	if err == nil && got != p.Compiled() {
		err = fmt.Errorf("it returns %d, compiled %d", got, p.Compiled())
	}
	return err
}

// row writes medians, in the order of the sides, and ratios.
func row(name string, took []float64) string {
	cells := []string{name}
	for _, t := range took {
		cells = append(cells, number("%.2f ms", t*1e3))
	}
	for _, t := range took[1:] {
		cells = append(cells, number("%.2f", took[0]/t))
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// number writes a number that is known.
func number(format string, x float64) string {
	if x == 0 || x > 1e9 {
		return "–"
	}
	return fmt.Sprintf(format, x)
}
