// Package matrix holds the one plain value that passes between the stages that measure and arrange:
// a dense, row-major matrix of float32. Embeddings are texts × width, distances are train × test.
//
// It stores and shows; it does no arithmetic. For linear algebra wrap Data, without a copy, in
// gonum's blas32.General.
package matrix

import (
	"errors"
	"fmt"
	"strings"
)

// Dense is a Rows × Cols matrix. Element (i, j) is Data[i*Cols+j].
type Dense struct {
	Rows, Cols int
	Data       []float32
}

// New returns a matrix of zeros. It panics when a side is negative.
func New(rows, cols int) *Dense {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("matrix: new %d×%d: a side is negative", rows, cols))
	}
	return &Dense{Rows: rows, Cols: cols, Data: make([]float32, rows*cols)}
}

// FromRows copies rows into a matrix. All rows must have the length of the first; no rows give a
// 0×0 matrix.
func FromRows(rows [][]float32) (*Dense, error) {
	if len(rows) == 0 {
		return New(0, 0), nil
	}
	m := New(len(rows), len(rows[0]))
	for i, row := range rows {
		if len(row) != m.Cols {
			return nil, fmt.Errorf("matrix: from rows: row %d has %d values, row 0 has %d", i, len(row), m.Cols)
		}
		copy(m.Row(i), row)
	}
	return m, nil
}

// Row returns row i. It shares memory with the matrix, and appending to it never reaches the next
// row.
func (m *Dense) Row(i int) []float32 {
	return m.Data[i*m.Cols : (i+1)*m.Cols : (i+1)*m.Cols]
}

// At returns element (i, j).
func (m *Dense) At(i, j int) float32 { return m.Row(i)[j] }

// Dims returns how many rows and columns there are, by which what shows values knows a matrix.
func (m *Dense) Dims() (rows, cols int) { return m.Rows, m.Cols }

// Check reports the first thing that makes m unfit for computing: no matrix at all, a Data that
// does not fit the shape, or a value that is NaN or infinite. It reads every element once.
func (m *Dense) Check() error {
	if m == nil {
		return errors.New("no matrix: it is nil")
	}
	if m.Rows < 0 || m.Cols < 0 {
		return fmt.Errorf("%d×%d matrix: a side is negative", m.Rows, m.Cols)
	}
	if len(m.Data) != m.Rows*m.Cols {
		return fmt.Errorf("%d×%d matrix with %d values: want %d", m.Rows, m.Cols, len(m.Data), m.Rows*m.Cols)
	}
	for k, v := range m.Data {
		if v-v != 0 { // only NaN and ±Inf differ from themselves this way
			return fmt.Errorf("row %d, column %d is %v: want a finite number", k/m.Cols, k%m.Cols, v)
		}
	}
	return nil
}

// String shows the shape and the corners: at most four rows of four values, however large the
// matrix is.
func (m *Dense) String() string {
	if m == nil {
		return "nil matrix"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d×%d matrix", m.Rows, m.Cols)
	if m.Rows < 0 || m.Cols <= 0 || len(m.Data) != m.Rows*m.Cols {
		return b.String()
	}
	for _, i := range ends(m.Rows) {
		if i == gap {
			b.WriteString("\n" + strings.Repeat(" ", 10) + "⋮")
			continue
		}
		b.WriteString("\n")
		for _, j := range ends(m.Cols) {
			if j == gap {
				b.WriteString("   …")
				continue
			}
			fmt.Fprintf(&b, " %10.4g", m.At(i, j))
		}
	}
	return b.String()
}

const gap = -1 // stands for the indices that ends leaves out

// ends lists the indices below n that are worth showing: all of them up to four, else the first
// three, a gap, the last.
func ends(n int) []int {
	switch n {
	case 0:
		return nil
	case 1, 2, 3, 4:
		return []int{0, 1, 2, 3}[:n]
	}
	return []int{0, 1, 2, gap, n - 1}
}
