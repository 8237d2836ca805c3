package render

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// grid is a matrix that exists by its methods only.
type grid struct{ rows, cols int }

func (g grid) Dims() (r, c int)    { return g.rows, g.cols }
func (g grid) At(i, j int) float64 { return float64(i) + float64(j)/8 }

// broken has the methods of a matrix, but no elements.
type broken struct{}

func (broken) Dims() (r, c int)    { return 2, 2 }
func (broken) At(i, j int) float32 { panic("no data") }

type step struct {
	Step int
	Loss float64
	Took time.Duration
	Note string
	Err  error
}

func steps(n int) []step {
	all := make([]step, n)
	for i := range all {
		all[i] = step{Step: i, Loss: 4 / float64(i+1), Took: time.Duration(i) * time.Second / 4, Note: "日本"}
	}
	return all
}

type dialogue struct{ turns []string }

func (d dialogue) Columns() ([]string, []any) {
	return []string{"turns", "first"}, []any{len(d.turns), d.turns[0]}
}

var tables = []struct {
	name  string
	value any
	want  string
}{
	{"structs", steps(1000), `
     Step        Loss  Took     Note  Err
───  ────  ──────────  ───────  ────  ───
  0     0  4           0s       日本  nil
  1     1  2           250ms    日本  nil
  2     2  1.33333     500ms    日本  nil
  3     3  1           750ms    日本  nil
  4     4  0.8         1s       日本  nil
  5     5  0.666667    1.25s    日本  nil
  6     6  0.571429    1.5s     日本  nil
  7     7  0.5         1.75s    日本  nil
  8     8  0.444444    2s       日本  nil
  9     9  0.4         2.25s    日本  nil
  ⋮     ⋮  ⋮           ⋮        ⋮     ⋮
995   995  0.00401606  4m8.75s  日本  nil
996   996  0.00401204  4m9s     日本  nil
997   997  0.00400802  4m9.25s  日本  nil
998   998  0.004004    4m9.5s   日本  nil
999   999  0.004       4m9.75s  日本  nil
1,000 rows × 5 columns  []render.step`},
	{"pointers, and what is missing", []*step{{Step: 1, Loss: math.NaN()}, nil, {Loss: 1234567.25, Note: "two\nlines\x1b[0m", Err: errors.New("bad")}}, `
   Step     Loss  Took  Note              Err
─  ────  ───────  ────  ────────────────  ───
0     1      NaN  0s                      nil
1   nil      nil  nil   nil               nil
2     0  1234567  0s    two↵lines\x1b[0m  bad
3 rows × 5 columns  []*render.step`},
	{"a map of structs", map[string]step{"warm up": {Loss: 2.5}, "train": {Step: 10, Loss: 0.25}}, `
         Step  Loss  Took  Note  Err
───────  ────  ────  ────  ────  ───
train      10  0.25  0s          nil
warm up     0  2.5   0s          nil
2 entries × 5 columns  map[string]render.step`},
	{"maps", []any{map[string]any{"id": 1.0, "tags": []any{"a", 2}}, map[string]any{"id": 2.5, "name": "the second of these maps"}}, `
    id  name                      tags
─  ───  ────────────────────────  ───────
0  1                              ["a" 2]
1  2.5  the second of these maps
2 rows × 3 columns  []any`},
	{"a type's own columns", []dialogue{{[]string{strings.Repeat("question ", 20), "answer"}}, {[]string{"why?"}}}, `
   turns  first
─  ─────  ──────────────────────────────────────────────────────────────────────────────────────────
0      2  question question question question question question question question question question…
1      1  why?
2 rows × 2 columns  []render.dialogue`},
	{"pointers to it", []*dialogue{{[]string{strings.Repeat("q", 50)}}, nil}, `
   turns  first
─  ─────  ──────────────────────────────────────────────────
0      1  qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq
1    nil  nil
2 rows × 2 columns  []*render.dialogue`},
	{"columns that fail", []dialogue{{[]string{strings.Repeat("q", 50)}}, {}}, `
   turns
─  ──────────────────────────────────────────────────────
0  ["qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"]
1  []
2 rows × 1 column  []render.dialogue`},
	{"a large matrix", grid{30000, 384}, `
    0      0.125      0.25      0.375      0.5      0.625  …     47.625     47.75     47.875
    1      1.125      1.25      1.375      1.5      1.625  …     48.625     48.75     48.875
    2      2.125      2.25      2.375      2.5      2.625  …     49.625     49.75     49.875
    3      3.125      3.25      3.375      3.5      3.625  …     50.625     50.75     50.875
    4      4.125      4.25      4.375      4.5      4.625  …     51.625     51.75     51.875
    5      5.125      5.25      5.375      5.5      5.625  …     52.625     52.75     52.875
    6      6.125      6.25      6.375      6.5      6.625  …     53.625     53.75     53.875
    7      7.125      7.25      7.375      7.5      7.625  …     54.625     54.75     54.875
    8      8.125      8.25      8.375      8.5      8.625  …     55.625     55.75     55.875
    9      9.125      9.25      9.375      9.5      9.625  …     56.625     56.75     56.875
    ⋮      ⋮          ⋮         ⋮          ⋮        ⋮             ⋮          ⋮         ⋮`},
	{"a small one", grid{2, 2}, `
0  0.125
1  1.125
2 × 2 float64  render.grid`},
	{"numbers in rows", [][]float64{{1, 2.5, 1e-9}, {10, math.Inf(1), 0}, {1000, 0.25, 123.456}, {1, 2, 3}, {1, 2, 3}}, `
   1     2.5     1e-09
  10  +Inf       0
1000     0.25  123.456
   1     2       3
   1     2       3
5 × 3 float64`},
	{"rows that differ", [][]string{{"name", "comment of some length"}, {"ann"}, {"bob", "none", "日本語"}, {}}, `
name  comment of some length
ann
bob   none                    日本語

4 rows  [][]string`},
}

func TestTables(t *testing.T) {
	for _, c := range tables {
		got := "\n" + Text(c.value)
		if lines := strings.Count(c.want, "\n"); c.name == "a large matrix" {
			if !strings.HasSuffix(got, "\n30,000 × 384 float64  render.grid") {
				t.Errorf("%s ends with %s", c.name, got)
			}
			got = strings.Join(strings.Split(got, "\n")[:lines+1], "\n")
		}
		if got != c.want {
			t.Errorf("%s:%s\nwant%s", c.name, got, c.want)
		}
	}
}

// TestNoTable: rows that do not belong together, and values that have a text of their own.
func TestNoTable(t *testing.T) {
	long := strings.Repeat("long ", 30)
	for _, value := range []any{
		[]any{step{Note: long}, named{Name: long}}, []any{step{Note: long}, 3}, []struct{}{{}, {}}, []step{{Note: long}}, []step{},
		[]map[string]string{{"a": long}, {"b": long}, {"c": long}}, []map[int]string{{1: long}, {1: long}}, make([]time.Time, 50),
		[]error{errors.New(long), errors.New(long)}, []*step{nil, nil}, map[string][]int{"a": make([]int, 100)}, make([][][]int, 50),
	} {
		if forms, err := Of(value); forms[HTML] != nil || err != nil {
			t.Errorf("a %T is a table: %s, %v", value, forms.Text(), err)
		}
	}
}

func TestColumnsThatDoNotFit(t *testing.T) {
	row := map[string]string{}
	for i := range 30 {
		row[fmt.Sprintf("column %02d", i)] = strings.Repeat("text ", 10)
	}
	got := Text([]map[string]string{row, row})
	for i, line := range strings.Split(got, "\n") {
		if columns(line) > 100 || i != 1 && i < 4 && !strings.Contains(line, "  …  ") {
			t.Errorf("%d columns:\n%s", columns(line), got)
		}
	}
	for _, want := range []string{"column 00", "column 29", "\n2 rows × 30 columns  []map[string]string"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
}

func TestHTML(t *testing.T) {
	forms, err := Of([]step{{Step: 1, Loss: 0.5, Note: "<b>&"}, {Step: 20, Loss: 0.25}})
	const want = `<table class="kairos" style="border-collapse:collapse">
<caption style="caption-side:bottom;text-align:left;opacity:.7">2 rows × 5 columns  []render.step</caption>
<thead><tr><th style="text-align:right"></th><th style="text-align:right">Step</th>`
	if got := string(forms[HTML]); err != nil || !strings.HasPrefix(got, want) || !strings.Contains(got, "&lt;b&gt;&amp;") || !strings.Contains(got, ">0.5 </td>") {
		t.Errorf("%s, %v", got, err)
	}
	for _, c := range tables {
		forms, err := Of(c.value)
		if err != nil || forms[HTML] == nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if err := wellFormed(string(forms[HTML])); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// wellFormed reports what is wrong with the elements of a page.
func wellFormed(page string) error {
	for decoder := xml.NewDecoder(strings.NewReader(page)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
