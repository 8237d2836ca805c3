package worker

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// maxHead is how many lines of a crash are shown, and maxTail how much of stderr is kept for it.
const (
	maxHead = 12
	maxTail = 256 << 10
)

// crashLine is how the text begins that Go's runtime, the C library or C++ write when they end the process.
var crashLine = regexp.MustCompile(`(?m)^(runtime: |fatal error: |panic: |unexpected fault address |SIG[A-Z]+: |terminate called |` +
	`[a-z_]+\(\): |double free|corrupted |\*\*\* |.*: Assertion .* failed|libc\+\+abi: )`)

// crashStart is where a crash begins in what was written on stderr, or below 0.
func crashStart(text []byte) int {
	if at := crashLine.FindIndex(text); at != nil {
		return at[0]
	}
	return -1
}

// machineLine is a line that tells about registers and addresses.
var machineLine = regexp.MustCompile(`^(runtime: sp=|PC=|rip|\[signal )`)

// crashHead is what is worth reading of a crash: its lines up to the stacks.
func crashHead(text []byte) string {
	text, _, _ = bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	lines = slices.DeleteFunc(lines, machineLine.MatchString)
	if len(lines) > maxHead {
		lines = append(lines[:maxHead], "…")
	}
	return strings.Join(lines, "\n")
}

// tail is the last text of a stream.
type tail struct{ text []byte }

func (t *tail) add(text []byte) {
	t.text = append(t.text, text...)
	if n := len(t.text) - maxTail; n > maxTail {
		t.text = append([]byte(nil), t.text[n:]...)
	}
}
