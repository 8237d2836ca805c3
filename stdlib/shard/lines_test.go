package shard

import (
	"slices"
	"strings"
	"testing"
)

// TestLost: whatever line is lost, cut, changed or doubled, reading says so and names the shard.
func TestLost(t *testing.T) {
	train, test := random(60, 4, 1), random(5, 4, 2)
	cfg := Config{Scores: true, Depth: 3}
	first := written(t, compute(t, Blocks(t.Context(), train, 0, 20), test, cfg))
	second := written(t, compute(t, Blocks(t.Context(), train, 20, 60), test, cfg))
	read := func(lines []string) error {
		_, err := Read(strings.NewReader(strings.Join(append(slices.Clone(first), lines...), "\n")))
		return err
	}
	if err := read(second); err != nil {
		t.Fatal(err)
	}
	names := func(what string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "shard 20") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i, line := range second {
		names("without "+line, read(slices.Delete(slices.Clone(second), i, i+1)))
		names("twice "+line, read(slices.Insert(slices.Clone(second), i, line)))
		for _, end := range []int{len("kairos1 20 row"), len(line) / 2, len(line) - 1} {
			if err := read(append(slices.Clone(second[:i]), line[:end])); err == nil {
				t.Errorf("cut after %s: no error", line[:end])
			}
		}
		for k := len("kairos1 20 "); k < len(line); k += 7 {
			changed := slices.Clone(second)
			changed[i] = line[:k] + string(line[k]^1) + line[k+1:]
			if err := read(changed); err == nil {
				t.Errorf("changed %s: no error", changed[i])
			}
		}
	}
	names("all twice", read(slices.Concat(second, second)))
	for end := 1; end < len(second); end++ {
		names("cut", read(second[:end]))
	}
}

func TestReadRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"25/11/24 WARN Utils: a line of a log": "is no line of a shard",
		"kairos1 x row 1 2 3":                  "is no line of a shard",
		"kairos2 0 row 1 2 3":                  "is no line of a shard",
		"kairos1 0 rows 1":                     `"rows" is no kind of line`,
		`kairos1 0 end {"rows":"5-3"}`:         "want ascending numbers",
		`kairos1 0 end {"rows":"0-9"}`:         "names no rows",
		"kairos1 0 row 0 1":                    "cut off",
		"kairos1 4 row 0 1 1":                  "shard 4 was cut off: it has 1 lines and no last one",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if p, err := Read(strings.NewReader("\n")); err != nil || p.Rows() != 0 {
		t.Errorf("nothing: %v, %v", p, err)
	}
}

func TestSpans(t *testing.T) {
	set, _, ok := spansOf([]int{7, 3, 1, 2, 9, 8})
	if !ok || set.String() != "1-3,7-9" || set.count() != 6 || set.end() != 10 || set.missing() != 0 {
		t.Errorf("%v %v", set, ok)
	}
	if _, row, ok := spansOf([]int{7, 3, 7}); ok || row != 7 {
		t.Errorf("row %d, %t", row, ok)
	}
	both, _, ok := union(set, spans{{0, 1}, {4, 5}})
	if !ok || both.String() != "0-4,7-9" || both.missing() != 5 {
		t.Errorf("%v %v", both, ok)
	}
	if _, row, ok := union(set, spans{{5, 8}}); ok || row != 7 {
		t.Errorf("row %d, %t", row, ok)
	}
}

func TestLinesOfEveryForm(t *testing.T) {
	text := "4\t[1, -2.5,3.0E-9]\r\n" + `{"row": 2, "vector": [1, -2.5, 3e-9], "text": "more"}` + "\n\n" +
		"3\t" + encoded([]float32{1, -2.5, 3e-9}) + "\n" + `{"vector":"` + encoded([]float32{1, -2.5, 3e-9}) + `","row":0}`
	for rows, err := range Lines(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		if want := []int{4, 2, 3, 0}; !slices.Equal(rows.Index, want) {
			t.Errorf("rows %v, want %v", rows.Index, want)
		}
		for i := range rows.Index {
			if want := []float32{1, -2.5, 3e-9}; !slices.Equal(rows.Vectors.Row(i), want) {
				t.Errorf("line %d: %v", i, rows.Vectors.Row(i))
			}
		}
	}
}

func TestLinesRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"0":                             "line 1: want a row, a tab and a vector",
		"0\t[1]\nx\t[1]":                `line 2: the row is "x"`,
		"-1\t[1]":                       `line 1: the row is "-1"`,
		"0\t\\N":                        "line 1: row 0: there is no vector",
		`\N` + "\t[1]":                  `the row is "\\N"`,
		"0\t":                           "row 0: there is no vector",
		"0\t[1,2":                       "row 0: the vector is cut off",
		"0\t[1,null]":                   `row 0: value 1 of the vector is "null"`,
		"0\t[1e40]":                     `row 0: value 0 of the vector is "1e40"`,
		"0\tAAAA":                       "row 0: the vector has 3 bytes",
		"0\tAAA?":                       "row 0: the vector is neither base64 nor a list",
		"0\t[1,2]\n1\t[1,2,3]":          "line 2: row 1: the vector has 3 dimensions, those before have 2",
		`{"row": 1}`:                    "line 1: want {",
		`{"vector": [1]}`:               "line 1: want {",
		`{"row": 1, "vector": null}`:    "row 1: there is no vector",
		`{"row": 1, "vector": [1`:       "line 1: unexpected end",
		`{"row": 1.5, "vector": [1]}`:   "line 1: json",
		`{"row": 1, "vector": ["1.5"]}`: `value 0 of the vector is "\"1.5\""`,
	} {
		var got error
		for _, err := range Lines(strings.NewReader(text)) {
			got = err
		}
		if got == nil || !strings.Contains(got.Error(), want) {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}

func TestPlacesRefusals(t *testing.T) {
	for _, text := range []string{"1", "1\t2", "x\t0\t0", "-1\t0\t0", "1\t-2\t0", "1\t0\tx"} {
		if _, err := ReadPlaces(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTextsRefusals(t *testing.T) {
	for text, want := range map[string]string{
		`{"row": 1}`:              `line 1: want {"row"`,
		`{"text": "x"}`:           `line 1: want {"row"`,
		`{"row":-1,"text":"x"}`:   `line 1: want {"row"`,
		`{"row":1,"text":"x"} 3`:  "line 2: json",
		"{\"row\":1,\"text\":\"x": "line 1: unexpected EOF",
		`{"row":1,"text":null}`:   `line 1: want {"row"`,
	} {
		if _, _, err := Texts(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for _, err := range Indexed(t.Context(), random(3, 2, 1), []int{4, 5}) {
		if err == nil || err.Error() != "3 rows with 2 indices" {
			t.Error(err)
		}
	}
	if err := WriteRows(new(strings.Builder), Blocks(t.Context(), random(3, 2, 1), 2, 4)); err == nil || !strings.Contains(err.Error(), "rows 2 to 4") {
		t.Error(err)
	}
}
