package data

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"kairos/stdlib/arrange"
)

func records(t *testing.T, lines ...string) []Record {
	t.Helper()
	list, err := ReadRecords(write(t, "records", strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWriteArrangedLines(t *testing.T) {
	a := Arrangement{
		Records: records(t,
			`{"z": 1.50, "data": ["Q", "A"], "task": "t<é>"}`,
			`{"kairos": {"old": true}, "data": ["P"], "a\"b": 12345678901234567890}`,
		),
		Places: []arrange.Place{{Index: 1, Round: -1, Distance: -0.1}, {Index: 0, Round: 2, Distance: 1e-9}},
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "out.jsonl")
	write := func() string {
		t.Helper()
		if err := WriteArranged(path, a); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const want = `{"data":["P"],"a\"b":12345678901234567890,"kairos":{"index":1,"round":null,"distance":-0.1}}
{"z":1.50,"data":["Q","A"],"task":"t<é>","kairos":{"index":0,"round":2,"distance":1e-09}}
`
	if got := write(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	a.Unscored = true
	if got := write(); !strings.Contains(got, `"round":2,"distance":null}`) {
		t.Errorf("without scores: %s", got)
	}
	again, err := ReadRecords(path) // what was written can be arranged again
	if err != nil || len(again) != 2 {
		t.Errorf("%v, %v", again, err)
	}
}

// arrangedRow is how Go sees a row of TestWriteArrangedParquet.
type arrangedRow struct {
	ID    *int64   `parquet:"id"`
	Data  []string `parquet:"data,list"`
	Mixed *string  `parquet:"mixed"`
	Ratio *float64 `parquet:"ratio"`
	Sure  *bool    `parquet:"sure"`
	Talk  []struct {
		From  *string `parquet:"from"`
		Value *string `parquet:"value"`
	} `parquet:"talk,list"`
	Order    int64    `parquet:"order"`
	Index    int64    `parquet:"index"`
	Round    *int64   `parquet:"round"`
	Distance *float64 `parquet:"distance"`
	Task     *string  `parquet:"task"`
}

func TestWriteArrangedParquet(t *testing.T) {
	a := Arrangement{
		Records: records(t,
			`{"id": 1, "data": ["Q", "A"], "mixed": 7, "ratio": 1, "sure": true, "source": null}`,
			`{"id": null, "data": ["P"], "mixed": {"b": [1.50]}, "ratio": 0.25, "talk": [{"from": "h"}, {"value": "v", "from": "g"}, {}]}`,
			`{"id": 3, "data": ["R"], "mixed": "x", "talk": [], "kairos": {"index": 9}}`,
		),
		Places: []arrange.Place{{Index: 1, Round: 0, Distance: -0.5}, {Index: 2, Round: 0, Distance: 2}, {Index: 0, Round: -1}},
	}
	path := filepath.Join(t.TempDir(), "out.parquet")
	if err := WriteArranged(path, a); err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[arrangedRow](path)
	if err != nil {
		t.Fatal(err)
	}
	p := func(s string) *string { return &s }
	n := func(n int64) *int64 { return &n }
	f := func(f float64) *float64 { return &f }
	yes := true
	type turn = struct {
		From  *string `parquet:"from"`
		Value *string `parquet:"value"`
	}
	want := []arrangedRow{
		{nil, []string{"P"}, p(`{"b":[1.50]}`), f(0.25), nil, []turn{{p("h"), nil}, {p("g"), p("v")}, {nil, nil}}, 0, 1, n(0), f(-0.5), p("")},
		{n(3), []string{"R"}, p(`"x"`), nil, nil, []turn{}, 1, 2, n(0), f(2), p("")},
		{n(1), []string{"Q", "A"}, p("7"), f(1), &yes, nil, 2, 0, nil, f(0), p("")},
	}
	for i := range rows {
		if len(rows[i].Talk) == 0 && len(want[i].Talk) == 0 {
			rows[i].Talk = want[i].Talk // Go's reader knows no difference between empty and missing
		}
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stat, _ := file.Stat()
	opened, err := parquet.OpenFile(file, stat.Size())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range opened.Schema().Fields() {
		names = append(names, f.Name())
	}
	if got := strings.Join(names, " "); got != "id data mixed ratio sure source talk order index round distance task" {
		t.Errorf("columns %s", got)
	}
}

func TestWriteArrangedRefuses(t *testing.T) {
	dir := t.TempDir()
	some := records(t, `{"data": ["Q"], "order": 1}`)
	for _, c := range []struct {
		name string
		p    arrange.Place
		want string
	}{
		{"out.csv", arrange.Place{}, "want a name that ends in .jsonl or .parquet"},
		{"out.jsonl", arrange.Place{Index: 1}, "place 0 is record 1: there are 1"},
		{"out.jsonl", arrange.Place{Distance: math.NaN()}, "its distance is NaN"},
		{"out.parquet", arrange.Place{}, `the records have a field "order"`},
		{"no/out.jsonl", arrange.Place{}, "no such file or directory"},
	} {
		err := WriteArranged(filepath.Join(dir, c.name), Arrangement{Records: some, Places: []arrange.Place{c.p}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %+v: error %v, want one that says %q", c.name, c.p, err, c.want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}
