package assist

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Info is what is known about a name.
type Info struct {
	Name string
	Kind string // var, func, type, const, field, method, package, label
	// Declaration is how it would be declared: func strings.Cut(s, sep string) (before, after string, found bool).
	Declaration string
	Type        string // of what has one
	Doc         string // the doc comment
	Where       string // it is declared: cell[3]:2:1, strings/builder.go:42, or this cell:2:1
	Source      string // of what cells declare: the declaration or statement
	Global      bool   // it is a variable of the session
	Members     []string
	// Call is the call whose arguments the cursor is in, if it is in any.
	Call *Call
}

// Call is a call that is being written.
type Call struct {
	Signature string   // func strings.Cut(s, sep string) (before, after string, found bool)
	Params    []string // s string, sep string
	Active    int      // the parameter at the cursor; -1 if there is none
}

// Inspect tells what the name at the byte pos of a cell means, or if there is none, the function in whose call pos is, or
// the name before.
func (e *Engine) Inspect(text string, pos int) (Info, bool) {
	text = strings.ReplaceAll(text, "\r", " ")
	pos = max(0, min(pos, len(text)))
	q := &question{engine: e, src: newSource(text), pos: pos}
	info, ok := q.answer()
	info.Global = ok && info.Kind == "var" && q.global
	return info, ok
}

// question is one Inspect.
type question struct {
	engine *Engine
	src    *source
	pos    int
	global bool // the answer is on a variable of the session
}

func (q *question) answer() (info Info, ok bool) {
	q.engine.Lock.Lock()
	defer q.engine.Lock.Unlock()
	call, callee, v := q.call()
	if name, found := q.nameAt(); found {
		info, ok = q.name(name)
	} else if callee != nil {
		info, ok = q.describe(v, callee)
	} else if name, found := q.nameBefore(); found {
		info, ok = q.name(name)
	}
	info.Call = call
	return info, ok || call != nil
}

// nameAt returns the name that the cursor is in, or else touches.
func (q *question) nameAt() (name lexeme, found bool) {
	for _, l := range q.src.all {
		if l.tok == token.IDENT && l.start <= q.pos && q.pos <= l.end {
			name, found = l, true
		}
	}
	return name, found
}

// nameBefore returns the name before the cursor: with a dot or an operator in between, or of what was called or indexed
// before it.
func (q *question) nameBefore() (lexeme, bool) {
	code := withoutComments(q.src.all)
	for n := len(code); n > 0; n-- {
		l := code[n-1]
		if l.end > q.pos || l.isNewline() {
			continue
		}
		switch l.tok {
		case token.IDENT:
			return l, true
		case token.RPAREN, token.RBRACK, token.RBRACE:
			n = opening(code, n-1) + 1
		case token.PERIOD:
		default:
			return l, false
		}
	}
	return lexeme{}, false
}

// opening returns the index of the bracket that the one at index i closes, or 0.
func opening(code []lexeme, i int) int {
	for depth := 0; i > 0; i-- {
		switch code[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return 0
}

// name describes what a name of the cell means: first with all that follows it, and if that does not parse, without.
func (q *question) name(name lexeme) (Info, bool) {
	names := q.src.names(-1, "")
	names[name.lit] = append(names[name.lit], member{"", true}) // have it imported
	v := q.engine.check(q.src.parse(name.start, name.lit, true), names)
	if v.at == nil {
		return Info{}, false
	}
	return q.describe(v, v.at)
}

// call finds the call whose arguments the cursor is in.
func (q *question) call() (*Call, *ast.Ident, *view) {
	start := q.pos
	if l, ok := q.src.tokenAt(q.pos); ok {
		if l.tok == token.COMMENT {
			return nil, nil, nil
		}
		start = l.start
	}
	v := q.engine.check(q.src.parse(start, placeholder, false), q.src.names(start, ""))
	for i := len(v.path) - 1; i >= 0; i-- {
		switch n := v.path[i].(type) {
		case *ast.FuncLit:
			return nil, nil, nil
		case *ast.CallExpr:
			inner := ast.Node(v.at)
			if i+1 < len(v.path) {
				inner = v.path[i+1]
			}
			for arg, x := range n.Args {
				if x == inner {
					return v.callOf(n, arg)
				}
			}
		}
	}
	return nil, nil, nil
}

// callOf describes a call at one of its arguments.
func (v *view) callOf(call *ast.CallExpr, arg int) (*Call, *ast.Ident, *view) {
	id := calleeName(call.Fun)
	c := &Call{}
	if id != nil {
		switch obj := v.object(id).(type) {
		case nil:
		case *types.Builtin:
			c.Signature, c.Params = declarationOf(obj), builtinParameters(obj.Name())
		default:
			c.Signature = declarationOf(obj)
		}
	}
	if t := v.info.Types[call.Fun].Type; t != nil {
		if sig, ok := t.Underlying().(*types.Signature); ok {
			c.Params = parameters(sig)
			c.Signature = cmp.Or(c.Signature, "func"+signature(sig))
		}
	}
	if c.Signature == "" {
		return nil, nil, nil
	}
	c.Active = activeParameter(c.Params, arg)
	return c, id, v
}

// activeParameter returns the index of the parameter that an argument is for, or -1.
func activeParameter(params []string, arg int) int {
	last := len(params) - 1
	switch {
	case arg <= last:
		return arg
	case last >= 0 && strings.Contains(params[last], "..."):
		return last
	}
	return -1
}

// calleeName returns the name by which a function is called.
func calleeName(fun ast.Expr) *ast.Ident {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	case *ast.IndexExpr:
		return calleeName(f.X)
	case *ast.IndexListExpr:
		return calleeName(f.X)
	}
	return nil
}

// object returns what a name means.
func (v *view) object(id *ast.Ident) types.Object {
	if obj := v.info.Uses[id]; obj != nil {
		return obj
	}
	return v.info.Defs[id]
}
