package main

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	passingFile = "passing.txt"
	sampleFile  = "sample.txt"
)

// A sample of sampleSize programs, none of which took longer than quick, takes less than a minute.
const (
	sampleSize = 200
	quick      = time.Second
)

// readList returns the lines of a committed list. One that does not exist is empty.
func readList(dir, name string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Fields(string(data)), err
}

// readSample returns the programs of the sample, all of which must be in the tree.
func readSample(dir, tree string) ([]string, error) {
	sample, err := readList(dir, sampleFile)
	if err != nil {
		return nil, err
	}
	if len(sample) == 0 {
		return nil, fmt.Errorf("%s is empty: make conformance first, with -update", filepath.Join(dir, sampleFile))
	}
	for _, p := range sample {
		if _, err := os.Stat(filepath.Join(tree, filepath.FromSlash(p))); err != nil {
			return nil, fmt.Errorf("find a program of the sample: %w", err)
		}
	}
	return sample, nil
}

func writeList(dir, name string, programs []string) error {
	text := strings.Join(programs, "\n") + "\n"
	return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666)
}

// updateLists adds what passed to the list, and fills the sample. What came close to the timeout is not added: it might
// not pass on a busy day. To take a program off the list is for a person to do.
func updateLists(dir string, passing []string, results []result, timeout time.Duration) error {
	took := map[string]time.Duration{}
	for _, r := range results {
		if r.verdict == passed && r.took < timeout/2 {
			took[r.program] = r.took
			passing = append(passing, r.program)
		}
	}
	slices.Sort(passing)
	passing = slices.Compact(passing)
	if err := writeList(dir, passingFile, passing); err != nil {
		return err
	}
	sample, err := readList(dir, sampleFile)
	if err != nil {
		return err
	}
	sample = slices.DeleteFunc(sample, func(p string) bool { return !slices.Contains(passing, p) })
	return writeList(dir, sampleFile, fill(sample, took))
}

// fill adds quick programs to a sample until it is large enough, in an order that spreads them over the tree.
func fill(sample []string, took map[string]time.Duration) []string {
	candidates := slices.SortedFunc(maps.Keys(took), func(a, b string) int {
		return cmp.Or(cmp.Compare(hash(a), hash(b)), cmp.Compare(a, b))
	})
	for _, p := range candidates {
		if len(sample) < sampleSize && took[p] <= quick && !slices.Contains(sample, p) {
			sample = append(sample, p)
		}
	}
	slices.Sort(sample)
	return sample
}

func hash(s string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, s)
	return h.Sum64()
}

// compare says how the results differ from the list of those that passed before, and reports whether all of these do.
func compare(w io.Writer, passing []string, results []result) bool {
	var lost, found []string
	for _, r := range results {
		switch listed := slices.Contains(passing, r.program); {
		case listed && r.verdict != passed:
			lost = append(lost, fmt.Sprintf("%s\t%v: %s", r.program, r.verdict, r.detail))
		case !listed && r.verdict == passed:
			found = append(found, r.program)
		}
	}
	section(w, fmt.Sprintf("%d pass and could be added to %s (-update)", len(found), passingFile), found)
	section(w, fmt.Sprintf("%d of %s no longer pass", len(lost), passingFile), lost)
	return len(lost) == 0
}
