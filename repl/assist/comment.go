package assist

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// declaration returns the comment on what is declared at an offset of the cell, and the source of the declaration.
func (s *source) declaration(offset int) (doc, text string) {
	for _, it := range s.items {
		if it.start <= offset && offset < it.end() && it.kind != clause && it.kind != importation {
			return s.declarationIn(it, offset)
		}
	}
	return "", ""
}

func (s *source) declarationIn(it item, offset int) (doc, text string) {
	begin := s.commentBefore(it.start)
	prefix := prefixes[it.kind]
	src := prefix + s.text[begin:it.end()] + "\n"
	if it.kind == statement {
		src += "}"
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", ""
	}
	base := int(file.FileStart) + len(prefix) - begin // of the cell
	path := find(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && int(id.NamePos) == base+offset
	})
	for i := len(path) - 1; i >= 0; i-- {
		doc, node := declarationAt(path[:i+1])
		if node == nil {
			continue
		}
		from, to := int(node.Pos())-base, int(node.End())-base
		if from < it.start { // the function around statements
			break
		}
		if doc == "" && from == it.start {
			doc = commentText(s.text[begin:it.start])
		}
		return doc, s.text[from:min(to, it.end())]
	}
	return "", ""
}

// declarationAt returns the comment on what the end of path declares, and its node; nil if it declares nothing.
func declarationAt(path []ast.Node) (doc string, node ast.Node) {
	n := path[len(path)-1]
	switch d := n.(type) {
	case *ast.Field:
		return first(d.Doc, d.Comment), n
	case *ast.FuncDecl:
		return first(d.Doc), n
	case *ast.AssignStmt:
		return "", n
	case *ast.TypeSpec:
		return group(path, d.Doc, d.Comment)
	case *ast.ValueSpec:
		return group(path, d.Doc, d.Comment)
	}
	return "", nil
}

// group returns what declarationAt does for one of the declarations of a group: without parentheses it is the only one.
func group(path []ast.Node, comments ...*ast.CommentGroup) (doc string, node ast.Node) {
	decl, ok := path[len(path)-2].(*ast.GenDecl)
	if ok && !decl.Lparen.IsValid() {
		return first(append(comments, decl.Doc)...), decl
	}
	return first(comments...), path[len(path)-1]
}

// first returns the first text that there is.
func first(comments ...*ast.CommentGroup) string {
	for _, c := range comments {
		if text := strings.TrimSpace(c.Text()); text != "" {
			return text
		}
	}
	return ""
}

// commentBefore returns where the comment begins that stands directly before an offset, on lines of its own.
func (s *source) commentBefore(offset int) int {
	for i := len(s.all) - 1; i >= 0; i-- {
		c := s.all[i]
		if c.end > offset || c.isNewline() {
			continue
		}
		line := strings.TrimSpace(s.text[strings.LastIndexByte(s.text[:c.start], '\n')+1 : c.start])
		if c.tok != token.COMMENT || line != "" || strings.Count(s.text[c.end:offset], "\n") > 1 {
			break
		}
		offset = c.start
	}
	return offset
}

// commentText returns what comments say.
func commentText(src string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "", src+"package p", parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return ""
	}
	return first(file.Doc)
}
