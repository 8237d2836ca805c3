// Conformance runs Go's own test programs with kairos and says which print what they should.
//
//	programs.go   which programs of $GOROOT/test: single files marked "// run" that stay above the runtime
//	outcome.go    what a command printed and returned
//	reference.go  what a program should print: the .out file beside it, else what go run prints
//	judge.go      passed, refused, late or wrong, and the construct for which a program is refused
//	lists.go      the committed lists: passing.txt, which may only grow, and sample.txt, a quick part of it
//	report.go     counts and lists for the reader
//
// Usage:
//
//	go run ./repl/conformance [-kairos FILE] [-run REGEXP] [-sample] [-update] [-v]
//
// It fails if a program of passing.txt does not pass.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok, err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
	}
	if err != nil || !ok {
		stop()
		os.Exit(1)
	}
}

// config is the command line.
type config struct {
	kairos   string        // the binary under test
	tree     string        // the directory of the programs
	lists    string        // the directory of passing.txt and sample.txt
	cache    string        // where what go run printed is kept
	only     string        // a regular expression that paths must match
	sample   bool          // run the programs of sample.txt only
	update   bool          // add what passes to the lists
	verbose  bool          // list what passes and show what differs
	parallel int           // how many programs run at once
	timeout  time.Duration // for each program
}

func parse(args []string, w io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	flags.SetOutput(w)
	flags.StringVar(&c.kairos, "kairos", "bin/kairos", "the `file` to test")
	flags.StringVar(&c.tree, "tree", "", "the `directory` of the programs (default $GOROOT/test)")
	flags.StringVar(&c.lists, "lists", "repl/conformance", "the `directory` of passing.txt and sample.txt")
	flags.StringVar(&c.cache, "cache", "", "the `directory` that keeps what go run printed (default in the user's cache)")
	flags.StringVar(&c.only, "run", "", "run only programs whose path matches the `regexp`")
	flags.BoolVar(&c.sample, "sample", false, "run only the programs of sample.txt, less than a minute")
	flags.BoolVar(&c.update, "update", false, "add what passes to the lists")
	flags.BoolVar(&c.verbose, "v", false, "list what passes, and show where outputs differ")
	flags.IntVar(&c.parallel, "p", 2, "how many programs run at once")
	flags.DurationVar(&c.timeout, "timeout", time.Minute, "how long a program may take")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return c, c.complete()
}

// complete finds the directories that the command line does not name.
func (c *config) complete() error {
	var err error
	if c.kairos, err = filepath.Abs(c.kairos); err != nil {
		return err
	}
	if _, err := os.Stat(c.kairos); err != nil {
		return fmt.Errorf("find the binary to test: %w (make build)", err)
	}
	if c.tree == "" {
		root, err := goEnv("GOROOT")
		if err != nil {
			return err
		}
		c.tree = filepath.Join(root, "test")
	}
	if c.cache == "" {
		version, err := goEnv("GOVERSION")
		if err != nil {
			return err
		}
		dir, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		c.cache = filepath.Join(dir, "kairos", "conformance", version)
	}
	return nil
}

func goEnv(name string) (string, error) {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("go env %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// run does what the command line asks, and reports whether every program passed that has to.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (ok bool, err error) {
	c, err := parse(args, stderr)
	if err != nil {
		return false, err
	}
	passing, err := readList(c.lists, passingFile)
	if err != nil {
		return false, err
	}
	programs, err := selectPrograms(c)
	if err != nil {
		return false, err
	}
	results := judgeAll(ctx, c, programs, stderr)
	if err := ctx.Err(); err != nil {
		return false, err
	}
	report(stdout, results, c.verbose)
	ok = compare(stdout, passing, results)
	if c.update {
		err = updateLists(c.lists, passing, results, c.timeout)
	}
	return ok, err
}

// selectPrograms returns the paths of the programs to run, relative to the tree.
func selectPrograms(c config) ([]string, error) {
	only, err := regexp.Compile(c.only)
	if err != nil {
		return nil, fmt.Errorf("read -run: %w", err)
	}
	programs, err := findPrograms(c.tree)
	if c.sample {
		programs, err = readSample(c.lists, c.tree)
	}
	if err != nil {
		return nil, err
	}
	var selected []string
	for _, p := range programs {
		if only.MatchString(p) {
			selected = append(selected, p)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("no program matches %q", c.only)
	}
	return selected, nil
}

// judgeAll runs the programs, c.parallel at a time. The results are in the order of the programs.
func judgeAll(ctx context.Context, c config, programs []string, progress io.Writer) []result {
	results := make([]result, len(programs))
	next := make(chan int)
	var group sync.WaitGroup
	for range c.parallel {
		group.Go(func() {
			for i := range next {
				results[i] = c.judge(ctx, programs[i])
			}
		})
	}
	for i := range programs {
		if i > 0 && i%100 == 0 {
			fmt.Fprintf(progress, "%d of %d programs\n", i, len(programs))
		}
		next <- i
	}
	close(next)
	group.Wait()
	return results
}
