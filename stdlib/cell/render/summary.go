package render

import (
	"fmt"
	"reflect"
	"strings"
)

// Summary is as the function Summary.
func (c Config) Summary(v any) string {
	width := c.Width
	if width <= 0 {
		width = 80
	}
	if isPicture(v) {
		return typeName(reflect.TypeOf(v))
	}
	return clip(oneLine(summary(reflect.ValueOf(v), width), width), width)
}

func summary(v reflect.Value, width int) string {
	if text, ok := exact(v); ok {
		return text
	}
	to, followed := pointee(v)
	if followed && to.IsValid() && to.Kind() == reflect.Map && to.Len() > shownAll {
		return "map, " + count(to.Len(), "entry")
	}
	s, isSheet := sheetOf(v)
	if isSheet && s.always {
		return s.brief
	}
	const size = 200 // nodes
	n := new(builder).build(v, 1, size, width)
	if isSheet && n.width > width {
		return s.brief
	}
	if !followed || !to.IsValid() || n.width <= width {
		return n.oneLine()
	}
	switch to.Kind() {
	case reflect.String:
		note := "… (" + count(to.Len(), "byte") + ")"
		return strings.TrimSuffix(quote(to.String(), width-columns(note)-2), note) + note
	case reflect.Map:
		return "map, " + count(to.Len(), "entry")
	case reflect.Slice, reflect.Array:
		return listSummary(to, width)
	}
	return n.oneLine()
}

// listSummary shows as many elements as there is room for, if they are numbers or the like.
func listSummary(v reflect.Value, width int) string {
	last := v.Len() - 1
	for k := min(shownHead, last); k > 1 && isScalar(v.Type().Elem().Kind()); k-- {
		n := node{open: "[", shut: "]", note: " (" + count(v.Len(), "value") + ")"}
		for i := range k {
			n.add("", new(builder).build(v.Index(i), 1, deepest, width))
		}
		n.add("", gap())
		n.add("", new(builder).build(v.Index(last), 1, deepest, width))
		if n = n.sealed(); n.width <= width {
			return n.oneLine()
		}
	}
	return fmt.Sprintf("%s, %s", typeName(v.Type()), count(v.Len(), "value"))
}
