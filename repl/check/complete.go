package check

import (
	"go/token"
	"strings"
)

// Status is whether a cell can be run as it stands.
type Status int

const (
	Whole      Status = iota // it parses
	Unfinished               // more can make it parse
	Invalid                  // nothing that follows can
)

func (s Status) String() string { return [...]string{"whole", "unfinished", "invalid"}[s] }

// Complete tells whether a cell is whole, by its syntax alone. To one that is unfinished the next line can be indented as
// indent says.
func Complete(src string) (status Status, indent string) {
	fset := token.NewFileSet()
	s := parseCell(fset, "", src)
	if len(s.wrong) == 0 {
		return Whole, ""
	}
	first := s.wrong[0].Msg
	if strings.HasSuffix(first, "comment not terminated") || strings.HasSuffix(first, "raw string literal not terminated") {
		return Unfinished, ""
	}
	if s.crossed || len(s.stray) > 0 || !s.wrongAtEnd || len(s.open) == 0 && !s.goesOn {
		return Invalid, ""
	}
	return Unfinished, s.indent()
}

// indent counts the lines that open a bracket, and the one that a line without a bracket continues.
func (p *pieces) indent() string {
	depth, line := 0, 0
	for _, b := range p.open {
		if b.line != line {
			depth, line = depth+1, b.line
		}
	}
	return strings.Repeat("\t", max(depth, 1))
}
