package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// interpreted runs a file with kairos and adds to out what each program printed. What ends a program in the middle is part
// of it; those that come after are run again.
func (r *runner) interpreted(out map[string]string, file string, b batch) error {
	command := strings.Fields(r.kairos)
	for left := b.programs; len(left) > 0; {
		args := append(command[1:len(command):len(command)], file)
		for _, p := range left {
			args = append(args, p.name())
		}
		text, end := r.output(command[0], args...)
		made, last := sections(text)
		if len(made) == 0 {
			return r.refused(out, b, text+end)
		}
		maps.Copy(out, made)
		if last == "end" {
			return nil
		}
		out[last] += "\n" + end
		left = left[1+slices.IndexFunc(left, func(p *program) bool { return p.name() == last }):]
	}
	return nil
}

// positions are those of what kairos does not take.
var positions = regexp.MustCompile(`(?m)^\S*\.go:(\d+):\d+: `)

// refused notes which programs of a batch kairos did not take, and runs the others. If it did not say which, halves are
// tried.
func (r *runner) refused(out map[string]string, b batch, message string) error {
	if len(b.programs) == 1 {
		out[b.programs[0].name()] = "REFUSED " + message
		return nil
	}
	left := slices.Clone(b.programs)
	for _, m := range positions.FindAllStringSubmatch(message, -1) {
		line, _ := strconv.Atoi(m[1])
		bad := b.at(line)
		out[bad.name()] = "REFUSED " + message
		left = slices.DeleteFunc(left, func(p *program) bool { return p == bad })
	}
	if len(left) < len(b.programs) {
		return r.again(out, left)
	}
	if err := r.again(out, left[:len(left)/2]); err != nil {
		return err
	}
	return r.again(out, left[len(left)/2:])
}

// again runs programs with kairos in a file of their own.
func (r *runner) again(out map[string]string, programs []*program) error {
	if len(programs) == 0 {
		return nil
	}
	file, b, err := r.write(programs)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	return r.interpreted(out, file, b)
}
