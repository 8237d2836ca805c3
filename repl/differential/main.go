// Differential runs random programs with the Go compiler and with kairos and compares what they print.
//
//	generator.go  makes a program of a seed: types, functions and statements that are right and end
//	types.go      the types of generated programs
//	expr.go       expressions, literal.go what they end in, risk.go those that panic
//	stmt.go       statements, compound.go those with others in them
//	decl.go       declarations
//	template.go   fills in features.go, what random statements would not come to
//	program.go    programs, and files of many
//	run.go        runs them both ways, kairos.go the one
//	kind.go       in which way a program differs
//	reduce.go     makes such a program small, cut.go by what edits
//
// Programs print the same whenever they run: they leave alone the order of maps and goroutines. What an expression does
// is also settled by the specification, except in programs that are counted as loose: there, calls change variables that
// the same expression reads, and several of its operands panic. The compiler has an order of its own for these.
//
// Usage:
//
//	go run ./repl/differential [-n N] [-seed S] [-kairos COMMAND] [-batch N] [-gcflags FLAGS] [-out DIR] [-reduce=false] [-v]
//
// It fails if a program differs that is not loose.
package main

import (
	"flag"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"time"

	"kairos/repl/check"
)

// config is the command line.
type config struct {
	n, batch int
	seed     uint64
	kairos   string
	gcflags  string
	out      string
	reduce   bool
	verbose  bool
}

func main() {
	var c config
	flag.IntVar(&c.n, "n", 1000, "how many programs")
	flag.IntVar(&c.batch, "batch", 100, "how many programs share a file")
	flag.Uint64Var(&c.seed, "seed", 1, "of the first program; the next has the next")
	flag.StringVar(&c.kairos, "kairos", "kairos run", "the command under test")
	flag.StringVar(&c.gcflags, "gcflags", "", "for the Go compiler: it is twice as quick with -N and -l, and only loose programs can tell")
	flag.StringVar(&c.out, "out", "differences", "the directory for programs that differ")
	flag.BoolVar(&c.reduce, "reduce", true, "make programs that differ small")
	flag.BoolVar(&c.verbose, "v", false, "say what is wrong with programs that are not valid")
	flag.Parse()
	ok, err := c.run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// tally counts programs.
type tally struct {
	programs, invalid, loose, different, looseDifferent int
	kinds                                               map[string]int
}

func (c config) run() (ok bool, err error) {
	if err := os.MkdirAll(c.out, 0o777); err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "differential")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	r := &runner{kairos: c.kairos, gcflags: c.gcflags, dir: dir, timeout: time.Minute}
	t := tally{kinds: map[string]int{}}
	for seed := c.seed; t.programs < c.n; {
		programs := c.next(&seed, &t)
		results, err := r.run(programs)
		if err != nil {
			return false, err
		}
		if err := c.judge(r, &t, results); err != nil {
			return false, err
		}
		fmt.Printf("to seed %d: %d programs, %d differ (%d of %d loose ones too), %d were not valid\n",
			seed-1, t.programs, t.different, t.looseDifferent, t.loose, t.invalid)
	}
	return t.different == 0, nil
}

// next makes the programs of a batch.
func (c config) next(seed *uint64, t *tally) (programs []*program) {
	for len(programs) < min(c.batch, c.n-t.programs) {
		p := generate(*seed, fmt.Sprintf("_p%d", *seed))
		*seed++
		if err := valid(p); err != nil {
			t.invalid++
			if c.verbose {
				fmt.Println(p.name(), err)
			}
			continue
		}
		programs = append(programs, p)
	}
	return programs
}

// judge counts results and saves those that differ. Of those that differ alike the first are made small.
func (c config) judge(r *runner, t *tally, results []result) error {
	for _, res := range results {
		t.programs++
		if res.program.loose {
			t.loose++
		}
		if res.same() {
			continue
		}
		name := res.program.name()
		if res.program.loose {
			name = "loose-" + name
			t.looseDifferent++
		} else {
			t.different++
		}
		kind := res.kind()
		if kind == "output" {
			kind += " " + res.first()
		}
		t.kinds[kind]++
		fmt.Printf("%s: %s\n", name, kind)
		if c.reduce && t.kinds[kind] <= alike {
			res = r.reduce(res)
		}
		if err := res.save(filepath.Join(c.out, name+".txtar")); err != nil {
			return err
		}
	}
	return nil
}

// alike is how many programs are reduced that differ in the same way.
const alike = 1

// valid reports what is wrong with a program. Some that are generated are: a constant overflows, say.
func valid(p *program) error {
	_, err := check.Script(token.NewFileSet(), "program.go", []byte(newBatch([]*program{p}).source))
	return err
}
