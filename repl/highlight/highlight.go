// Package highlight colours Go source as one types it.
//
//	Go      source -> spans by kind: keywords, strings, calls …; tolerates what is unfinished or wrong
//	ANSI    source -> the same with SGR codes
//	Style   SGR codes, and the palette of the terminal front end
//
// It reads tokens, not syntax: a name is known by what stands beside it. Lines of commands (%who, !ls, ?x) are of one kind.
package highlight

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"
)

// Kind is what a span of source is.
type Kind uint8

// The kinds of spans.
const (
	Plain Kind = iota
	Keyword
	Type     // a predeclared type, or the name that a type declaration gives
	Builtin  // a predeclared function in a call
	Func     // a name that is called or declared as a function
	Constant // true, false, nil, iota
	String   // and characters
	Number
	Comment
	Operator // and brackets, commas …
	Command  // a line that is not Go but a command: %time …, !ls, ?x
	Illegal  // characters that Go has no use for
)

// Span is a part of the source in bytes.
type Span struct {
	From, To int
	Kind     Kind
}

// Go splits source into spans in order. Between them there is plain text.
func Go(src string) []Span {
	p := painter{src: src, bytes: []byte(src), spans: make([]Span, 0, len(src)/4+8)}
	for start := 0; start < len(src); {
		start = p.run(start)
	}
	return p.spans
}

// painter goes through the tokens of a source.
type painter struct {
	src   string
	bytes []byte // the same
	spans []Span
	depth int // of brackets
}

// item is a token with where it is.
type item struct {
	from, to int
	tok      token.Token
}

// run scans from an offset up to the end, or up to the end of the first command line, and returns where it stopped.
func (p *painter) run(start int) int {
	file := token.NewFileSet().AddFile("", 1, len(p.src)-start)
	var s scanner.Scanner
	s.Init(file, p.bytes[start:], nil, scanner.ScanComments)
	fresh := true // a statement may begin here
	prev := item{tok: token.SEMICOLON}
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return len(p.src)
		}
		from := start + int(pos) - 1
		if fresh && p.depth == 0 && p.command(from) {
			end := lineEnd(p.src, from)
			p.add(from, end, Command)
			return end
		}
		if tok == token.SEMICOLON && lit == "\n" {
			fresh, prev = true, item{tok: tok}
			continue
		}
		next := item{from, p.end(from, tok, lit), tok}
		p.token(prev, next)
		fresh, prev = tok == token.COMMENT && fresh, next
	}
}

// command tells whether a command begins at an offset where a statement may begin.
func (p *painter) command(at int) bool {
	if !strings.ContainsRune("%!?:", rune(p.src[at])) {
		return false
	}
	before := p.src[strings.LastIndexByte(p.src[:at], '\n')+1 : at]
	return strings.Trim(before, " \t") == "" && !strings.HasPrefix(p.src[at:], ":=")
}

// end is where a token ends. Literals come from the scanner without carriage returns, so the source is asked.
func (p *painter) end(from int, tok token.Token, lit string) int {
	switch {
	case tok == token.STRING && p.src[from] == '`':
		return from + closing(p.src[from+1:], "`") + 1
	case tok == token.COMMENT && strings.HasPrefix(p.src[from:], "/*"):
		return from + closing(p.src[from+2:], "*/") + 2
	case tok.IsOperator() && tok != token.SEMICOLON:
		return from + len(tok.String())
	case lit == "" || lit == "\n":
		return from + 1
	case tok == token.ILLEGAL:
		_, size := utf8.DecodeRuneInString(p.src[from:])
		return from + size
	}
	return from + len(lit)
}

// closing is the length up to and with the mark that ends something, or of all if it does not end.
func closing(text, mark string) int {
	if i := strings.Index(text, mark); i >= 0 {
		return i + len(mark)
	}
	return len(text)
}

func (p *painter) token(prev, it item) {
	switch it.tok {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		p.depth++
	case token.RPAREN, token.RBRACK, token.RBRACE:
		p.depth = max(0, p.depth-1)
	}
	if kind := p.kind(prev, it); kind != Plain {
		p.add(it.from, it.to, kind)
	}
}

func (p *painter) kind(prev, it item) Kind {
	switch tok := it.tok; {
	case tok == token.COMMENT:
		return Comment
	case tok == token.STRING, tok == token.CHAR:
		return String
	case tok == token.IDENT:
		return p.name(prev, it)
	case tok.IsLiteral():
		return Number
	case tok.IsKeyword():
		return Keyword
	case tok == token.ILLEGAL:
		return Illegal
	case tok.IsOperator():
		return Operator
	}
	return Plain
}

// name tells the kind of an identifier by itself, by what is before it and by whether it is called.
func (p *painter) name(prev, it item) Kind {
	text := p.src[it.from:it.to]
	called := it.to < len(p.src) && p.src[it.to] == '('
	switch {
	case prev.tok == token.TYPE:
		return Type
	case prev.tok == token.FUNC:
		return Func
	case prev.tok != token.PERIOD && predeclared(text) != Plain:
		if kind := predeclared(text); kind != Builtin || called {
			return kind
		}
		return Plain
	case called:
		return Func
	}
	return Plain
}

// predeclared is the kind of a name of the universe.
func predeclared(name string) Kind {
	switch name {
	case "any", "bool", "byte", "comparable", "complex64", "complex128", "error", "float32", "float64", "int", "int8", "int16",
		"int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr":
		return Type
	case "append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make", "max", "min", "new", "panic",
		"print", "println", "real", "recover":
		return Builtin
	case "true", "false", "nil", "iota":
		return Constant
	}
	return Plain
}

// add appends a span, at most up to the end of the source and never over the one before.
func (p *painter) add(from, to int, kind Kind) {
	if to = min(to, len(p.src)); from < to {
		p.spans = append(p.spans, Span{from, to, kind})
	}
}

func lineEnd(src string, from int) int {
	if i := strings.IndexByte(src[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(src)
}
