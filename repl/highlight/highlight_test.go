package highlight

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// marks writes the spans of a source as kind:text.
func marks(src string) string {
	letters := map[Kind]string{
		Keyword: "k", Type: "t", Builtin: "b", Func: "f", Constant: "c", String: "s", Number: "n", Comment: "#", Command: "%", Illegal: "!",
	}
	var parts []string
	for _, s := range Go(src) {
		if s.Kind != Operator {
			parts = append(parts, letters[s.Kind]+":"+src[s.From:s.To])
		}
	}
	return strings.Join(parts, " ")
}

func TestGo(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"", ""},
		{"x := 1 + 2.5", "n:1 n:2.5"},
		{"for i := range n {", "k:for k:range"},
		{"func add(a, b int) int { return a + b }", "k:func f:add t:int t:int k:return"},
		{"func (p *Point) Len() float64", "k:func f:Len t:float64"},
		{"type Celsius float64", "k:type t:Celsius t:float64"},
		{"fmt.Println(len(s), true, nil)", "f:Println b:len c:true c:nil"},
		{"len := 3", "n:3"},
		{"x.len(1)", "f:len n:1"},
		{`s := "unfinished`, `s:"unfinished`},
		{"s := `raw\nand more", "s:`raw\nand more"},
		{"s := `a\r\nb` + x(1)", "s:`a\r\nb` f:x n:1"},
		{"'a' '", "s:'a' s:'"},
		{"// note\nx", "#:// note"},
		{"/* open\nx", "#:/* open\nx"},
		{"/* a\r\nb */ 1", "#:/* a\r\nb */ n:1"},
		{"%time f(`x)\ny := `a`", "%:%time f(`x) s:`a`"},
		{"x := 1\n!echo don't `\ny := 2", "n:1 %:!echo don't ` n:2"},
		{"?fmt.Println", "%:?fmt.Println"},
		{"x?", "!:?"},
		{":who", "%::who"},
		{"// c\n%who", "#:// c %:%who"},
		{"a := b &&\n\t!c(1)", "f:c n:1"},
		{"f(\n!c,\n)", "f:f"},
		{"a = b %\nc", ""},
		{"日本 := \"語\"", `s:"語"`},
		{"a # b", "!:#"},
		{"x \xff\xfe", "!:\xff !:\xfe"},
	} {
		if got := marks(test.src); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.src, got, test.want)
		}
	}
}

func TestANSI(t *testing.T) {
	got := ANSI("x := `a\nb`")
	want := "x := \x1b[32m`a\x1b[0m\n\x1b[32mb`\x1b[0m"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func ExampleStyle_Paint() {
	fmt.Printf("%q\n", Error.Paint("no such name"))
	// Output: "\x1b[31mno such name\x1b[0m"
}

// FuzzGo checks that spans are in order and inside the source, and that colours take nothing from the text.
func FuzzGo(f *testing.F) {
	for _, seed := range []string{"x := `a\r", "%who\n!ls 'x\nfor {", "/*\r", "\ufeffx", "x\ufeff", "\x00", "f(\n%", "'\\", "0x", "a ~ b"} {
		f.Add(seed)
	}
	codes := regexp.MustCompile("\x1b\\[[0-9;]*m")
	f.Fuzz(func(t *testing.T, src string) {
		at := 0
		for _, s := range Go(src) {
			if s.From < at || s.To <= s.From || s.To > len(src) {
				t.Fatalf("%q: span %v after %d", src, s, at)
			}
			at = s.To
		}
		if strings.Contains(src, "\x1b") {
			return
		}
		plain := codes.ReplaceAllString(ANSI(src), "")
		if plain != src {
			t.Fatalf("%q became %q", src, plain)
		}
	})
}

// cell200 is a cell of 200 lines.
func cell200() string {
	return strings.Repeat("for i, name := range names { // every one\n\ttotal += weights[i] * len(name)\n\tfmt.Println(\"name\", name, total, 3.14)\n}\n", 50)
}

func BenchmarkGo200Lines(b *testing.B) {
	src := cell200()
	for b.Loop() {
		Go(src)
	}
}
