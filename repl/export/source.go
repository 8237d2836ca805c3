package export

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kairos/repl/check"
)

// source is a cell.
type source struct {
	index  int
	title  string // of the line // %% that it begins with
	text   string // without that line and without commands
	safe   string // without lines that begin with an exclamation mark too, if it has some
	values []int  // the cells whose values it refers to by number
	cell   *check.Cell
	value  ast.Expr // its last expression, if it has values
	valued bool     // it has one, which others can refer to
	named  bool     // and which is a variable
	ending ending

	initial string    // that give the variables of a cell their values that was read as a file
	pkgVars []*entity // variables of the package that it is the first to define
	hoisted []*entity // variables of main that it is the first to define, within a function
	wrapped bool      // its statements stand in a function of their own, as they defer calls
	items   []*item
	lines   []int // where they begin
	edits   []edit
}

// item is a declaration or a statement at the top level, with the comments before it and the one after it in its line.
type item struct {
	tok               token.Token // PACKAGE, IMPORT, VAR, TYPE, CONST, FUNC, or ILLEGAL for a statement
	start, first, end int
	moved             bool   // a var declaration that stands at package level
	dropped           bool   // its statements stand somewhere else
	lead              string // comments of what was dropped before it
}

var (
	marker   = regexp.MustCompile(`^//[ \t]*%%(.*)(\n|$)`)
	lineRule = regexp.MustCompile(`(?m)^//line |/\*line `)
	outIndex = regexp.MustCompile(`\bOut\[\s*(\d+)\s*\]`)
	valueRef = regexp.MustCompile(`^_(\d+)$`)
)

// prepare takes the marker off a cell, and its commands.
func (p *program) prepare(index int, text string) *source {
	s := &source{index: index}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if m := marker.FindStringSubmatch(text); m != nil {
		s.title, text = strings.TrimSpace(m[1]), text[len(m[0]):]
	}
	if lineRule.MatchString(text) {
		p.fail(index, "", "it has a line directive, which hides where things stand: take it out")
	}
	s.setText(withoutCommands(text, false))
	if strings.Contains(text, "!") {
		s.safe = withoutCommands(text, true)
	}
	return s
}

// setText gives the cell its text, and finds the values that it refers to.
func (s *source) setText(text string) {
	all := tokens(text)
	for i := len(all) - 1; i >= 0; i-- {
		l := all[i]
		if l.tok != token.IDENT {
			continue
		}
		if m := valueRef.FindStringSubmatch(l.lit); m != nil {
			s.refers(m[1])
		}
		if l.lit != "Out" || i > 0 && all[i-1].tok == token.PERIOD {
			continue
		}
		if m := outIndex.FindStringSubmatch(text[l.start:]); m != nil && strings.HasPrefix(text[l.start:], m[0]) {
			s.refers(m[1])
			text = text[:l.start] + "any(_" + m[1] + ")" + text[l.start+len(m[0]):]
		}
	}
	s.text = text
}

func (s *source) refers(digits string) {
	if n, err := strconv.Atoi(digits); err == nil {
		s.values = append(s.values, n)
	}
}

// check checks a cell and declares what it declares. A value in named becomes a variable. If the cell refers to one that
// is not named yet, check returns its number.
func (p *program) check(s *source, named map[int]bool) (missing int) {
	number := p.number(s.index)
	name := fmt.Sprintf("cell[%d]", number)
	cell, err := p.session.Check(name, s.text)
	if err != nil && s.safe != "" {
		s.setText(s.safe)
		cell, err = p.session.Check(name, s.text)
	}
	for err != nil {
		if n := p.lastValue(s, err); n != 0 {
			if !named[n] {
				return n
			}
		} else {
			panic(&Error{Cell: p.number(s.index), Msg: p.explain(s, err), Uncompiled: true})
		}
		cell, err = p.session.Check(name, s.text)
	}
	s.setCell(cell)
	if s.valued && named[number] {
		at := s.offset(cell.Value.Pos())
		text := s.text[:at] + valueName(number) + " := " + s.text[at:]
		again, err := p.session.Check(name, text)
		if err != nil {
			p.fail(s.index, valueName(number), "its value cannot be kept for %s: %v", valueName(number), err)
		}
		s.text = text
		s.setCell(again)
		define := again.Stmts[len(again.Stmts)-1].(*ast.AssignStmt)
		s.value, s.valued, s.named = define.Rhs[0], true, true
	}
	p.session.Declare(s.cell)
	return 0
}

func valueName(number int) string { return "_" + strconv.Itoa(number) }

func (s *source) setCell(cell *check.Cell) {
	s.cell = cell
	s.value = cell.Value
	s.valued = cell.Value != nil
	if s.valued {
		_, several := cell.Info.TypeOf(cell.Value).(*types.Tuple)
		s.valued = !several
	}
	s.lines = []int{0}
	for i, c := range []byte(s.text) {
		if c == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
}

// lastValue takes the complaint that _ is no value for a reference to the last value, and returns whose that is.
func (p *program) lastValue(s *source, err error) int {
	var list check.Errors
	if !errors.As(err, &list) {
		return 0
	}
	var last *source
	for _, before := range p.cells[:s.index] {
		if before.valued {
			last = before
		}
	}
	if last == nil {
		return 0
	}
	number, at := p.number(last.index), []int{}
	lines := strings.SplitAfter(s.text, "\n")
	for _, e := range list.List {
		if strings.HasPrefix(e.Msg, "cannot use _ as value") && e.Pos.Line >= 1 && e.Pos.Line <= len(lines) {
			at = append(at, len(strings.Join(lines[:e.Pos.Line-1], ""))+e.Pos.Column-1)
		}
	}
	slices.Sort(at)
	for _, i := range slices.Backward(slices.Compact(at)) {
		s.text = s.text[:i] + valueName(number) + s.text[i+1:]
	}
	if len(at) == 0 {
		return 0
	}
	return number
}

// explain says why a cell does not compile.
func (p *program) explain(s *source, err error) string {
	var list check.Errors
	if !errors.As(err, &list) {
		return err.Error()
	}
	for _, e := range list.List {
		name, _ := strings.CutPrefix(e.Msg, "undefined: ")
		if name == "Out" {
			return "it uses Out other than as Out[3], with the number of a cell: write the numbers out"
		}
		m := valueRef.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		if of := p.cellOf(n); of == nil || of == s {
			return fmt.Sprintf("it uses the value of cell %d, which is not among the cells before it: add that cell", n)
		}
		return fmt.Sprintf("it uses the value of cell %d, which has none, or more than one", n)
	}
	return "it does not compile: leave it out, or add the cells that it needs\n" + list.Pretty()
}

// offset returns where a position lies in the text.
func (s *source) offset(pos token.Pos) int {
	at := s.cell.Fset.Position(pos)
	return s.lines[at.Line-1] + at.Column - 1
}

// has reports whether pos is of this cell's text, and not of a call of main that it did not write.
func has(n ast.Node) bool { return n.Pos().IsValid() }

// split finds the items.
func (s *source) split() {
	depth, fresh := 0, true
	end := 0 // of the item before
	for _, l := range tokens(s.text) {
		n := len(s.items)
		if l.tok == token.COMMENT {
			if fresh && n > 0 && !strings.Contains(s.text[s.items[n-1].end:l.start], "\n") {
				end = l.end
				s.items[n-1].end = end
			}
			continue
		}
		if fresh && l.tok != token.SEMICOLON {
			s.items = append(s.items, &item{tok: l.tok, start: end, first: l.start, end: l.end})
			n++
			fresh = false
		}
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth == 0 && n > 0 {
				if !fresh {
					s.items[n-1].end = l.start
				}
				fresh, end = true, l.end
			}
			continue
		}
		if !fresh {
			s.items[n-1].end = l.end
		}
	}
	s.joinStatements()
	if n := len(s.items); n > 0 {
		s.items[n-1].end = max(s.items[n-1].end, s.contentEnd())
	} else if strings.TrimSpace(s.text) != "" {
		s.items = []*item{{tok: token.ILLEGAL, end: len(s.text)}}
	}
}

// contentEnd is where the last comment of the text ends, or 0.
func (s *source) contentEnd() int {
	all := tokens(s.text)
	if n := len(all); n > 0 && all[n-1].tok == token.COMMENT {
		return all[n-1].end
	}
	return 0
}

// joinStatements has each item be one declaration or statement. The header of a statement can have semicolons.
func (s *source) joinStatements() {
	var joined []*item
	decls := map[int]bool{}
	for _, d := range s.cell.Decls {
		decls[s.offset(d.Pos())] = true
	}
	for _, it := range s.items {
		inside := slices.ContainsFunc(s.cell.Stmts, func(st ast.Stmt) bool {
			return has(st) && s.offset(st.Pos()) < it.first && it.first < s.offset(st.End())
		})
		switch it.tok {
		case token.PACKAGE, token.IMPORT, token.VAR:
		case token.TYPE, token.CONST, token.FUNC:
			if !decls[it.first] {
				it.tok = token.ILLEGAL
			}
		default:
			it.tok = token.ILLEGAL
		}
		if n := len(joined); inside && n > 0 {
			joined[n-1].end = it.end
			continue
		}
		joined = append(joined, it)
	}
	s.items = joined
}

// itemAt returns the item that holds an offset.
func (s *source) itemAt(offset int) *item {
	i := slices.IndexFunc(s.items, func(it *item) bool { return offset < it.end })
	return s.items[max(i, 0)]
}
