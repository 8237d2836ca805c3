package main

import (
	_ "embed"
	"fmt"
	"go/format"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// program is one generated program: declarations of its own, and a function that runs it. Every top-level name ends in
// its suffix, so that many programs can share a file.
type program struct {
	suffix string   // as in _p17
	decls  []string // types, variables, functions
	body   []string // statements of its function
	loose  bool     // it depends on an order of evaluation that Go leaves open
	source string   // all of it, once it was reduced
}

// name is how the output of a batch names the program.
func (p *program) name() string { return p.suffix[1:] }

// text is the program as part of a file.
func (p *program) text() string {
	if p.source != "" {
		return p.source
	}
	code := fmt.Sprintf("%s\n\nfunc run%s() {\n%s\n}\n\n", strings.Join(p.decls, "\n\n"), p.suffix, strings.Join(p.body, "\n"))
	code = helper.ReplaceAllString(code+helpers, "${1}"+p.suffix+"$2")
	if out, err := format.Source([]byte(code)); err == nil {
		code = string(out)
	}
	return code
}

// prelude is the main function of a batch and what all programs print with.
//
//go:embed prelude.txt
var prelude string

// helpers are generic functions of which every program has its own, so that there are not too many instances of one.
//
//go:embed helpers.txt
var helpers string

var helper = regexp.MustCompile(`\b(id|wrap|clamp|cut|keys)([[(])`)

// imports are the packages that programs may use.
var imports = []string{
	"bytes", "cmp", "encoding/json", "errors", "fmt", "io", "iter", "maps", "math", "math/bits", "os", "runtime", "slices", "sort",
	"strconv", "strings", "sync", "text/template", "unicode", "container/heap", "container/list", "sync/atomic", "context",
	"math/cmplx", "unicode/utf8", "bufio", "time", "reflect",
}

var qualifier = regexp.MustCompile(`\b([a-z0-9]+)\.[A-Z]`)

// batch is a file that runs programs one after the other, each under recover, and says where the output of each begins.
// Arguments select some.
type batch struct {
	programs []*program
	starts   []int // the line on which each program starts
	source   string
}

func newBatch(programs []*program) batch {
	var code, list strings.Builder
	var starts []int
	for _, p := range programs {
		starts = append(starts, strings.Count(code.String(), "\n"))
		fmt.Fprintf(&code, "%s\n", p.text())
		fmt.Fprintf(&list, "\t{%q, run%s},\n", p.name(), p.suffix)
	}
	fmt.Fprintf(&code, "var programs = []struct {\n\tname string\n\trun func()\n}{\n%s}\n\n%s", list.String(), prelude)
	head := "package main\n\n" + importDecl(code.String())
	for i := range starts {
		starts[i] += strings.Count(head, "\n") + 1
	}
	return batch{programs, starts, head + code.String()}
}

// importDecl imports the packages that code uses.
func importDecl(code string) string {
	used := map[string]bool{}
	for _, m := range qualifier.FindAllStringSubmatch(code, -1) {
		used[m[1]] = true
	}
	var b strings.Builder
	b.WriteString("import (\n")
	for _, path := range slices.Sorted(slices.Values(imports)) {
		if used[path[strings.LastIndex(path, "/")+1:]] {
			fmt.Fprintf(&b, "\t%s\n", strconv.Quote(path))
		}
	}
	b.WriteString(")\n\n")
	return b.String()
}

// at returns the program on a line.
func (b batch) at(line int) *program {
	i, found := slices.BinarySearch(b.starts, line)
	if !found {
		i--
	}
	return b.programs[max(i, 0)]
}
