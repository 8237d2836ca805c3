package render

import (
	"fmt"
	"reflect"
	"strings"
)

// plain returns the text of v, and its sheet if the text is a table.
func (c Config) plain(v any) (string, *sheet) {
	if s, ok := v.(string); ok {
		return c.verbatim(s), nil
	}
	return c.show(v)
}

// verbatim is a string as its own text.
func (c Config) verbatim(s string) string {
	if len(s) > longest {
		return printable(cut(s, longest)) + "…\n(" + count(len(s), "byte") + ")"
	}
	return printable(s)
}

// Quoted is as the function Quoted.
func (c Config) Quoted(v any) string {
	text, _ := c.show(v)
	return text
}

func (c Config) show(v any) (string, *sheet) {
	value := reflect.ValueOf(v)
	if held, ok := v.(reflect.Value); ok {
		value = held
	}
	if text, ok := exact(value); ok {
		return text, nil
	}
	s, isSheet := sheetOf(value)
	if isSheet && (s.gap > 0 || s.always) {
		return s.layOut(c.width()).String(), s
	}
	n := new(builder).build(value, 0, largest, alone)
	if isSheet && n.width > c.width()/2 {
		return s.layOut(c.width()).String(), s
	}
	p := printer{width: c.width()}
	p.write(&n, 0, 0)
	if len(p.text) > longest {
		return cut(string(p.text), longest) + "…", nil
	}
	return string(p.text), nil
}

// exact is the text of a number that is no part of anything.
func exact(v reflect.Value) (string, bool) {
	if !v.IsValid() || !isNumber(v.Kind()) || hasText(v.Type()) {
		return "", false
	}
	return fmt.Sprintf("%v", v), true
}

// typeName is a type as a cell would write it: without the package main, and not too long.
func typeName(t reflect.Type) string {
	const long = 60
	name := t.String()
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		isStart := i == 0 || !isNameByte(name[i-1])
		if isStart && strings.HasPrefix(name[i:], "main.") {
			i += len("main.")
		}
		b.WriteByte(name[i])
	}
	return clip(oneLine(strings.ReplaceAll(b.String(), "interface {}", "any"), long), long)
}

func isNameByte(c byte) bool {
	return c == '_' || c == '.' || c == '/' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}
