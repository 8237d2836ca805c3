package render

import (
	"fmt"
	"reflect"
)

// sheet is a value with rows and columns.
type sheet struct {
	names  []string // of the columns; nil: they have none
	labels []string // of the rows that are shown; nil: they have none
	rows   int      // that are shown
	gap    int      // the row before which others are left out; 0: there is none
	cols   int
	at     func(i, j int) field // of row i of those shown and column j
	shape  string               // how large the whole is, and what
	brief  string               // the same in a summary
	always bool                 // there is no other text for it
}

// field is what stands in a row and a column.
type field struct {
	text   string
	number bool
}

// sheetOf returns the rows of v if it has any.
func sheetOf(v reflect.Value) (*sheet, bool) {
	if m, ok := matrixOf(v); ok {
		return m.sheet(v.Type()), true
	}
	v, ok := pointee(v)
	if !ok || !v.IsValid() {
		return nil, false
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		if isGrid(v.Type()) {
			return gridSheet(v)
		}
		return listSheet(v)
	case reflect.Map:
		return mapSheet(v)
	}
	return nil, false
}

// pointee follows pointers and interfaces, but not for ever, and not if a value on the way has a text.
func pointee(v reflect.Value) (to reflect.Value, ok bool) {
	for range deepest {
		switch {
		case !v.IsValid():
			return v, true
		case hasText(v.Type()):
			return v, false
		case v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface:
			return v, true
		}
		v = v.Elem()
	}
	return v, false
}

// hasText tells whether values of the type are asked for their text.
func hasText(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[error]()) || t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[fmt.Formatter]())
}

// shownRows are the indices of the rows to show of n, and before which of them is a gap.
func shownRows(n int) (rows []int, gap int) {
	for i := range n {
		if n > shownAll && i == shownHead {
			gap = i
			break
		}
		rows = append(rows, i)
	}
	if gap > 0 {
		for i := n - shownTail; i < n; i++ {
			rows = append(rows, i)
		}
	}
	return rows, gap
}

// listSheet is a list whose elements are rows.
func listSheet(v reflect.Value) (*sheet, bool) {
	if v.Len() < 2 {
		return nil, false
	}
	shown, gap := shownRows(v.Len())
	s := sheet{rows: len(shown), gap: gap}
	rows := make([]reflect.Value, len(shown))
	for i, row := range shown {
		rows[i] = v.Index(row)
		s.labels = append(s.labels, fmt.Sprint(row))
	}
	if !s.fill(rows) {
		return nil, false
	}
	s.shape = fmt.Sprintf("%s × %s  %s", count(v.Len(), "row"), count(s.cols, "column"), typeName(v.Type()))
	s.brief = typeName(v.Type()) + ", " + count(v.Len(), "row")
	return &s, true
}

// mapSheet is a map whose values are rows, in the order of the keys.
func mapSheet(v reflect.Value) (*sheet, bool) {
	if v.Len() < 2 {
		return nil, false
	}
	show, gap := v.Len(), 0
	if show > shownAll {
		show = shownHead + shownTail
		gap = show
	}
	s := sheet{rows: show, gap: gap}
	if !mayBeRow(v.Type().Elem()) {
		return nil, false
	}
	var rows []reflect.Value
	for _, e := range leastEntries(v, show) {
		rows = append(rows, e.value)
		s.labels = append(s.labels, fieldOf(e.key).text)
	}
	if len(rows) != show || !s.fill(rows) {
		return nil, false
	}
	s.shape = fmt.Sprintf("%s × %s  %s", count(v.Len(), "entry"), count(s.cols, "column"), typeName(v.Type()))
	s.brief = "map, " + count(v.Len(), "entry")
	return &s, true
}

// isGrid tells whether a type is a list of lists of numbers or texts.
func isGrid(t reflect.Type) bool {
	row := t.Elem()
	if k := row.Kind(); k != reflect.Slice && k != reflect.Array || hasText(row) {
		return false
	}
	k := row.Elem().Kind()
	return isScalar(k) && k != reflect.Uint8
}

// gridSheet is a list of lists. Its rows may differ in length.
func gridSheet(v reflect.Value) (*sheet, bool) {
	shown, gap := shownRows(v.Len())
	cols := 0
	for _, row := range shown {
		cols = max(cols, v.Index(row).Len())
	}
	if len(shown) < 2 || cols == 0 {
		return nil, false
	}
	at := func(i, j int) field {
		row := v.Index(shown[i])
		if j >= row.Len() {
			return field{}
		}
		return fieldOf(row.Index(j))
	}
	shape := fmt.Sprintf("%s × %s %s", grouped(v.Len()), grouped(cols), typeName(v.Type().Elem().Elem()))
	if !areEven(v, cols) {
		shape = fmt.Sprintf("%s  %s", count(v.Len(), "row"), typeName(v.Type()))
	}
	return &sheet{rows: len(shown), gap: gap, cols: cols, at: at, shape: shape, brief: shape}, true
}

// areEven tells whether all rows are of some length. Of very many it does not know.
func areEven(v reflect.Value, cols int) bool {
	const many = 200_000
	if v.Len() > many {
		return false
	}
	for i := range v.Len() {
		if v.Index(i).Len() != cols {
			return false
		}
	}
	return true
}
