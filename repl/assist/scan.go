package assist

import (
	"go/scanner"
	"go/token"
	"strings"
)

// lexeme is a token and where it stands.
type lexeme struct {
	tok        token.Token
	lit        string
	start, end int
	flush      bool // at the very left of a line
}

// lex returns the tokens of src with comments, less the one at the end. Without carriage returns in src, which the
// scanner drops from literals, a literal is as long as its source.
func lex(src string) []lexeme {
	all := make([]lexeme, 0, len(src)/3)
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, []byte(src), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return all
		}
		l := lexeme{tok: tok, lit: lit, start: file.Offset(pos)}
		switch {
		case l.isNewline():
			l.end = l.start
		case tok.IsLiteral() || tok == token.COMMENT:
			l.end = min(l.start+len(lit), len(src))
		case tok == token.ILLEGAL:
			l.end = l.start + 1
		default:
			l.end = l.start + len(tok.String())
		}
		l.flush = l.start == 0 || src[l.start-1] == '\n'
		all = append(all, l)
	}
}

// isNewline tells a semicolon that the end of a line stands for.
func (l lexeme) isNewline() bool { return l.tok == token.SEMICOLON && l.lit != ";" }

// kind is what a top-level piece of a cell is to the parser.
type kind int

const (
	statement kind = iota // var declarations too
	declaration
	importation
	clause // package main
)

// prefixes of the file that the parser is shown of a piece.
var prefixes = map[kind]string{
	statement: "package p;func _(){", declaration: "package p;", importation: "package p;",
}

// item is a top-level declaration or statement.
type item struct {
	kind   kind
	start  int
	stop   int      // where the cursor is no longer in it: after the semicolon, which may be a newline
	tokens []lexeme // without comments and that semicolon
}

func (it item) end() int { return it.tokens[len(it.tokens)-1].end }

// split takes a cell to pieces at its top level. Within brackets that are never closed, a declaration at the very left of
// a line begins a piece of its own.
func split(all []lexeme, size int) (items []item) {
	depth, fresh := 0, true
	code := withoutComments(all)
	for i, l := range code {
		if !fresh && depth > 0 && l.flush && isDeclaration(code[i:]) {
			items[len(items)-1].stop = l.start
			depth, fresh = 0, true
		}
		if l.tok == token.SEMICOLON && depth == 0 {
			if !fresh {
				items[len(items)-1].stop = l.start + 1
			}
			fresh = true
			continue
		}
		if fresh {
			items = append(items, item{kind: kindOf(code[i:]), start: l.start, stop: size + 1})
			fresh = false
		}
		this := &items[len(items)-1]
		this.tokens = append(this.tokens, l)
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(0, depth-1)
		}
	}
	return items
}

func withoutComments(all []lexeme) []lexeme {
	kept := make([]lexeme, 0, len(all))
	for _, l := range all {
		if l.tok != token.COMMENT {
			kept = append(kept, l)
		}
	}
	return kept
}

// isDeclaration reports whether rest reads as a declaration that is seldom written anywhere but at the top level.
func isDeclaration(rest []lexeme) bool {
	return rest[0].tok != token.CONST && kindOf(rest) != statement
}

// kindOf tells what begins with rest.
func kindOf(rest []lexeme) kind {
	switch rest[0].tok {
	case token.PACKAGE:
		return clause
	case token.IMPORT:
		return importation
	case token.TYPE, token.CONST:
		return declaration
	case token.FUNC:
		if isFuncDecl(rest[1:]) {
			return declaration
		}
	}
	return statement
}

// isFuncDecl tells a function or method with a name, perhaps one that is still to come, from a literal.
func isFuncDecl(rest []lexeme) bool {
	if len(rest) == 0 {
		return true
	}
	if rest[0].tok != token.LPAREN {
		return rest[0].tok == token.IDENT
	}
	depth := 0
	for i, l := range rest {
		switch l.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 { // after a receiver come a name and parameters, after parameters at most the name of a type
			return i+2 < len(rest) && rest[i+1].tok == token.IDENT && rest[i+2].tok == token.LPAREN
		}
	}
	return false
}

// isName reports whether a token is a name, or a keyword that may be the beginning of one.
func isName(l lexeme) bool { return l.tok == token.IDENT || l.tok.IsKeyword() }

// tokenAt returns the token that pos is in, or for names and numbers at the end of.
func (s *source) tokenAt(pos int) (lexeme, bool) {
	for _, l := range s.all {
		if l.start < pos && pos <= l.end && (pos < l.end || l.goesOn()) {
			return l, true
		}
	}
	return lexeme{}, false
}

// goesOn reports whether what is written after l belongs to it.
func (l lexeme) goesOn() bool {
	switch l.tok {
	case token.IDENT, token.INT, token.FLOAT, token.IMAG:
		return true
	case token.COMMENT:
		return strings.HasPrefix(l.lit, "//") || !strings.HasSuffix(l.lit, "*/")
	case token.STRING, token.CHAR:
		return len(l.lit) < 2 || l.lit[len(l.lit)-1] != l.lit[0]
	}
	return l.tok.IsKeyword()
}

// names returns all names of the cell, each with what follows it after dots. What follows at the offset start is still
// being written.
func (s *source) names(start int, prefix string) map[string][]member {
	names := map[string][]member{}
	code := withoutComments(s.all)
	for i, l := range code {
		if l.tok != token.IDENT {
			continue
		}
		if _, ok := names[l.lit]; !ok {
			names[l.lit] = nil
		}
		if i+1 == len(code) || code[i+1].tok != token.PERIOD || i > 0 && code[i-1].tok == token.PERIOD {
			continue
		}
		dot := code[i+1].end
		switch {
		case start >= dot && strings.TrimSpace(s.text[dot:start]) == "":
			names[l.lit] = append(names[l.lit], member{prefix, true})
		case i+2 < len(code) && code[i+2].tok == token.IDENT:
			names[l.lit] = append(names[l.lit], member{code[i+2].lit, false})
		default:
			names[l.lit] = append(names[l.lit], member{"", true})
		}
	}
	return names
}
