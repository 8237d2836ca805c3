package export

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

var unusedVariable = regexp.MustCompile(`^declared and not used: (.*)$`)

// lineComment is what follows a statement in its line.
var lineComment = regexp.MustCompile(`^[ \t]*//.*`)

// finish formats a program, and has it use the variables that it does not.
func (p *program) finish(src string) string {
	for range 100 {
		text, err := format.Source([]byte(src))
		if err != nil {
			p.fail(0, "", "the program made of the cells is wrong: %v", err)
		}
		src = string(text)
		again, ok := p.useAll(src)
		if ok {
			return src
		}
		src = again
	}
	return src
}

// useAll returns the program with _ = x after the definition of each x that nothing uses, or that there are none.
func (p *program) useAll(src string) (again string, ok bool) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", src, parser.SkipObjectResolution)
	if err != nil {
		p.fail(0, "", "the program made of the cells is wrong: %v", err)
	}
	var unused []token.Pos
	var wrong error
	conf := types.Config{Importer: p.Importer, Error: func(err error) {
		e, is := err.(types.Error)
		if is && unusedVariable.MatchString(e.Msg) {
			unused = append(unused, e.Pos)
		} else if wrong == nil {
			wrong = err
		}
	}}
	conf.Check("main", fset, []*ast.File{file}, nil)
	if wrong != nil {
		p.fail(p.cellAt(src, wrong), "", "the program made of the cells does not compile: %v", wrong)
	}
	if len(unused) == 0 {
		return src, true
	}
	s := &source{text: src}
	for _, pos := range unused {
		at := useOf(file, pos)
		if at == token.NoPos {
			p.fail(0, "", "the program made of the cells does not use a variable: %v", fset.Position(pos))
		}
		offset := fset.Position(at).Offset
		if comment := lineComment.FindString(src[offset:]); comment != "" {
			offset += len(comment)
		}
		name := src[fset.Position(pos).Offset:]
		name = name[:len(name)-len(strings.TrimLeftFunc(name, isLetter))]
		text := "\n_ = " + name
		if src[offset] != '\n' {
			text += "\n"
		}
		s.edits = append(s.edits, edit{start: offset, end: offset, text: text})
	}
	return p.render(s, 0, len(src)), false
}

// cellAt returns the index of the cell that an error in the program is about, as far as can be told.
func (p *program) cellAt(src string, err error) int {
	e, ok := err.(types.Error)
	if !ok {
		return 0
	}
	number := 0
	before := src[:min(len(src), e.Fset.Position(e.Pos).Offset)]
	for _, m := range numbered.FindAllStringSubmatch(before, -1) {
		number = atoi(m[1])
	}
	for _, s := range p.cells { // blank cells have no number
		if strings.TrimSpace(s.text) == "" {
			continue
		}
		if number--; number <= 0 {
			return s.index
		}
	}
	return len(p.cells) - 1
}

// useOf returns where a variable can be used that is defined at pos: after the statement, or at the beginning of the
// block whose header it stands in.
func useOf(file *ast.File, pos token.Pos) (at token.Pos) {
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			if n.Comm != nil && n.Comm.Pos() <= pos && pos < n.Comm.End() {
				at = n.Colon + 1
			}
			list = n.Body
		case *ast.IfStmt:
			at = n.Body.Lbrace + 1
		case *ast.ForStmt:
			at = n.Body.Lbrace + 1
		case *ast.RangeStmt:
			at = n.Body.Lbrace + 1
		case *ast.SwitchStmt, *ast.TypeSwitchStmt:
			at = token.NoPos
		}
		for _, s := range list {
			if s.Pos() <= pos && pos < s.End() {
				at = s.End()
			}
		}
		return true
	})
	return at
}
