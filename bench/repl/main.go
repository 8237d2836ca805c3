// Command repl measures what a person waits for at a prompt, through a pseudo-terminal with an emulator on the other side,
// for kairos and those of its peers that are found on PATH, in turn in one run. It prints medians as a table, with the
// ratios to kairos.
//
//	go run ./bench/repl [-kairos bin/kairos] [-rounds 21] [-keys 300] [-only kairos,ipython]
//
// The time runs from before the program is started, or the key's byte is written, until the emulator has processed what
// then has to be on the screen: with it the pseudo-terminal and the emulator are measured, for all sides alike.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	kairos := flag.String("kairos", "", "the program; if empty, it is built as it is without libtorch")
	rounds := flag.Int("rounds", 21, "of each measure but keystrokes")
	keys := flag.Int("keys", 300, "keystrokes")
	only := flag.String("only", "", "names of sides, between commas; all, if empty")
	flag.Parse()
	if err := run(*kairos, *only, *rounds, *keys); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(kairos, only string, rounds, keys int) error {
	dir, err := os.MkdirTemp("", "bench-repl")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if kairos, err = program(kairos, dir); err != nil {
		return err
	}
	here, missing := sides(kairos, only, dir)
	for _, name := range missing {
		fmt.Printf("%s is not on PATH: it is not measured.\n", name)
	}
	columns := make([]column, len(here))
	for i, s := range here {
		columns[i] = column{name: s.name, version: s.says()}
	}
	starts, err := firstPrompts(here, rounds)
	if err != nil {
		return err
	}
	for i, s := range here {
		columns[i].start = starts[i]
		if err := columns[i].session(s, rounds, keys); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	print(columns)
	return nil
}

// program is the path of kairos, which is built if none is given.
func program(path, dir string) (string, error) {
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

// column is what was measured of a side. What it cannot do is missing.
type column struct {
	name, version                string
	start, stroke, complete, one []time.Duration
}

func print(columns []column) {
	fmt.Println("| | " + strings.Join(names(columns), " | ") + " |")
	fmt.Println("|---|" + strings.Repeat("---|", len(columns)))
	row := func(what string, share float64, of func(column) []time.Duration) {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = cell(quantile(of(c), share), quantile(of(columns[0]), share), i > 0)
		}
		fmt.Println("| " + what + " | " + strings.Join(cells, " | ") + " |")
	}
	row("first prompt", 0.5, func(c column) []time.Duration { return c.start })
	row("keystroke, 200 lines, p50", 0.5, func(c column) []time.Duration { return c.stroke })
	row("keystroke, 200 lines, p99", 0.99, func(c column) []time.Duration { return c.stroke })
	row("completion, Tab to menu", 0.5, func(c column) []time.Duration { return c.complete })
	row("trivial cell, Enter to prompt", 0.5, func(c column) []time.Duration { return c.one })
}

func names(columns []column) []string {
	var all []string
	for _, c := range columns {
		all = append(all, strings.TrimSpace(c.name+" "+c.version))
	}
	return all
}

// cell is a time, with its ratio to kairos's.
func cell(d, kairos time.Duration, ratio bool) string {
	if d == 0 {
		return "–"
	}
	text := fmt.Sprintf("%.2f ms", d.Seconds()*1e3)
	if d > 100*time.Millisecond {
		text = fmt.Sprintf("%.0f ms", d.Seconds()*1e3)
	}
	if ratio && kairos > 0 {
		text += fmt.Sprintf(" (%.1f×)", d.Seconds()/kairos.Seconds())
	}
	return text
}

// quantile is the smallest time that a share of the times do not exceed.
func quantile(times []time.Duration, share float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	times = slices.Sorted(slices.Values(times))
	return times[min(len(times)-1, int(share*float64(len(times))))]
}
