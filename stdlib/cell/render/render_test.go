package render

import (
	"errors"
	"fmt"
	"image"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
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
	// text/plain: {fail:false}
	// <nil>
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

func TestText(t *testing.T) {
	type inner struct {
		Name string
		list []float64
	}
	long := make([]int, 30)
	long[29] = 7
	loop := map[string]any{}
	loop["self"] = loop
	n := 3
	many := map[int]bool{}
	for i := range 30 {
		many[i] = true
	}
	for _, c := range []struct {
		value any
		want  string
	}{
		{"text\n", "text\n"},
		{nil, "nil"}, {3, "3"}, {2.5, "2.5"}, {true, "true"}, {&n, "3"}, {(*int)(nil), "nil"},
		{errors.New("bad"), "bad"}, {time.Second, "1s"},
		{inner{"a", []float64{1, 0.5}}, `{Name:"a" list:[1 0.5]}`},
		{&inner{}, `{Name:"" list:[]}`},
		{[]any{1, "a", nil}, `[1 "a" nil]`},
		{map[string]int{"b": 2, "a": 1}, `map["a":1 "b":2]`},
		{map[inner2]int{{2}: 2, {1}: 1}, `map[{N:1}:1 {N:2}:2]`},
		{map[int]int{}, `map[]`},
		{many, "map[0:true 1:true 2:true 3:true 4:true 5:true 6:true 7:true 8:true 9:true … (30 entries)]"},
		{long, "[0 0 0 0 0 0 0 0 0 0 … 7] (30 values)"},
		{loop, `map["self":map["self":map["self":map["self":map[…:…]]]]]`},
		{[]string{strings.Repeat("é", 1000)}, `["` + strings.Repeat("é", 512) + `"… (2000 bytes)]`},
	} {
		if got := Text(c.value); got != c.want {
			t.Errorf("a %T is shown as %s, want %s", c.value, got, c.want)
		}
	}
	if got := Quoted("a\n"); got != `"a\n"` {
		t.Errorf("quoted: %s", got)
	}
}

type inner2 struct{ N int }

// TestTextIsBounded: a value may refer to itself along many ways.
func TestTextIsBounded(t *testing.T) {
	type node struct{ next []*node }
	nodes := make([]*node, 20)
	for i := range nodes {
		nodes[i] = &node{nodes}
	}
	begin := time.Now()
	if got := Text(nodes); len(got) > showText+1000 || time.Since(begin) > time.Second {
		t.Errorf("%d bytes in %v", len(got), time.Since(begin))
	}
}
