package main

import (
	"regexp"
	"strings"
)

var (
	numbers = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?`)
	ours    = regexp.MustCompile(`\b\w+_p\d+(x\d+)?\b`)
	places  = regexp.MustCompile(`(?m)^\S*\.go:\d+:\d+: `)
)

// kind says in which way a program differs.
func (r result) kind() string {
	switch {
	case strings.HasPrefix(r.got, "REFUSED"):
		line := r.got
		if m := places.FindStringIndex(line); m != nil {
			line, _, _ = strings.Cut(line[m[1]:], "\n")
		}
		return "refused " + squash(line)
	case strings.Contains(r.got, "TIMEOUT"):
		return "timeout"
	case strings.Contains(r.got, "\nENDED "):
		_, end, _ := strings.Cut(r.got, "\nENDED ")
		lines := strings.SplitN(end, "\n", 4)
		return "ended " + squash(strings.Join(lines[:min(2, len(lines))], " "))
	}
	return "output"
}

// first is where the outputs part, without numbers and names: so that differences of one cause look alike.
func (r result) first() string {
	want, got := strings.Split(r.want, "\n"), strings.Split(r.got, "\n")
	for i := 0; i < len(want) && i < len(got); i++ {
		if want[i] != got[i] {
			return squash(want[i] + " | " + got[i])
		}
	}
	return "length"
}

func squash(s string) string {
	s = numbers.ReplaceAllString(ours.ReplaceAllString(s, "N"), "0")
	return s[:min(len(s), 200)]
}
