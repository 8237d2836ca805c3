package render

import (
	"reflect"
	"slices"
)

// columnar is a type that chooses the columns in which its values are shown.
type columnar interface {
	Columns() (names []string, values []any)
}

// mayBeRow tells whether values of the type may be rows.
func mayBeRow(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	k := t.Kind()
	return k == reflect.Struct || k == reflect.Map || k == reflect.Interface || t.Implements(reflect.TypeFor[columnar]())
}

// fill makes s the sheet of rows, if they have the same columns.
func (s *sheet) fill(rows []reflect.Value) bool {
	if !mayBeRow(rows[0].Type()) {
		return false
	}
	if s.chosen(rows) {
		return true
	}
	values := make([]reflect.Value, len(rows))
	var kind reflect.Kind
	for i, row := range rows {
		value, ok := pointee(row)
		if !ok || value.IsValid() && opaque(value) {
			return false
		}
		if values[i] = value; !value.IsValid() {
			continue // nil
		}
		if k := value.Kind(); kind == reflect.Invalid {
			kind = k
		} else if k != kind {
			return false
		}
	}
	switch kind {
	case reflect.Struct:
		return s.ofStructs(values)
	case reflect.Map:
		return s.ofMaps(values)
	}
	return false
}

// opaque values have no columns worth showing.
func opaque(v reflect.Value) bool {
	_, known := knownText(v)
	_, isMatrix := matrixOf(v)
	return known || isMatrix
}

// chosen asks the rows for their columns.
func (s *sheet) chosen(rows []reflect.Value) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	all := make([][]any, len(rows))
	var names []string
	for i, row := range rows {
		if !row.CanInterface() {
			return false
		}
		r, isRow := row.Interface().(columnar)
		if k := row.Kind(); (k == reflect.Pointer || k == reflect.Interface) && row.IsNil() {
			continue
		}
		if !isRow {
			return false
		}
		columns, values := r.Columns()
		if names != nil && !slices.Equal(columns, names) || len(columns) != len(values) || len(columns) == 0 {
			return false
		}
		names, all[i] = columns, values
	}
	s.names, s.cols = names, len(names)
	s.at = func(i, j int) field {
		if all[i] == nil {
			return field{text: "nil"}
		}
		return fieldOf(reflect.ValueOf(all[i][j]))
	}
	return s.cols > 0
}

func (s *sheet) ofStructs(rows []reflect.Value) bool {
	var t reflect.Type
	for _, row := range rows {
		if !row.IsValid() {
			continue
		}
		if t != nil && row.Type() != t {
			return false
		}
		t = row.Type()
	}
	var fields []int
	for i := range t.NumField() {
		if name := t.Field(i).Name; name != "_" {
			fields = append(fields, i)
			s.names = append(s.names, name)
		}
	}
	s.cols = len(fields)
	s.at = func(i, j int) field {
		if !rows[i].IsValid() {
			return field{text: "nil"}
		}
		return fieldOf(rows[i].Field(fields[j]))
	}
	return s.cols > 0
}

// ofMaps shows maps that have most of their keys in common.
func (s *sheet) ofMaps(rows []reflect.Value) bool {
	const most = 100 // keys of a map
	fewest := most
	var t reflect.Type
	for _, row := range rows {
		if !row.IsValid() || t != nil && row.Type() != t || row.Len() > most || row.Type().Key().Kind() != reflect.String {
			return false
		}
		t, fewest = row.Type(), min(fewest, row.Len())
		for key := range row.Seq() {
			s.names = append(s.names, key.String())
		}
	}
	slices.Sort(s.names)
	s.names = slices.Compact(s.names)
	s.cols = len(s.names)
	s.at = func(i, j int) field {
		value := rows[i].MapIndex(reflect.ValueOf(s.names[j]).Convert(t.Key()))
		if !value.IsValid() {
			return field{}
		}
		return fieldOf(value)
	}
	return s.cols > 0 && s.cols <= 2*fewest
}

// fieldOf is a value in one line. Strings have no quotes.
func fieldOf(v reflect.Value) field {
	const size = 60 // nodes
	p := v
	if p.Kind() == reflect.Interface {
		p = p.Elem()
	}
	if p.IsValid() && p.Kind() == reflect.String && !hasText(p.Type()) {
		return field{text: oneLine(p.String(), widest)}
	}
	n := new(builder).build(v, 1, size, inside)
	return field{text: oneLine(n.oneLine(), widest), number: n.number}
}
