package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// report prints what became of the programs: those that did not pass one by one, then what they are refused for, then counts.
func report(w io.Writer, results []result, verbose bool) {
	var lists [verdicts][]string
	reasons := map[string]int{}
	for _, r := range results {
		line := r.program
		if r.verdict != passed {
			line += "\t" + r.reason + cond(r.reason != "", ": ", "") + r.detail
		}
		lists[r.verdict] = append(lists[r.verdict], line)
		if r.verdict == wrong {
			reasons[r.reason]++
		}
	}
	for v, lines := range lists {
		if verdict(v) != passed || verbose {
			section(w, verdict(v).String(), lines)
		}
	}
	reportConstructs(w, results)
	fmt.Fprintf(w, "\n%d programs: ", len(results))
	for v, lines := range lists {
		fmt.Fprintf(w, "%s%d %v", cond(v > 0, ", ", ""), len(lines), verdict(v))
	}
	fmt.Fprintln(w)
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(w, "\t%d wrong: %s\n", reasons[reason], reason)
	}
}

// reportConstructs counts, for each construct, the programs that are refused for it, and those refused for nothing else.
func reportConstructs(w io.Writer, results []result) {
	type count struct {
		construct      string
		programs, only int
	}
	counts := map[string]*count{}
	for _, r := range results {
		for _, c := range r.constructs {
			if counts[c] == nil {
				counts[c] = &count{construct: c}
			}
			counts[c].programs++
			if len(r.constructs) == 1 {
				counts[c].only++
			}
		}
	}
	if len(counts) == 0 {
		return
	}
	fmt.Fprintf(w, "\nrefused or late, by construct\n")
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(table, "\tprograms\tonly this\tconstruct\n")
	for _, c := range slices.SortedFunc(maps.Values(counts), func(a, b *count) int {
		return cmp.Or(b.programs-a.programs, cmp.Compare(a.construct, b.construct))
	}) {
		fmt.Fprintf(table, "\t%d\t%d\t%s\n", c.programs, c.only, c.construct)
	}
	table.Flush()
}

// section prints a heading and lines, if there are any.
func section(w io.Writer, heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", heading)
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, line := range lines {
		fmt.Fprintf(table, "\t%s\n", line)
	}
	table.Flush()
}

func cond(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}
