package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

// syntax is a parsed cell.
type syntax struct {
	*pieces
	fset    *token.FileSet
	files   []*token.File // that hold the positions
	name    string
	clause  bool // there is a package clause
	imports []*ast.ImportSpec
	decls   []ast.Decl // functions, types and constants
	stmts   []ast.Stmt // and variables
	wrong   []Error

	wrongAtEnd bool         // what is wrong first is that the cell ends
	wrappers   map[int]bool // offsets of the functions put around statements
}

// parseCell parses a cell into fset. Imports can stand anywhere, and declarations between statements, so the parser is
// shown the cell rearranged into a file, with line directives that keep positions as they are.
func parseCell(fset *token.FileSet, name, src string) *syntax {
	s := &syntax{pieces: split(src), fset: fset, name: name, wrappers: map[int]bool{}}
	s.checkClause()
	for _, offset := range s.stray {
		line, column := s.position(offset)
		s.wrong = append(s.wrong, Error{
			Pos: token.Position{Filename: name, Offset: offset, Line: line, Column: column},
			Msg: fmt.Sprintf("syntax error: unexpected '%c'", src[offset]),
		})
	}
	if runs := s.runs(importation); len(runs) > 0 {
		s.imports = s.parse("package main;", runs).Imports
	}
	if runs := s.runs(declaration, statement); len(runs) > 0 {
		if file := s.parse("package main;", runs); len(s.wrong) == 0 {
			s.take(file)
		}
	}
	if s.crossed && len(s.wrong) > 1 {
		s.wrong = sortErrors(s.wrong)[:1] // the rest follows from the first
	}
	s.atEnd()
	return s
}

// checkClause accepts a package clause as it stands at the top of a file.
func (s *syntax) checkClause() {
	runs := s.runs(clause)
	if len(runs) == 0 {
		return
	}
	s.clause = true
	file := s.parse("", runs)
	if len(s.wrong) == 0 && file.Name.Name != "main" {
		s.wrong = append(s.wrong, Error{
			Pos: s.fset.Position(file.Name.Pos()), Msg: fmt.Sprintf("package %s: cells are of package main", file.Name.Name),
		})
	}
}

// parse parses a file of prefix and runs, statements wrapped into functions.
func (s *syntax) parse(prefix string, runs []item) *ast.File {
	var b strings.Builder
	b.WriteString(prefix)
	for _, run := range runs {
		line, column := s.position(run.start)
		text := fmt.Sprintf("/*line :%d:%d*/%s\n", line, column, s.text(run))
		if run.kind == statement {
			s.wrappers[b.Len()] = true
			text = "func _(){" + text + "}\n"
		}
		b.WriteString(text)
	}
	file, err := parser.ParseFile(s.fset, s.name, b.String(), parser.SkipObjectResolution|parser.ParseComments)
	s.files = append(s.files, s.fset.File(file.FileStart))
	if err != nil {
		s.wrong = append(s.wrong, parseErrors(err, "syntax error: ")...)
	}
	return file
}

// take sorts what was parsed into declarations and statements.
func (s *syntax) take(file *ast.File) {
	at := s.fset.File(file.FileStart)
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && s.wrappers[at.Offset(f.Pos())] {
			s.stmts = append(s.stmts, f.Body.List...)
			continue
		}
		cleanDoc(decl)
		s.decls = append(s.decls, decl)
	}
}

// cleanDoc takes a line directive of ours out of the doc comment of decl.
func cleanDoc(decl ast.Decl) {
	var doc **ast.CommentGroup
	switch d := decl.(type) {
	case *ast.FuncDecl:
		doc = &d.Doc
	case *ast.GenDecl:
		doc = &d.Doc
	}
	if doc == nil || *doc == nil || !strings.HasPrefix((*doc).List[0].Text, "/*line :") {
		return
	}
	if (*doc).List = (*doc).List[1:]; len((*doc).List) == 0 {
		*doc = nil
	}
}

// forget takes the positions of a cell out of the file set.
func (s *syntax) forget() {
	for _, f := range s.files {
		s.fset.RemoveFile(f)
	}
}

var (
	// found is how a message of go/parser ends that names what it stumbled on.
	found = regexp.MustCompile(`found .*$`)
	// inCase is what it says of a case outside of a switch, where it would end the function around the statements.
	inCase = regexp.MustCompile(`expected '}', found ('case'|'default')`)
)

// atEnd words anew the errors past the end of a cell, where the parser stumbled on what was put after it.
func (s *syntax) atEnd() {
	line, column := s.position(len(strings.TrimRight(s.src, " \t\r\n")))
	lastLine, lastColumn := s.position(min(s.end, len(s.src)))
	var kept []Error
	for _, e := range s.wrong {
		past := e.Pos.Line > line || e.Pos.Line == line && e.Pos.Column >= column
		if past && len(kept) > 0 {
			continue // follows from those before
		}
		if past {
			s.wrongAtEnd = true
			e.Pos.Line, e.Pos.Column = lastLine, lastColumn
			e.Msg = found.ReplaceAllString(e.Msg, "found the end of the cell")
		}
		e.Msg = inCase.ReplaceAllString(e.Msg, "unexpected $1")
		kept = append(kept, e)
	}
	s.wrong = kept
}
