package paint

import (
	"fmt"
	"strings"
	"testing"

	"kairos/repl/highlight"
)

// styles writes a row as text with the style before each change.
func styles(r Row) string {
	var b strings.Builder
	var style highlight.Style
	for _, c := range r {
		if c.Style != style {
			fmt.Fprintf(&b, "<%s>", c.Style)
			style = c.Style
		}
		b.WriteString(c.Text)
	}
	return b.String()
}

func TestCells(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"ab", "ab"},
		{"\x1b[32mIn [\x1b[1m1\x1b[0m]", "<32>In [<32;1>1<>]"},
		{"a\x1b[Kb\x1b[", "ab"},
		{"\x1b[mx", "x"},
	} {
		if got := styles(Cells(test.in, "")); got != test.want {
			t.Errorf("%q: got %s, want %s", test.in, got, test.want)
		}
	}
	if got := styles(Cells("a\x1b[1mb\x1b[0mc", "2")); got != "<2>a<2;1>b<2>c" {
		t.Errorf("over dim: %s", got)
	}
}

func TestClip(t *testing.T) {
	row := Cells("a日本b", "")
	for width, want := range map[int]string{9: "a日本b", 6: "a日本b", 5: "a日…", 4: "a日…", 3: "a…", 1: "…", 0: ""} {
		if got := styles(row.Clip(width)); got != want {
			t.Errorf("to %d: %s, want %s", width, got, want)
		}
	}
}

func TestWrapped(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    int
	}{{"", 5, 1}, {"abcde", 5, 1}, {"abcdef", 5, 2}, {"abcd日", 5, 2}, {"日日日", 3, 3}} {
		if got := Cells(test.text, "").Wrapped(test.columns); got != test.want {
			t.Errorf("%s in %d columns: %d, want %d", test.text, test.columns, got, test.want)
		}
	}
}

// TestDifferences writes one frame after the other and looks at the bytes between the marks around them.
func TestDifferences(t *testing.T) {
	p := Painter{Columns: 20}
	for _, step := range []struct {
		rows        string
		row, column int
		want        string
	}{
		{"ab", 0, 2, "ab"},
		{"ab", 0, 2, ""},
		{"ab", 0, 1, "\b"},
		{"axb", 0, 2, "xb\b"},
		{"ab", 0, 1, "\bb\x1b[K\b"},
		{"ab\ncd", 1, 0, "\r\ncd\r"},
		{"ab\ncd", 0, 0, "\x1b[1A"},
		{"aB\ncd", 0, 0, "\x1b[2GB\r"},
		{"aB", 0, 2, "\x1b[1B\x1b[J\x1b[1A\x1b[3G"},
		{"aB\nx", 1, 1, "\x1b[1B\rx"},
		{"aB\nx👍🏽y", 1, 1, "  \x1b[2G👍🏽\x1b[4G\x1b[Ky\x1b[2G"},
	} {
		f := Frame{Row: step.row, Column: step.column}
		for _, row := range strings.Split(step.rows, "\n") {
			f.Rows = append(f.Rows, Cells(row, ""))
		}
		p.Paint(f)
		got := strings.TrimSuffix(strings.TrimPrefix(string(p.Take()), before), after)
		if got != step.want {
			t.Errorf("%q: wrote %q, want %q", step.rows, got, step.want)
		}
	}
}
