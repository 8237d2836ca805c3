package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mattn/go-sixel"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

func ExampleDetect() {
	fmt.Println(Detect(environment("TERM=xterm-kitty")))
	fmt.Println(Detect(environment("TERM=xterm-256color", "KAIROS_IMAGES=sixel")))
	fmt.Println(Detect(environment("TERM=xterm-256color", "KAIROS_IMAGES=ascii")))
	// Output:
	// kitty <nil>
	// sixel <nil>
	// blocks picture: $KAIROS_IMAGES is "ascii": want kitty, iterm, sixel, blocks or none
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		env  string
		want Protocol
	}{
		{"", None}, {"TERM=dumb", None}, {"TERM=xterm-kitty NO_COLOR=1", None}, {"TERM=dumb KAIROS_IMAGES=kitty", Kitty},
		{"TERM=xterm-256color", Blocks}, {"TERM=linux", Blocks},
		{"TERM=xterm-256color KITTY_WINDOW_ID=1", Kitty}, {"TERM=xterm-ghostty", Kitty}, {"TERM=xterm-256color TERM_PROGRAM=ghostty", Kitty},
		{"TERM=xterm-256color KONSOLE_VERSION=230401", Kitty}, {"TERM=xterm-256color KONSOLE_VERSION=210400", Blocks},
		{"TERM=xterm-256color TERM_PROGRAM=iTerm.app", ITerm}, {"TERM=xterm-256color TERM_PROGRAM=WezTerm", ITerm}, {"TERM=xterm LC_TERMINAL=iTerm2", ITerm},
		{"TERM=foot", Sixel}, {"TERM=foot-direct", Sixel}, {"TERM=mlterm", Sixel},
		{"TERM=tmux-256color KITTY_WINDOW_ID=1", Blocks}, {"TERM=screen TERM_PROGRAM=iTerm.app", Blocks}, {"TERM=xterm TMUX=/tmp/x KITTY_WINDOW_ID=1", Blocks},
		{"TERM=screen KAIROS_IMAGES=iterm", ITerm},
	} {
		if got, err := Detect(environment(strings.Fields(c.env)...)); got != c.want || err != nil {
			t.Errorf("%s: %s, %v, want %s", c.env, got, err, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		screen        Screen
		size          image.Point
		columns, rows int
	}{
		{Screen{Protocol: Kitty}, image.Pt(100, 100), 10, 5},
		{Screen{Protocol: Kitty, CellWidth: 5, CellHeight: 10}, image.Pt(100, 100), 20, 10},
		{Screen{Protocol: Kitty}, image.Pt(1280, 800), 51, 16}, // 16 rows of 24
		{Screen{Protocol: Kitty, Columns: 200, Rows: 60}, image.Pt(1280, 800), 128, 40},
		{Screen{Protocol: Kitty, Columns: 41, Rows: 60}, image.Pt(1280, 800), 40, 13}, // as wide as there is room
		{Screen{Protocol: Blocks, Columns: 100, Rows: 36}, image.Pt(28, 28), 28, 14},
		{Screen{Protocol: Blocks, Columns: 100, Rows: 36}, image.Pt(1280, 800), 77, 24},
		{Screen{Protocol: Blocks}, image.Pt(1, 1), 1, 1},
		{Screen{Protocol: Blocks}, image.Pt(100000, 1), 79, 1},
		{Screen{Protocol: Blocks, Columns: 1, Rows: 1}, image.Pt(50, 50), 1, 1},
		{Screen{Protocol: Kitty}, image.Point{}, 0, 0},
	} {
		if columns, rows := c.screen.Fit(c.size); columns != c.columns || rows != c.rows {
			t.Errorf("%+v, %v: %d columns, %d rows, want %d, %d", c.screen, c.size, columns, rows, c.columns, c.rows)
		}
	}
}

// noise is an image that does not compress, so that its PNG is long.
func noise(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	state := uint32(1)
	for i := range img.Pix {
		state = state*1664525 + 1013904223
		img.Pix[i] = byte(state >> 24)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func samePixels(t *testing.T, what string, got, want image.Image, tolerance int) {
	t.Helper()
	if got.Bounds().Size() != want.Bounds().Size() {
		t.Fatalf("%s has the size %v, want %v", what, got.Bounds().Size(), want.Bounds().Size())
	}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			g, w := rgbAt(got, x, y), rgbAt(want, x, y)
			if d := g.minus(w); max(abs(d.r), abs(d.g), abs(d.b)) > tolerance {
				t.Fatalf("%s has %v at %d, %d, want %v", what, g, x, y, w)
			}
		}
	}
}

func rgbAt(img image.Image, x, y int) rgb {
	b := img.Bounds().Min
	return rgbOf(color.RGBAModel.Convert(img.At(b.X+x, b.Y+y)).(color.RGBA))
}

func abs(n int) int { return max(n, -n) }

var kittyMessage = regexp.MustCompile(`\x1b_G([^;]*);([^\x1b]*)\x1b\\`)

func TestKitty(t *testing.T) {
	img := noise(90, 80)
	text, rows := Screen{Protocol: Kitty}.Draw(img, 7)
	messages := kittyMessage.FindAllStringSubmatch(text, -1)
	if len(messages) < 5 || rows != 4 {
		t.Fatalf("%d messages, %d rows", len(messages), rows)
	}
	data := ""
	for i, m := range messages {
		want := "q=2,m=1"
		switch i {
		case 0:
			want = "a=T,f=100,c=9,r=4,q=2,i=7,m=1"
		case len(messages) - 1:
			want = "q=2,m=0"
		}
		if m[1] != want || len(m[2]) > 4096 || i < len(messages)-1 && len(m[2])%4 != 0 {
			t.Errorf("message %d is %q with %d bytes, want %q", i, m[1], len(m[2]), want)
		}
		data += m[2]
	}
	if rest := kittyMessage.ReplaceAllString(text, ""); rest != "\n" {
		t.Errorf("beside the messages there is %q", rest)
	}
	samePixels(t, "the PNG", decodePNG(t, data), img, 0)
}

func decodePNG(t *testing.T, text string) image.Image {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestKittyShrinks sends no more pixels than the cells have, where that is known.
func TestKittyShrinks(t *testing.T) {
	text, rows := Screen{Protocol: Kitty, CellWidth: 5, CellHeight: 10, Columns: 21, Rows: 30}.Draw(noise(400, 200), 0)
	m := kittyMessage.FindAllStringSubmatch(text, -1)
	if !strings.HasPrefix(m[0][1], "a=T,f=100,c=20,r=5,q=2,m=") || rows != 5 {
		t.Errorf("the first message is %q", m[0][1])
	}
	data := ""
	for _, message := range m {
		data += message[2]
	}
	if size := decodePNG(t, data).Bounds().Size(); size != image.Pt(100, 50) {
		t.Errorf("the PNG has the size %v", size)
	}
}

func TestITerm(t *testing.T) {
	img := noise(90, 80)
	text, rows := Screen{Protocol: ITerm}.Draw(img, 0)
	m := regexp.MustCompile(`^\x1b\]1337;File=inline=1;size=(\d+);width=9;height=4;preserveAspectRatio=1:([^\a]*)\a\n$`).FindStringSubmatch(text)
	if m == nil || rows != 4 {
		t.Fatalf("%d rows, %.100q", rows, text)
	}
	samePixels(t, "the PNG", decodePNG(t, m[2]), img, 0)
	if data, _ := base64.StdEncoding.DecodeString(m[2]); strconv.Itoa(len(data)) != m[1] {
		t.Errorf("the size is %s for %d bytes", m[1], len(data))
	}
}

// stripes is an image in a few colours, which sixels and blocks can show as they are.
func stripes(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 3 / width * 127), uint8(y * 3 / height * 127), 255, 255})
		}
	}
	return img
}

func TestSixel(t *testing.T) {
	img := stripes(90, 60)
	text, rows := Screen{Protocol: Sixel}.Draw(img, 0)
	var got image.Image
	if err := sixel.NewDecoder(strings.NewReader(text)).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if rows != 3 || !strings.HasPrefix(text, "\x1bP") || !strings.HasSuffix(text, "\x1b\\\n") {
		t.Errorf("%d rows, %.40q", rows, text)
	}
	samePixels(t, "the sixel image", got, img, 4) // the colours are in percent
}

func TestSixelShrinks(t *testing.T) {
	text, rows := Screen{Protocol: Sixel, Columns: 21, Rows: 30}.Draw(stripes(400, 400), 0)
	var got image.Image
	if err := sixel.NewDecoder(strings.NewReader(text)).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if size := got.Bounds().Size(); rows != 10 || size != image.Pt(200, 200) {
		t.Errorf("%d rows, %v", rows, size)
	}
}

// unblock reads what writeBlocks wrote: each cell becomes two by two pixels.
func unblock(t *testing.T, text string) *image.RGBA {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var rows [][]painted
	for _, line := range lines {
		rows = append(rows, cellsIn(t, line))
	}
	img := image.NewRGBA(image.Rect(0, 0, 2*len(rows[0]), 2*len(rows)))
	for y, row := range rows {
		for x, cell := range row {
			which := strings.Index("    ▘   ▝   ▀   ▖   ▌   ▞   ▛   ▗   ▚   ▐   ▜   ▄   ▙   ▟   █   ", string(cell.char))
			for i := range 4 {
				c := cell.bg
				if order(which)>>i&1 == 1 {
					c = cell.fg
				}
				img.SetRGBA(2*x+i%2, 2*y+i/2, color.RGBA{uint8(c.r), uint8(c.g), uint8(c.b), 255})
			}
		}
	}
	return img
}

// order is the index of a glyph in the list of unblock, whose glyphs are three bytes and as many blanks apart.
func order(at int) int {
	if at < 4 {
		return 0
	}
	return 1 + (at-4)/6
}

var code = regexp.MustCompile(`^\x1b\[([0-9;]*)m`)

func cellsIn(t *testing.T, line string) (cells []painted) {
	t.Helper()
	var pen painted
	for line != "" {
		if m := code.FindStringSubmatch(line); m != nil {
			line = line[len(m[0]):]
			var n [5]int
			if count, _ := fmt.Sscanf(m[1], "%d;%d;%d;%d;%d", &n[0], &n[1], &n[2], &n[3], &n[4]); count == 5 && n[0] == 38 {
				pen.fg = rgb{n[2], n[3], n[4]}
			} else if count == 5 {
				pen.bg = rgb{n[2], n[3], n[4]}
			}
			continue
		}
		char := []rune(line)[0]
		line = line[len(string(char)):]
		pen.char = char
		cells = append(cells, pen)
	}
	return cells
}

func TestBlocks(t *testing.T) {
	img := stripes(12, 12) // three by three squares of four by four
	text, rows := Screen{Protocol: Blocks, TrueColor: true}.Draw(img, 0)
	if rows != 6 || strings.Count(text, "\n") != 6 || !strings.HasSuffix(text, "\x1b[0m\n") {
		t.Fatalf("%d rows: %q", rows, text)
	}
	got := unblock(t, text) // 24 by 12: each pixel twice as wide
	for y := range 12 {
		for x := range 24 {
			want := rgbAt(img, x/2, y)
			if rgbAt(got, x, y) != want {
				t.Fatalf("at %d, %d: %v, want %v", x, y, rgbAt(got, x, y), want)
			}
		}
	}
}

// TestChart draws a thin line on white: it keeps its color where a mean would make it pale.
func TestChart(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 800, 400))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := range 800 {
		for y := range 2 {
			img.SetRGBA(x, 202+y, color.RGBA{200, 0, 0, 255})
		}
	}
	text, _ := Screen{Protocol: Blocks, Columns: 41, Rows: 30, TrueColor: true}.Draw(img, 0)
	got := unblock(t, text)
	for x := range got.Rect.Dx() {
		red := 0
		for y := range got.Rect.Dy() {
			switch c := rgbAt(got, x, y); c {
			case rgb{255, 255, 255}:
			default:
				red++
				if c.g > 255/2 { // the mean would be 229
					t.Errorf("at %d, %d: %v", x, y, c)
				}
			}
		}
		if red != 1 {
			t.Fatalf("column %d has %d dots:\n%s", x, red, text)
		}
	}
}

func Test256Colors(t *testing.T) {
	for _, c := range []struct {
		color rgb
		want  int
	}{
		{rgb{}, 16}, {rgb{255, 255, 255}, 231}, {rgb{255, 0, 0}, 196}, {rgb{95, 135, 175}, 67}, {rgb{128, 128, 128}, 244}, {rgb{8, 8, 8}, 232},
	} {
		if got := nearest256(c.color); got != c.want {
			t.Errorf("%v is color %d, want %d", c.color, got, c.want)
		}
	}
	text, _ := Screen{Protocol: Blocks}.Draw(stripes(4, 4), 0)
	if strings.Contains(text, "8;2;") || !strings.Contains(text, "8;5;") {
		t.Errorf("without 24 bits a color: %q", text)
	}
}

func TestNone(t *testing.T) {
	for _, s := range []Screen{{}, {Protocol: None}} {
		if text, rows := s.Draw(stripes(4, 4), 0); text != "" || rows != 0 {
			t.Errorf("%q, %d", text, rows)
		}
	}
	if text, rows := (Screen{Protocol: Blocks}).Draw(image.NewRGBA(image.Rectangle{}), 0); text != "" || rows != 0 {
		t.Errorf("an empty image: %q, %d", text, rows)
	}
}

// TestShifted draws a part of a larger image, whose bounds do not begin at 0, 0.
func TestShifted(t *testing.T) {
	whole := noise(40, 40)
	part := whole.SubImage(image.Rect(10, 10, 30, 30))
	moved := image.NewRGBA(image.Rect(0, 0, 20, 20))
	for y := range 20 {
		for x := range 20 {
			moved.SetRGBA(x, y, whole.RGBAAt(10+x, 10+y))
		}
	}
	for _, p := range []Protocol{Blocks, Sixel, Kitty, ITerm} {
		got, _ := Screen{Protocol: p}.Draw(part, 0)
		if want, _ := (Screen{Protocol: p}).Draw(moved, 0); got != want {
			t.Errorf("%s draws a part of an image in another way than its copy", p)
		}
	}
}
