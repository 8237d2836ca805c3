package shell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// tracker follows Go source from its beginning on, to tell where a statement ends.
type tracker struct {
	src     string
	file    *token.File
	scanner scanner.Scanner
	next    lexeme
	end     int // of the last token that began
	depth   int // of brackets
	open    bool
	asks    bool // the last token is a question mark, which Go does not have
}

// lexeme is a token and where it stands.
type lexeme struct {
	tok        token.Token
	lit        string
	start, end int
}

func newTracker(src string) *tracker {
	t := &tracker{src: src, file: token.NewFileSet().AddFile("", -1, len(src))}
	t.scanner.Init(t.file, []byte(src), func(token.Position, string) {}, scanner.ScanComments)
	t.scan()
	return t
}

// scan reads the next token.
func (t *tracker) scan() {
	pos, tok, lit := t.scanner.Scan()
	t.next = lexeme{tok: tok, lit: lit, start: t.file.Offset(pos)}
	rest := t.src[t.next.start:]
	switch { // the scanner takes carriage returns out of these
	case strings.HasPrefix(rest, "/*"):
		t.next.end = t.next.start + through(rest, 2, "*/")
	case strings.HasPrefix(rest, "`"):
		t.next.end = t.next.start + through(rest, 1, "`")
	default:
		t.next.end = t.next.start + len(lit)
	}
}

// through is how much of a text goes to the end of what closes it, and one more if nothing does.
func through(text string, from int, closing string) int {
	if i := strings.Index(text[from:], closing); i >= 0 {
		return from + i + len(closing)
	}
	return len(text) + 1
}

// ends tells whether a statement can begin at an offset. Offsets may not become smaller.
func (t *tracker) ends(at int) bool {
	for t.next.tok != token.EOF && t.next.start < at {
		t.take(t.next)
		t.scan()
	}
	return t.depth == 0 && !t.open && t.end <= at
}

// take goes past a token.
func (t *tracker) take(l lexeme) {
	if l.tok != token.SEMICOLON {
		t.end = l.end
		t.asks = l.tok == token.ILLEGAL && l.lit == "?"
	}
	switch l.tok {
	case token.COMMENT:
		return
	case token.LPAREN, token.LBRACK, token.LBRACE:
		t.depth++
	case token.RPAREN, token.RBRACK, token.RBRACE:
		t.depth = max(t.depth-1, 0)
	}
	t.open = l.tok != token.SEMICOLON
}

// unfinished tells whether Go source does not end where a statement does.
func unfinished(src string) bool {
	src += "\n"
	return !newTracker(src).ends(len(src))
}
