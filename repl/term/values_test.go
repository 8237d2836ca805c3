package term

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kairos/repl"
	"kairos/repl/pretty"
	"kairos/repl/term/picture"
	"kairos/stdlib/cell/render"
)

// still is an editor that nobody types into.
type still struct{ editor }

func (*still) Size() (int, int) { return 40, 12 }

func quietTerminal(t *testing.T, protocol picture.Protocol) *terminal {
	t.Chdir(t.TempDir())
	return &terminal{
		editor: new(still), style: pretty.Style{},
		images: func(columns, rows int) picture.Screen {
			return picture.Screen{Protocol: protocol, Columns: columns, Rows: rows, TrueColor: true}
		},
	}
}

func result(pairs ...string) repl.Result {
	r := repl.Result{Number: 7}
	for i := 0; i < len(pairs); i += 2 {
		r.Values = append(r.Values, repl.Value{Type: pairs[i], Data: repl.Bundle{render.Plain: []byte(pairs[i+1])}})
	}
	return r
}

// A picture that can also be drawn in text is, where it would be blocks.
func TestChart(t *testing.T) {
	data := repl.Bundle{render.PNG: []byte("no picture"), render.Plain: []byte("3 ┤●\n2 ┤ ●")}
	for _, c := range []struct {
		protocol picture.Protocol
		charts   bool
		want     string
	}{
		{picture.Blocks, true, "3 ┤●\n2 ┤ ●\nkairos-figure-1.png\n"},
		{picture.Blocks, false, "kairos-figure-1.png\n"},
		{picture.Kitty, true, "kairos-figure-1.png\n"},
	} {
		term := quietTerminal(t, c.protocol)
		term.look.charts = c.charts
		if got, _ := term.shown("", data); got != c.want {
			t.Errorf("%s, %v: %q, want %q", c.protocol, c.charts, got, c.want)
		}
	}
}

func TestValue(t *testing.T) {
	term := quietTerminal(t, picture.None)
	for _, c := range []struct {
		result repl.Result
		want   string
	}{
		{result("int", "3"), "Out[7]: 3\n"},
		{result("float64", "3"), "Out[7]: 3  float64\n"},
		{result("float64", "3.5"), "Out[7]: 3.5\n"},
		{result("main.P", "{A:1}"), "Out[7]: {A:1}  P\n"},
		{result("*main.P", "nil"), "Out[7]: nil  *P\n"},
		{result("int", "3", "error", "EOF"), "Out[7]: 3, EOF  (int, error)\n"},
		{result("[]main.P", "[]P of 2\n1 2\n3 4"), "Out[7]:\n[]P of 2\n1 2\n3 4\n"},
		{result("main.M", "1 2\n3 4\n"), "Out[7]: M\n1 2\n3 4\n"},
		{result("main.P", strings.Repeat("x", 38)), "Out[7]: " + strings.Repeat("x", 38) + "\n"},
	} {
		if got := term.value(c.result); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTells(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		want       bool
	}{
		{"int", "3", true}, {"string", `"a"`, true}, {"bool", "true", true}, {"error", "EOF", true}, {"error", "nil", false},
		{"[]int", "[1 2]", true}, {"[]int", "[]", false}, {"[][3]int", "[[1 2 3]]", true}, {"map[string]int", `map["a":1]`, true},
		{"map[main.K]int", "map[a:1]", false}, {"[]float64", "[1 2]", false}, {"[]float64", "[1 2.5]", true}, {"float64", "NaN", true},
		{"float64", "+Inf", true}, {"int64", "3", false}, {"time.Duration", "1s", false}, {"untyped int", "3", true}, {"[]main.P", "[]main.P{…}", true},
	} {
		if got := tells(c.text, c.kind); got != c.want {
			t.Errorf("%s tells that it is %s: %v", c.text, c.kind, got)
		}
	}
}

func pictured(t *testing.T) repl.Bundle {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return repl.Bundle{render.Plain: []byte("{a dump}"), render.PNG: b.Bytes(), render.SVG: []byte("<svg/>")}
}

func TestPictureValue(t *testing.T) {
	term := quietTerminal(t, picture.Blocks)
	r := repl.Result{Number: 1, Values: []repl.Value{{Type: "*plot.Figure", Data: pictured(t)}}}
	got := term.value(r)
	lines := strings.Split(got, "\n")
	if len(lines) != 5 || lines[0] != "Out[1]:" || !strings.HasPrefix(lines[1], "\x1b[48;2;") || lines[3] != "kairos-figure-1.png, kairos-figure-1.svg" {
		t.Errorf("%q", got)
	}
}

func TestFigures(t *testing.T) {
	term := quietTerminal(t, picture.None)
	data := pictured(t)
	os.WriteFile("kairos-figure-2.svg", []byte("of an earlier session"), 0o644)
	for i, want := range []string{"kairos-figure-1.png, kairos-figure-1.svg\n", "kairos-figure-3.png, kairos-figure-3.svg\n"} {
		if got, rows := term.shown("", data); got != want || rows == 0 {
			t.Errorf("picture %d: %q, %d rows", i, got, rows)
		}
	}
	for _, svg := range []string{"<svg>1</svg>", "<svg>2</svg>"} { // one that changes
		if got, _ := term.shown("live", repl.Bundle{render.SVG: []byte(svg)}); got != "kairos-figure-4.svg\n" {
			t.Errorf("a live picture is %q", got)
		}
		if file, err := os.ReadFile("kairos-figure-4.svg"); string(file) != svg || err != nil {
			t.Errorf("its file holds %q, %v", file, err)
		}
	}
	entries, _ := os.ReadDir(".")
	if len(entries) != 6 {
		t.Errorf("%d files are there", len(entries))
	}
	if kept, _ := os.ReadFile("kairos-figure-2.svg"); string(kept) != "of an earlier session" {
		t.Error("an earlier picture is lost")
	}
}

func TestFiguresDirectory(t *testing.T) {
	term := quietTerminal(t, picture.None)
	term.figures.dir = filepath.Join("new", "place")
	want := filepath.Join("new", "place", "kairos-figure-1.svg")
	if got, _ := term.shown("", repl.Bundle{render.SVG: []byte("<svg/>")}); got != want+"\n" {
		t.Errorf("%q, want %q", got, want)
	}
	os.WriteFile("file", nil, 0o644)
	term.figures.dir = "file"
	if got, _ := term.shown("", repl.Bundle{render.SVG: []byte("<svg/>")}); !strings.HasPrefix(got, "term: save picture: mkdir file:") {
		t.Errorf("a directory that is none: %q", got)
	}
}

func TestBanner(t *testing.T) {
	lines := []string{"kairos 1 · here", "more…"}
	if got := (look{}).banner(lines); got != "kairos 1 - here\nmore...\n\n" {
		t.Errorf("%q", got)
	}
	if got := (look{unicode: true, color: true}).banner(lines); got != "\x1b[1mkairos\x1b[0m\x1b[2m 1 · here\x1b[0m\n\x1b[2mmore…\x1b[0m\n\n" {
		t.Errorf("%q", got)
	}
}

func TestPrompt(t *testing.T) {
	for number, want := range map[int]string{1: "In [1]: |   ...: ", 123: "In [123]: |     ...: "} {
		p := look{}.prompt(number)
		if got := p.First + "|" + p.More; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestUTF8(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{}, false}, {map[string]string{"LANG": "de_DE.UTF-8"}, true}, {map[string]string{"LANG": "C.utf8"}, true},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, false}, {map[string]string{"LC_CTYPE": "UTF-8"}, true},
	} {
		if got := isUTF8(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}

func TestSignature(t *testing.T) {
	c := completer{session: calls{}, look: look{color: true}, restore: func() {}}
	if got := c.signature(t.Context(), "", 0); got != "strings.Cut(s, \x1b[1msep string\x1b[0m) (before, after string, found bool)" {
		t.Errorf("%q", got)
	}
	c.look.color = false
	if got := c.signature(t.Context(), "", 0); got != "strings.Cut(s, sep string) (before, after string, found bool)" {
		t.Errorf("%q", got)
	}
}

// calls is a session in which everything is in a call.
type calls struct{ repl.Session }

func (calls) Inspect(context.Context, string, int, int) (repl.Inspection, error) {
	return repl.Inspection{Call: &repl.Call{
		Signature: "func strings.Cut(s, sep string) (before, after string, found bool)", Params: []string{"s", "sep string"}, Active: 1,
	}}, nil
}

func TestSources(t *testing.T) {
	var s sources
	s.keep(1, "a\nb")
	s.keep(2, "%time f()\nb")
	for _, c := range []struct {
		file string
		line int
		want string
	}{{"cell[1]", 2, "b"}, {"cell[1]", 3, ""}, {"cell[1]", 0, ""}, {"cell[2]", 2, ""}, {"cell[3]", 1, ""}} {
		if got := s.line(c.file, c.line); got != c.want {
			t.Errorf("%s:%d is %q", c.file, c.line, got)
		}
	}
	for i := range 2 * keptSources {
		s.keep(i, "x")
	}
	if len(s.cells) > keptSources || len(s.last) > keptSources {
		t.Errorf("%d cells are kept", len(s.cells))
	}
}

// TestIdleFront calls what commands may, where there is no terminal.
func TestIdleFront(t *testing.T) {
	f := new(Front)
	f.Page(repl.Bundle{render.Plain: []byte("help")})
	f.Next("x := 1")
	if err := f.Terminal(t.Context(), exec.Command("true")); err != nil {
		t.Error(err)
	}
	if got := f.takeNext() + f.takeNext(); got != "x := 1" {
		t.Errorf("the next cell begins with %q", got)
	}
}
