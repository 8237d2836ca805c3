package generic

import (
	"database/sql"
	"reflect"
	_ "unsafe" // for linkname
)

// nullScan is the method Scan of a database/sql.Null.
func nullScan(in instance) body {
	layout := layoutFor(reflect.TypeFor[sql.Null[argument]](), in.trues[0])
	return func(a values) values {
		n := view(a[0].Elem(), layout)
		var err error
		if src := a[1].Interface(); src == nil {
			n.SetZero()
		} else {
			n.FieldByName("Valid").SetBool(true)
			err = convertAssign(n.FieldByName("V").Addr().Interface(), src)
		}
		return of(reflect.ValueOf(&err).Elem())
	}
}

// convertAssign is what the genuine Scan calls with the address of its V. Package sql keeps it for other packages.
//
//go:linkname convertAssign database/sql.convertAssign
func convertAssign(dest, src any) error

// nullValue is the method Value of a database/sql.Null, which looks at V as an interface only.
func nullValue(in instance) body {
	layout := layoutFor(reflect.TypeFor[sql.Null[argument]](), in.trues[0])
	return func(a values) values {
		n := view(reflect.Indirect(a[0]), layout)
		v, err := sql.Null[any]{V: n.FieldByName("V").Interface(), Valid: n.FieldByName("Valid").Bool()}.Value()
		return of(reflect.ValueOf(&v).Elem(), reflect.ValueOf(&err).Elem())
	}
}
