package main

import (
	"fmt"
	"strings"
)

// A template is Go code with holes in guillemets:
//
//	«=T class»  binds T to a type of the class, and stands for nothing
//	«T»         the type bound to T
//	«:T»        an expression of that type, or of a predeclared one
//	«x»         a name of its own, the same wherever the hole is named so
//	«@x»        such a name at the top level
//	«#1-5»      a number between
//	«a¦b»       one of these
//	«{}»        statements
//	«PROGRAM»   the name of the program
//
// What stands before a line of three dashes is declared at the top level.
type expansion struct {
	g     *generator
	types map[string]*typ
	names map[string]string
}

// feature makes statements by one of the templates.
func (g *generator) feature() string { return g.fill(features[g.IntN(len(features))]) }

// fill makes statements by a template.
func (g *generator) fill(template string) string {
	e := &expansion{g, map[string]*typ{}, map[string]string{}}
	g.push()
	defer g.pop()
	decl, body, found := strings.Cut(template, "\n---\n")
	if !found {
		decl, body = "", decl
	}
	if decl != "" {
		g.hidden(func() {
			left := g.left
			g.left = 0
			g.toplevel("%s", strings.TrimSpace(e.expand(decl)))
			g.left = left
		})
	}
	return fmt.Sprintf("{\n%s\n}", strings.TrimSpace(e.expand(body)))
}

// expand fills the holes, from left to right.
func (e *expansion) expand(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "«")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		end := closing(rest)
		out.WriteString(e.hole(rest[:end]))
		s = rest[end+len("»"):]
	}
}

// closing finds the end of a hole in which there may be others.
func closing(s string) int {
	depth := 0
	for i, r := range s {
		switch {
		case r == '«':
			depth++
		case r == '»' && depth == 0:
			return i
		case r == '»':
			depth--
		}
	}
	panic("differential: template without »: " + s)
}

func (e *expansion) hole(s string) string {
	if list := alternatives(s); len(list) > 1 {
		return e.expand(list[e.g.IntN(len(list))])
	}
	if s == "PROGRAM" {
		return e.g.program.name()
	}
	switch s[0] {
	case '=':
		name, class, _ := strings.Cut(s[1:], " ")
		e.types[name] = e.g.pick(class)
		return ""
	case ':':
		t := e.types[s[1:]]
		if t == nil {
			t = basic(s[1:])
		}
		return e.g.expr(t, 1+e.g.IntN(2))
	case '#':
		var low, high int
		fmt.Sscanf(s[1:], "%d-%d", &low, &high)
		return fmt.Sprint(low + e.g.IntN(high-low+1))
	case '{':
		return e.g.block(1 + e.g.IntN(2))
	case '@':
		return e.name(s[1:], e.g.top)
	}
	if t := e.types[s]; t != nil {
		return t.text
	}
	return e.name(s, e.g.local)
}

func (e *expansion) name(hint string, fresh func(string) string) string {
	if e.names[hint] == "" {
		e.names[hint] = fresh(hint)
	}
	return e.names[hint]
}

// alternatives splits at the bars that are not in inner holes.
func alternatives(s string) (list []string) {
	depth, start := 0, 0
	for i, r := range s {
		switch {
		case r == '«':
			depth++
		case r == '»':
			depth--
		case r == '¦' && depth == 0:
			list, start = append(list, s[start:i]), i+len("¦")
		}
	}
	return append(list, s[start:])
}

// only is a program of one feature.
func only(seed uint64, text string) *program {
	g := newGenerator(seed, "_p1")
	g.push()
	g.program.body = []string{g.fill(text)}
	return g.program
}
