package render

import "reflect"

// matrix is a value that has the methods of a matrix. They may panic.
type matrix struct {
	element    func(i, j int) any
	rows, cols int
	kind       string // of the elements; "" if there are none
}

// matrixOf returns the matrix that v is, if it is one whose corners can be read.
func matrixOf(v reflect.Value) (m matrix, ok bool) {
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return matrix{}, false
	}
	x := v.Interface()
	dims, ok := x.(interface{ Dims() (r, c int) })
	if !ok {
		return matrix{}, false
	}
	switch x := x.(type) {
	case interface{ At(i, j int) float64 }:
		m.element = func(i, j int) any { return x.At(i, j) }
	case interface{ At(i, j int) float32 }:
		m.element = func(i, j int) any { return x.At(i, j) }
	case interface{ At(i, j int) complex128 }:
		m.element = func(i, j int) any { return x.At(i, j) }
	case interface{ At(i, j int) int }:
		m.element = func(i, j int) any { return x.At(i, j) }
	default:
		return matrix{}, false
	}
	return m, m.measure(dims.Dims)
}

func (m *matrix) measure(dims func() (r, c int)) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	m.rows, m.cols = dims()
	if m.rows > 0 && m.cols > 0 {
		m.kind = reflect.TypeOf(m.element(0, 0)).Kind().String()
		m.element(m.rows-1, m.cols-1)
	}
	return m.rows >= 0 && m.cols >= 0
}

// String says how large m is, and of what.
func (m matrix) String() string {
	shape := grouped(m.rows) + " × " + grouped(m.cols)
	if m.kind != "" {
		shape += " " + m.kind
	}
	return shape
}

func (m matrix) sheet(t reflect.Type) *sheet {
	var shown []int
	gap := 0
	if m.kind != "" {
		shown, gap = shownRows(m.rows)
	}
	return &sheet{
		rows: len(shown), gap: gap, cols: m.cols,
		at:    func(i, j int) field { return m.field(shown[i], j) },
		shape: m.String() + "  " + typeName(t), brief: m.String(), always: true,
	}
}

func (m matrix) field(i, j int) (f field) {
	defer func() {
		if recover() != nil {
			f = field{text: "!"}
		}
	}()
	return fieldOf(reflect.ValueOf(m.element(i, j)))
}
