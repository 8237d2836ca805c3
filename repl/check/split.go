package check

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// pieces is a cell before it is parsed: where its top-level declarations and statements begin and end, and what can be
// told from its tokens alone.
type pieces struct {
	src       string
	items     []item
	idents    map[string]bool     // all identifiers
	selectors map[string][]string // of each name what follows it after a dot
	open      []bracket           // those that nothing closes
	stray     []int               // offsets of closing brackets that nothing opens
	crossed   bool                // a bracket closed by one of another kind
	end       int                 // of the last token
	goesOn    bool                // which asks for another
	quiet     bool                // or is a semicolon
}

// item is a top-level declaration or statement with the comments before it. The header of a for, if or switch
// statement can make two of one statement, which does no harm as adjacent items of a kind are parsed together.
type item struct {
	kind       itemKind
	start, end int
}

type itemKind int

const (
	statement itemKind = iota // var declarations too
	declaration
	importation
	clause // package main
)

type bracket struct {
	closing token.Token
	line    int
}

// lexeme is a token.
type lexeme struct {
	tok    token.Token
	lit    string
	offset int
	line   int
	lead   int // the offset of the comments before it, from the first on a later line than the token before
}

var closing = map[token.Token]token.Token{
	token.LPAREN: token.RPAREN, token.LBRACK: token.RBRACK, token.LBRACE: token.RBRACE,
}

// split takes a cell to pieces. What is wrong in it the parser will say.
func split(src string) *pieces {
	p := &pieces{src: src, idents: map[string]bool{}, selectors: map[string][]string{}}
	all := lexemes(src)
	fresh := true // the next token begins an item
	for i, l := range all[:len(all)-1] {
		if fresh {
			p.begin(kindOf(all[i:]), l.lead)
		}
		p.track(l)
		fresh = l.tok == token.SEMICOLON && len(p.open) == 0
	}
	if n := len(p.items); n > 0 {
		p.items[0].start, p.items[n-1].end = 0, len(src)
	}
	p.note(all)
	return p
}

// lexemes returns the tokens of src but for comments. The last is EOF.
func lexemes(src string) (all []lexeme) {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, []byte(src), nil, scanner.ScanComments)
	lead, before := -1, 0
	for {
		pos, tok, lit := s.Scan()
		l := lexeme{tok: tok, lit: lit, offset: file.Offset(pos), line: file.PositionFor(pos, false).Line}
		if lead < 0 && (tok != token.COMMENT || l.line > before) {
			lead = l.offset
		}
		if tok == token.COMMENT {
			continue
		}
		l.lead, lead, before = lead, -1, l.line
		all = append(all, l)
		if tok == token.EOF {
			return all
		}
	}
}

func (p *pieces) begin(kind itemKind, start int) {
	n := len(p.items)
	if n > 0 {
		p.items[n-1].end = start
	}
	if kind == clause && n > 0 {
		kind = statement // for the parser to refuse
	}
	p.items = append(p.items, item{kind: kind, start: start})
}

// kindOf tells what begins with the tokens of rest.
func kindOf(rest []lexeme) itemKind {
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

// isFuncDecl tells a function or method with a name from a literal, by what follows the word func. After the
// parentheses of a method come its name and its parameters, after those of a literal at most a name and no parentheses.
func isFuncDecl(rest []lexeme) bool {
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
		if depth == 0 {
			return i+2 < len(rest) && rest[i+1].tok == token.IDENT && rest[i+2].tok == token.LPAREN
		}
	}
	return false
}

// track follows the brackets.
func (p *pieces) track(l lexeme) {
	if c, ok := closing[l.tok]; ok {
		p.open = append(p.open, bracket{c, l.line})
		return
	}
	if l.tok != token.RPAREN && l.tok != token.RBRACK && l.tok != token.RBRACE {
		return
	}
	if len(p.open) == 0 {
		p.stray = append(p.stray, l.offset)
		return
	}
	for n := len(p.open) - 1; n >= 0; n-- {
		if p.open[n].closing == l.tok {
			p.crossed = p.crossed || n < len(p.open)-1
			p.open = p.open[:n]
			return
		}
	}
	p.crossed = true
}

// note gathers names, and how the cell ends.
func (p *pieces) note(all []lexeme) {
	for i, l := range all {
		if l.tok != token.IDENT {
			continue
		}
		p.idents[l.lit] = true
		chained := i > 0 && all[i-1].tok == token.PERIOD
		if !chained && all[i+1].tok == token.PERIOD && all[i+2].tok == token.IDENT {
			p.selectors[l.lit] = append(p.selectors[l.lit], all[i+2].lit)
		}
	}
	for _, l := range all {
		if l.tok == token.EOF || l.lit == "\n" {
			continue
		}
		p.end = l.offset + max(len(l.lit), len(l.tok.String()))
	}
	if n := len(all) - 2; n >= 0 { // before EOF
		p.quiet = all[n].tok == token.SEMICOLON && all[n].lit == ";"
		p.goesOn = all[n].tok != token.SEMICOLON
	}
}

// runs joins adjacent items, of the kinds given.
func (p *pieces) runs(kinds ...itemKind) (runs []item) {
	for _, it := range p.items {
		n := len(runs)
		switch {
		case !slices.Contains(kinds, it.kind):
		case n > 0 && runs[n-1].kind == it.kind && runs[n-1].end == it.start:
			runs[n-1].end = it.end
		default:
			runs = append(runs, it)
		}
	}
	return runs
}

// text returns the source of a run, less the closing brackets that nothing opens.
func (p *pieces) text(run item) string {
	text := p.src[run.start:run.end]
	for _, offset := range p.stray {
		if run.start <= offset && offset < run.end {
			at := offset - run.start
			text = text[:at] + " " + text[at+1:]
		}
	}
	return text
}

// position returns the line and the column of an offset.
func (p *pieces) position(offset int) (line, column int) {
	before := p.src[:offset]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndexByte(before, '\n')
}
