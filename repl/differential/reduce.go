package main

import (
	"fmt"
	"go/format"
	"regexp"
	"strconv"
	"strings"
)

// tried is how many smaller programs are run at a time, and rounds how often at most.
const tried, rounds = 48, 40

// reduce makes a program that differs smaller, as long as it goes on to differ in the same way. Each round runs many
// smaller programs in one batch, and then tries all edits that kept the difference at once.
func (r *runner) reduce(res result) result {
	best := res
	best.program = res.program.with(res.program.suffix, res.program.text())
	skip := 0
	for range rounds {
		programs, made, more := r.smaller(best.program, skip)
		good := r.differing(programs, made, best)
		if len(good) == 0 {
			if !more {
				break
			}
			skip += tried
			continue
		}
		skip = 0
		next := r.combined(best, good)
		if next == nil {
			break // it does not always differ
		}
		best = *next
	}
	best.program.source = tidy(best.program.source)
	if list, err := r.run([]*program{best.program}); err == nil && len(list) == 1 {
		best = list[0]
	}
	return best
}

var gaps = regexp.MustCompile(`(?m)^(\s*\n|// .*\n)+`)

// tidy removes comments and empty lines.
func tidy(source string) string {
	text := gaps.ReplaceAllString(source, "")
	if out, err := format.Source([]byte(text)); err == nil {
		text = string(out)
	}
	return text
}

// with is the program with another source.
func (p *program) with(suffix, source string) *program {
	return &program{suffix: suffix, source: source, loose: p.loose}
}

// differing runs programs and returns the edits of those that differ as res does.
func (r *runner) differing(programs []*program, made map[*program]change, res result) (good []change) {
	results, err := r.likely(programs, res)
	if err != nil {
		return nil
	}
	for _, x := range results {
		if !x.same() && x.kind() == res.kind() {
			good = append(good, made[x.program])
		}
	}
	return good
}

// likely runs programs that may differ as res does: with kairos only, if that does not depend on what they should print.
func (r *runner) likely(programs []*program, res result) ([]result, error) {
	if strings.HasPrefix(res.kind(), "output") {
		return r.run(programs)
	}
	return r.runKairos(programs)
}

// combined makes as many of the changes at once as keep the difference.
func (r *runner) combined(res result, changes []change) *result {
	for {
		p := res.program.with(res.program.suffix, apply(res.program.source, changes...))
		if valid(p) == nil {
			list, err := r.likely([]*program{p}, res)
			if err == nil && len(list) == 1 && !list[0].same() && list[0].kind() == res.kind() {
				return &list[0]
			}
		}
		if len(changes) == 1 {
			return nil
		}
		changes = changes[:len(changes)/2]
	}
}

// smaller makes valid programs by one change each, what saves most first, without so many of the first ones.
func (r *runner) smaller(p *program, skip int) (programs []*program, made map[*program]change, more bool) {
	made = map[*program]change{}
	count := 0
	for _, e := range edits(p.source, "run"+p.suffix) {
		c := mend(p, change{e})
		if c == nil {
			continue
		}
		if count++; count <= skip {
			continue
		}
		if len(programs) == tried {
			return programs, made, true
		}
		suffix := fmt.Sprintf("%sx%d", p.suffix, count)
		q := p.with(suffix, strings.ReplaceAll(apply(p.source, c), p.suffix, suffix))
		programs = append(programs, q)
		made[q] = c
	}
	return programs, made, false
}

// unused is what valid says about a variable, with its line.
var unused = regexp.MustCompile(`:(\d+):\d+: declared and not used: \w+`)

// mend adds to a change that the lines go which declare what is no longer used. It returns nil if that does not make a
// valid program.
func mend(p *program, c change) change {
	for range 3 {
		q := p.with(p.suffix, apply(p.source, c))
		err := valid(q)
		if err == nil {
			return c
		}
		m := unused.FindStringSubmatch(err.Error())
		if m == nil {
			return nil
		}
		line, _ := strconv.Atoi(m[1])
		text := "\n" + strings.Split(q.source, "\n")[line-newBatch([]*program{q}).starts[0]]
		if strings.Count(p.source, text+"\n") != 1 {
			return nil
		}
		start := strings.Index(p.source, text)
		c = append(c, edit{start, start + len(text), ""})
	}
	return nil
}
