package assist

import (
	"go/token"
	"strings"
)

// level is what is open around the cursor: a bracket, and in it the statement begun last.
type level struct {
	closer string
	start  bool // the next token begins a statement
	header bool // the statement is an if, for, switch or select that lacks its body
	label  bool // it is a case that lacks its colon
	call   bool // it is a go or defer that lacks its call
}

// closers returns what makes source whole that ends in an expression after tokens: closing brackets, and the missing
// bodies, colons and calls.
func closers(tokens []lexeme) string {
	levels := []level{{start: true}}
	for i, l := range tokens {
		top := &levels[len(levels)-1]
		if top.start {
			top.begin(l.tok)
		}
		switch l.tok {
		case token.IF: // after else, too
			top.header = true
		case token.COLON:
			top.start, top.label = true, false
		case token.SEMICOLON:
			top.start = true
			top.header = top.header && !l.isNewline()
		case token.LPAREN:
			top.call = top.call && !isCall(tokens[:i])
			levels = append(levels, level{closer: ")"})
		case token.LBRACK:
			levels = append(levels, level{closer: "]"})
		case token.LBRACE:
			top.header = top.header && isLiteral(tokens[:i])
			levels = append(levels, level{closer: "}", start: true})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(levels) > 1 {
				levels = levels[:len(levels)-1]
			}
		}
	}
	var b strings.Builder
	for i := len(levels) - 1; i >= 0; i-- {
		b.WriteString(levels[i].end())
	}
	return b.String()
}

// begin notes the first token of a statement.
func (v *level) begin(tok token.Token) {
	v.start = false
	v.header = v.header || tok == token.FOR || tok == token.SWITCH || tok == token.SELECT
	v.label = tok == token.CASE || tok == token.DEFAULT
	v.call = tok == token.GO || tok == token.DEFER
}

func (v level) end() string {
	switch {
	case v.header:
		return "{}" + v.closer
	case v.label:
		return ":" + v.closer
	case v.call:
		return "()" + v.closer
	}
	return v.closer
}

// isCall reports whether a parenthesis after tokens begins the arguments of a call.
func isCall(tokens []lexeme) bool {
	if len(tokens) == 0 {
		return false
	}
	switch tokens[len(tokens)-1].tok {
	case token.IDENT, token.RPAREN, token.RBRACK, token.RBRACE:
		return true
	}
	return false
}

// isLiteral reports whether a brace after tokens, in the header of a statement, begins a composite literal as in
// range []int{1, 2}, and not the body.
func isLiteral(tokens []lexeme) bool {
	for n := len(tokens); n > 0; n-- {
		switch tokens[n-1].tok {
		case token.IDENT, token.PERIOD, token.MUL:
		case token.RBRACK:
			return n < len(tokens)
		default:
			return tokens[n-1].tok == token.STRUCT || tokens[n-1].tok == token.INTERFACE
		}
	}
	return false
}
