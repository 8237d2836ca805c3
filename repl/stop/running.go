package stop

import (
	"bytes"
	"regexp"
	"runtime/pprof"
	"slices"
)

// cellLabel is the label of a cell, as the profile of all goroutines writes it.
var cellLabel = regexp.MustCompile(`(?m)^# labels: \{.*?"cell":"([^"]*)"`)

// Running returns the names of the cells to which goroutines of this process belong, in order.
func Running() (names []string) {
	var profile bytes.Buffer
	pprof.Lookup("goroutine").WriteTo(&profile, 1)
	for _, m := range cellLabel.FindAllSubmatch(profile.Bytes(), -1) {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
