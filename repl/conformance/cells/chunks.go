package cells

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// chunk is a stretch of a cell: a declaration or some statements.
type chunk struct {
	text  string
	kind  token.Token // IMPORT, CONST, TYPE, FUNC, VAR, or ILLEGAL for statements
	file  *token.File // of the parsed form, which wraps text
	shift int         // how far text starts in it
	decls []ast.Decl  // of a declaration
	stmts []ast.Stmt  // of statements
}

// chunks cuts a cell where a line ends outside of all brackets.
func chunks(cell string) ([]chunk, error) {
	var all []chunk
	for _, text := range lines(cell) {
		c, err := parseChunk(text)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func lines(cell string) []string {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(cell))
	var s scanner.Scanner
	s.Init(file, []byte(cell), nil, 0)
	var texts []string
	depth, start := 0, 0
	cut := func(end int) {
		if text := strings.TrimSpace(cell[start:end]); text != "" {
			texts = append(texts, text)
		}
		start = end
	}
	for {
		pos, tok, lit := s.Scan()
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth == 0 && lit == "\n" {
				cut(file.Offset(pos))
			}
		case token.EOF:
			if start < len(cell) && hasTokens(cell[start:]) {
				cut(len(cell))
			}
			return texts
		}
	}
}

// hasTokens reports whether text is more than comments.
func hasTokens(text string) bool {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), nil, 0)
	_, tok, _ := s.Scan()
	return tok != token.EOF
}

// parseChunk takes text for a declaration if it can be one at package level, and for statements otherwise.
func parseChunk(text string) (chunk, error) {
	c := chunk{text: text}
	declaration := "package p\n"
	fset := token.NewFileSet()
	if file, err := parser.ParseFile(fset, "cell", declaration+text+"\n", parser.SkipObjectResolution); err == nil {
		c.decls, c.kind = file.Decls, token.FUNC
		if d, ok := file.Decls[0].(*ast.GenDecl); ok {
			c.kind = d.Tok
		}
		c.file, c.shift = fset.File(file.Pos()), len(declaration)
		return c, nil
	}
	body := "package p\nfunc _() {\n"
	file, err := parser.ParseFile(fset, "cell", body+text+"\n}\n", parser.SkipObjectResolution)
	if err != nil {
		return c, err
	}
	c.stmts = file.Decls[0].(*ast.FuncDecl).Body.List
	c.file, c.shift = fset.File(file.Pos()), len(body)
	return c, nil
}

// source returns the text of a node of the chunk.
func (c chunk) source(n ast.Node) string { return c.text[c.offset(n.Pos()):c.offset(n.End())] }

func (c chunk) offset(p token.Pos) int { return c.file.Offset(p) - c.shift }
