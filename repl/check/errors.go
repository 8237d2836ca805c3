package check

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// commandLine is what the go command calls a package given as files.
const commandLine = "# command-line-arguments"

// maxErrors is how many errors the compiler reports before it gives up.
const maxErrors = 10

// Error is one thing that is wrong. The position is not valid where none belongs to it.
type Error struct {
	Pos token.Position
	Msg string
}

func (e Error) Error() string {
	if !e.Pos.IsValid() {
		return e.Msg
	}
	return fmt.Sprintf("%s: %s", e.Pos, e.Msg)
}

// Errors is all that is wrong with a program. Its text is what go run prints.
type Errors struct {
	Header string // the line before the list, if any
	List   []Error
}

func (errs Errors) Error() string {
	var lines []string
	if errs.Header != "" {
		lines = append(lines, errs.Header)
	}
	for _, e := range errs.List {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

// compileErrors arranges what go/parser or go/types found as the compiler prints its own errors: details joined to the
// error before them, sorted, said once a line, and cut off at maxErrors in the order in which they were found.
func compileErrors(found []Error) Errors {
	var list []Error
	for _, e := range found {
		if detail, ok := strings.CutPrefix(e.Msg, "\t"); ok && len(list) > 0 {
			list[len(list)-1].Msg += fmt.Sprintf("\n\t%s: %s", e.Pos, detail)
			continue
		}
		list = append(list, e)
	}
	var more []Error
	if len(list) >= maxErrors {
		list = list[:maxErrors]
		more = []Error{{list[maxErrors-1].Pos, "too many errors"}}
	}
	slices.SortStableFunc(list, func(a, b Error) int {
		return cmp.Or(a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
	list = slices.CompactFunc(list, func(a, b Error) bool { return a.Pos.Line == b.Pos.Line && a.Msg == b.Msg })
	return Errors{Header: commandLine, List: append(list, more...)}
}
