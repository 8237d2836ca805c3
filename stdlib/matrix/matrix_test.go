package matrix

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromRowsCopies(t *testing.T) {
	rows := [][]float32{{1, 2, 3}, {4, 5, 6}}
	m, err := FromRows(rows)
	if err != nil {
		t.Fatal(err)
	}
	rows[1][2] = 99
	want := &Dense{Rows: 2, Cols: 3, Data: []float32{1, 2, 3, 4, 5, 6}}
	if d := cmp.Diff(want, m); d != "" {
		t.Error(d)
	}
	if m.At(1, 0) != 4 {
		t.Errorf("At(1, 0) = %v, want 4", m.At(1, 0))
	}
}

func TestFromRowsNone(t *testing.T) {
	m, err := FromRows(nil)
	if err != nil || m.Rows != 0 || m.Cols != 0 {
		t.Errorf("FromRows(nil) = %v, %v; want a 0×0 matrix", m, err)
	}
}

func TestFromRowsUneven(t *testing.T) {
	_, err := FromRows([][]float32{{1, 2}, {1}})
	const want = "matrix: from rows: row 1 has 1 values, row 0 has 2"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestRowSharesMemoryButDoesNotGrow(t *testing.T) {
	m := New(2, 2)
	row := m.Row(0)
	row[1] = 7
	if m.At(0, 1) != 7 {
		t.Error("Row does not share memory with the matrix")
	}
	_ = append(row, 8)
	if m.At(1, 0) != 0 {
		t.Error("append to row 0 wrote into row 1")
	}
}

func TestIndexOutOfRangePanics(t *testing.T) {
	for _, f := range []func(m *Dense){
		func(m *Dense) { m.At(0, 2) }, // would be element (1, 0) if only Data were checked
		func(m *Dense) { m.At(2, 0) },
		func(m *Dense) { m.Row(-1) },
		func(m *Dense) { New(-1, 2) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f(New(2, 2))
		}()
	}
}

func TestCheck(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, c := range []struct {
		m    *Dense
		want string
	}{
		{New(2, 2), ""},
		{New(0, 0), ""},
		{nil, "no matrix: it is nil"},
		{&Dense{Rows: 2, Cols: 2, Data: make([]float32, 3)}, "2×2 matrix with 3 values: want 4"},
		{&Dense{Rows: -1, Cols: -1, Data: make([]float32, 1)}, "-1×-1 matrix: a side is negative"},
		{&Dense{Rows: 2, Cols: 2, Data: []float32{0, 0, 0, nan}}, "row 1, column 1 is NaN: want a finite number"},
		{&Dense{Rows: 1, Cols: 2, Data: []float32{inf, 0}}, "row 0, column 0 is -Inf: want a finite number"},
		{&Dense{Rows: 1, Cols: 1, Data: []float32{math.MaxFloat32}}, ""},
	} {
		got := ""
		if err := c.m.Check(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v: got %q, want %q", c.m, got, c.want)
		}
	}
}

func TestStringIsBounded(t *testing.T) {
	small := &Dense{Rows: 2, Cols: 1, Data: []float32{0.5, -1}}
	if got, want := small.String(), "2×1 matrix\n        0.5\n         -1"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, m := range []*Dense{New(100_000, 1000), New(0, 3), New(3, 0), nil, {Rows: 5, Cols: 5}} {
		if s := m.String(); len(s) > 300 || strings.Count(s, "\n") > 5 {
			t.Errorf("too long:\n%s", s)
		}
	}
}
