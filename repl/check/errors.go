package check

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// maxErrors is how many errors the compiler reports before it gives up.
const maxErrors = 10

// Error is one thing that is wrong. The position is not valid where none belongs to it.
type Error struct {
	Pos  token.Position
	Msg  string
	Line string // the line of source, in cells
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

// Pretty is the text with the line of source below each error, and a caret under what is wrong, where lines are known.
func (errs Errors) Pretty() string {
	var b strings.Builder
	if errs.Header != "" {
		b.WriteString(errs.Header + "\n")
	}
	for _, e := range errs.List {
		b.WriteString(e.Error() + "\n")
		if e.Line != "" && e.Pos.Column >= 1 && e.Pos.Column <= len(e.Line)+1 {
			line := strings.TrimRight(e.Line, "\r")
			fmt.Fprintf(&b, "    %s\n    %s^\n", line, blank(e.Line[:e.Pos.Column-1]))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// blank returns what is as wide on a terminal as s and shows nothing.
func blank(s string) string {
	var b strings.Builder
	for _, r := range s {
		kind := width.LookupRune(r).Kind()
		switch {
		case r == '\t':
			b.WriteRune(r)
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// cellErrors arranges what is wrong with a cell.
func cellErrors(found []Error) []Error {
	list := sortErrors(joinDetails(found))
	if len(list) > maxErrors {
		list = append(list[:maxErrors:maxErrors], Error{Msg: "too many errors"})
	}
	return list
}

// compileErrors arranges what go/parser or go/types found as the compiler prints its own errors: details joined to the
// error before them, sorted, said once a line, and cut off at maxErrors in the order in which they were found.
func compileErrors(path string, found []Error) Errors {
	list := joinDetails(found)
	var more []Error
	if len(list) >= maxErrors {
		list = list[:maxErrors]
		more = []Error{{Pos: list[maxErrors-1].Pos, Msg: "too many errors"}}
	}
	list = sortErrors(list)
	return Errors{Header: "# " + path, List: append(list, more...)}
}

// joinDetails appends to each error the details that follow it.
func joinDetails(found []Error) (list []Error) {
	for _, e := range found {
		if detail, ok := strings.CutPrefix(e.Msg, "\t"); ok && len(list) > 0 {
			list[len(list)-1].Msg += fmt.Sprintf("\n\t%s: %s", e.Pos, detail)
			continue
		}
		list = append(list, e)
	}
	return list
}

// sortErrors sorts by position, files in the order in which they first appear, and says nothing twice in a line.
func sortErrors(list []Error) []Error {
	rank := map[string]int{}
	for _, e := range list {
		if _, ok := rank[e.Pos.Filename]; !ok {
			rank[e.Pos.Filename] = len(rank)
		}
	}
	slices.SortStableFunc(list, func(a, b Error) int {
		return cmp.Or(rank[a.Pos.Filename]-rank[b.Pos.Filename], a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
	return slices.CompactFunc(list, func(a, b Error) bool {
		return a.Pos.Filename == b.Pos.Filename && a.Pos.Line == b.Pos.Line && a.Msg == b.Msg
	})
}
