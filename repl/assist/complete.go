package assist

import (
	"go/token"
	"strings"
)

// Completion is what can replace the bytes Start to End of a cell. Items are in the order in which to offer them.
type Completion struct {
	Start, End int
	Items      []Item
}

// Item is one completion.
type Item struct {
	Text   string
	Kind   string // var, func, type, const, field, method, package, keyword, label, path
	Detail string // the signature, the type, the value of a constant, the path of a package
}

// Complete tells what the name that ends at or surrounds the byte pos of a cell can become.
func (e *Engine) Complete(text string, pos int) (c Completion) {
	text = strings.ReplaceAll(text, "\r", " ")
	pos = max(0, min(pos, len(text)))
	s := newSource(text)
	c = Completion{Start: pos, End: pos}
	at, ok := s.tokenAt(pos)
	if ok && at.tok == token.STRING {
		return e.completeString(s, at, pos)
	}
	if ok && !isName(at) {
		return c
	}
	if ok {
		c.Start, c.End = at.start, at.end
	}
	prefix := text[c.Start:pos]

	e.Lock.Lock()
	defer e.Lock.Unlock()
	v := e.check(s.parse(c.Start, placeholder, false), s.names(c.Start, prefix))
	c.Items = choose(prefix, (&completer{v, s, c.Start, prefix}).candidates())
	return c
}
