package assist

import (
	"go/ast"
	"go/token"
	"slices"
)

// words lists the keywords that can stand at the cursor.
func (c *completer) words(typesOnly bool) []candidate {
	if c.prefix == "" {
		return nil
	}
	words := []string{"chan", "func", "interface", "map", "struct"}
	if _, ok := c.path[len(c.path)-1].(*ast.ExprStmt); ok && !typesOnly {
		words = append(words, c.statementWords()...)
	}
	if c.inForHeader() {
		words = append(words, "range")
	}
	return keywords(words)
}

func keywords(words []string) (list []candidate) {
	for _, w := range words {
		list = append(list, candidate{name: w, kind: "keyword", rank: keyword})
	}
	return list
}

// statementWords are those that can begin a statement where the cursor is.
func (c *completer) statementWords() []string {
	words := []string{"const", "defer", "for", "go", "goto", "if", "select", "switch", "type", "var"}
	inFunc := false
	for _, n := range c.path {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			inFunc = true
			words = append(words, "return")
		case *ast.ForStmt, *ast.RangeStmt:
			words = append(words, "break", "continue")
		case *ast.CaseClause, *ast.CommClause:
			words = append(words, "break", "case", "default", "fallthrough")
		}
	}
	if !inFunc {
		words = append(words, "import")
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// before returns the tokens before the cursor.
func (c *completer) before() []lexeme {
	code := withoutComments(c.src.all)
	n := slices.IndexFunc(code, func(l lexeme) bool { return l.start >= c.start })
	if n < 0 {
		n = len(code)
	}
	return code[:n]
}

// inForHeader reports whether range can stand at the cursor.
func (c *completer) inForHeader() bool {
	code := c.before()
	for i := len(code) - 1; i >= 0; i-- {
		switch tok := code[i].tok; {
		case tok == token.FOR:
			last := code[len(code)-1].tok
			return last == token.FOR || last == token.DEFINE || last == token.ASSIGN
		case tok == token.SEMICOLON || tok == token.LBRACE || tok == token.RBRACE:
			return false
		}
	}
	return false
}

// clauses lists the keywords that go on with a statement where nothing else can stand.
func (c *completer) clauses() []candidate {
	code := c.before()
	if c.prefix == "" || len(code) == 0 {
		return nil
	}
	switch last := code[len(code)-1]; {
	case c.inForHeader():
		return keywords([]string{"range"})
	case last.tok == token.RBRACE:
		return keywords([]string{"else"})
	case last.tok == token.LBRACE, last.tok == token.SEMICOLON:
		return keywords([]string{"case", "default"})
	}
	return nil
}
