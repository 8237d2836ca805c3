package render

import (
	"errors"
	"fmt"
	"image"
	"maps"
	"slices"
	"strings"
	"testing"
)

type page struct{ fail bool }

func (page) HTML() string     { return "<b>page</b>" }
func (page) Markdown() string { return "**page**" }
func (p page) SVG() ([]byte, error) {
	if p.fail {
		return nil, errors.New("no font")
	}
	return []byte("<svg/>"), nil
}

type loud struct{}

func (loud) PNG() []byte    { panic("loud") }
func (loud) String() string { panic("quiet") }

type tree struct{ text string }

func (t tree) JSON() any { return map[string]string{"text": t.text} }

type raw string

func (r raw) JSON() ([]byte, error) { return []byte(r), nil }

func ExampleOf() {
	forms, err := Of(page{})
	for _, mime := range slices.Sorted(maps.Keys(forms)) {
		fmt.Printf("%s: %s\n", mime, forms[mime])
	}
	fmt.Println(err)
	// Output:
	// image/svg+xml: <svg/>
	// text/html: <b>page</b>
	// text/markdown: **page**
	// text/plain: render.page
	// <nil>
}

func ExampleText() {
	type run struct {
		Order string
		Steps int
		Loss  float64
	}
	fmt.Println(Text(run{"random", 300, 2.0 / 3}))
	fmt.Println(Text([]run{{"random", 300, 2.0 / 3}, {"curriculum", 1000, 0.5}}))
	// Output:
	// {Order:"random" Steps:300 Loss:0.666667}
	//    Order       Steps      Loss
	// ─  ──────────  ─────  ────────
	// 0  random        300  0.666667
	// 1  curriculum   1000  0.5
	// 2 rows × 3 columns  []render.run
}

func ExampleSummary() {
	fmt.Println(Summary([]int{3, 1, 2}))
	fmt.Println(Summary(make([]int, 30_000)))
	fmt.Println(Summary(make([]struct{ Text, Task string }, 1000)))
	fmt.Println(Summary(strings.Repeat("text ", 100)))
	// Output:
	// [3 1 2]
	// [0 0 0 0 0 0 0 0 0 0 … 0] (30,000 values)
	// []struct { Text string; Task string }, 1,000 rows
	// "text text text text text text text text text text text text text"… (500 bytes)
}

func ExampleConfig() {
	fmt.Println(Config{Width: 30}.Text([]string{"training", "validation", "test", "held out"}))
	// Output:
	// ["training" "validation"
	//  "test" "held out"]
}

func TestFailures(t *testing.T) {
	forms, err := Of(page{fail: true})
	if len(forms) != 3 || err == nil || err.Error() != "render: image/svg+xml of render.page: no font" {
		t.Errorf("%v, %v", forms, err)
	}
	forms, err = Of(loud{})
	if forms.Text() != "%!v(PANIC=String method: quiet)" || err == nil || !strings.HasSuffix(err.Error(), "panic: loud") {
		t.Errorf("%s, %v", forms.Text(), err)
	}
}

func TestForm(t *testing.T) {
	if data, ok, err := Form(image.NewGray(image.Rect(0, 0, 2, 2)), PNG); !ok || err != nil || !strings.HasPrefix(string(data), "\x89PNG") {
		t.Errorf("an image is the PNG %q, %v, %v", data, ok, err)
	}
	if _, ok, err := Form(3, PNG); ok || err != nil {
		t.Errorf("a number is a picture: %v, %v", ok, err)
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
		err   string
	}{
		{tree{"a"}, `{"text":"a"}`, ""},
		{raw(`[1]`), `[1]`, ""},
		{raw(`[1`), "", "render: application/json of render.raw: the method JSON returns no JSON"},
		{3, "", ""},
	} {
		forms, err := Of(c.value)
		if got := string(forms[JSON]); got != c.want || fmt.Sprint(err) != c.err && (err != nil || c.err != "") {
			t.Errorf("%v is %s, %v", c.value, got, err)
		}
	}
}

// TestWhatHasHTML: the same values that are tables in text, and those that say so.
func TestWhatHasHTML(t *testing.T) {
	for _, c := range []struct {
		value any
		want  bool
	}{
		{3, false}, {"text", false}, {[]int{1, 2}, false}, {map[string]int{"a": 1}, false}, {make([]float64, 1000), false},
		{[][]int{{1, 2}, {3, 4}}, false}, // short enough for a line
		{make([]struct{ A, B int }, 100), true}, {page{}, true}, {grid{2, 2}, true},
	} {
		forms, _ := Of(c.value)
		if _, ok := forms[HTML]; ok != c.want {
			t.Errorf("a %T has HTML: %v", c.value, ok)
		}
	}
}
