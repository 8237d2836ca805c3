package plot

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// falling returns a curve like those of the paper: n points from 3.14 down to a floor, the more
// slowly the higher the floor.
func falling(name string, n int, floor float64) Curve {
	c := Curve{Name: name}
	for i := range n {
		c.Add(10*i, floor+(3.14-floor)*math.Exp(-0.2*float64(i)/floor)+0.01*math.Sin(float64(i*i)))
	}
	return c
}

func arrangements() []Curve {
	return []Curve{falling("NFT", 90, 0.5), falling("RT", 90, 0.63), falling("FFT", 90, 0.84), falling("TMA", 90, 0.45)}
}

func mustDraw(t *testing.T, curves []Curve, cfg Config) *Figure {
	t.Helper()
	f, err := LossCurves(curves, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPNG(t *testing.T) {
	curves := arrangements()
	for _, c := range []struct {
		cfg           Config
		width, height int
	}{
		{Config{}, 1280, 800},
		{Config{Width: 5, Height: 3, DPI: 100}, 500, 300},
	} {
		encoded, err := mustDraw(t, curves, c.cfg).PNG()
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(encoded))
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != c.width || size.Y != c.height {
			t.Errorf("%+v: it is %v, want %d×%d", c.cfg, size, c.width, c.height)
		}
		pixels := make(map[color.Color]int)
		for y := range c.height {
			for x := range c.width {
				pixels[color.RGBAModel.Convert(picture.At(x, y))]++
			}
		}
		if share := float64(pixels[color.RGBA{255, 255, 255, 255}]) / float64(c.width*c.height); share < 0.7 || share > 0.97 {
			t.Errorf("%+v: %.2f of it is white", c.cfg, share)
		}
		for k := range curves {
			if n := pixels[lookOf(k).color]; n < 150 {
				t.Errorf("%+v: curve %d has %d pixels in its colour", c.cfg, k, n)
			}
		}
	}
}

// svgElements returns the texts of an SVG and how often each style of stroke occurs.
func svgElements(t *testing.T, svg []byte) (texts []string, strokes map[string]int) {
	t.Helper()
	strokes = make(map[string]int)
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return texts, strokes
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				texts = append(texts, text)
			}
		case xml.StartElement:
			for _, a := range token.Attr {
				if a.Name.Local == "style" && token.Name.Local == "path" {
					strokes[a.Value]++
				}
			}
		}
	}
}

func TestSVG(t *testing.T) {
	curves := []Curve{
		{Name: "NFT", Steps: []int{0, 10, 20}, Loss: []float64{3, 1.5, 1}},
		{Name: "a < b & c", Steps: []int{0, 10, 20}, Loss: []float64{3, 2, 1.8}},
	}
	svg, err := mustDraw(t, curves, Config{Title: "Unseen tasks"}).SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, strokes := svgElements(t, svg)
	want := []string{
		"Unseen tasks",
		"training step", "0", "5", "10", "15", "20",
		"mean unseen-task loss (nats per token)", "1.0", "1.5", "2.0", "2.5", "3.0",
		"NFT", "a < b & c",
	}
	if d := cmp.Diff(want, texts); d != "" {
		t.Error(d)
	}
	for style, n := range map[string]int{
		// A curve, and its sample in the legend.
		"fill:none;stroke:#0072B2;stroke-width:1.7":                        2,
		"fill:none;stroke:#D55E00;stroke-width:1.7;stroke-dasharray:6,2.5": 2,
		// Its markers there, each with a white edge.
		"fill:#0072B2": 4,
		"fill:#D55E00": 4,
		"fill:none;stroke:#FFFFFF;stroke-width:0.7": 8,
	} {
		if strokes[style] != n {
			t.Errorf("%d paths are drawn with %s, want %d", strokes[style], style, n)
		}
	}
	if t.Failed() {
		t.Log(strokes)
	}
	if !bytes.Contains(svg, []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;")) {
		t.Error("the text has no font to fall back on")
	}
	again, err := mustDraw(t, curves, Config{Title: "Unseen tasks"}).SVG()
	if err != nil || !bytes.Equal(svg, again) {
		t.Error("the same curves give another picture the second time")
	}
}

func TestPDF(t *testing.T) {
	pdf, err := mustDraw(t, arrangements(), Config{}).PDF()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")) {
		t.Errorf("%d bytes that are no PDF", len(pdf))
	}
	if !bytes.Contains(pdf, []byte("/MediaBox [0 0 460.80 288.00]")) {
		t.Error("the page has not the figure's size of 6.4×4 inches")
	}
}

func TestPlotCanBeChanged(t *testing.T) {
	f := mustDraw(t, arrangements(), Config{})
	f.Plot().Title.Text = "Changed"
	f.Plot().Y.Max = 2
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := svgElements(t, svg)
	if joined := strings.Join(texts, "|"); !strings.Contains(joined, "Changed") || strings.Contains(joined, "3.0") {
		t.Errorf("got %s", joined)
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	f := mustDraw(t, arrangements(), Config{})
	for name, start := range map[string]string{"a.png": "\x89PNG", "a.svg": "<?xml", "a.pdf": "%PDF", "B.SVG": "<?xml"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("what was there"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(got), start) {
			t.Errorf("%s begins with %.10q, %v", name, got, err)
		}
	}
	for _, name := range []string{"a.jpg", "a", ".png.txt"} {
		want := "plot: save " + name + ": want a name that ends in .png, .svg or .pdf"
		if err := f.Save(name); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := f.Save(filepath.Join(dir, "none", "a.png")); err == nil || !strings.HasPrefix(err.Error(), "plot: save: open ") {
		t.Errorf("got %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "c.png"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(filepath.Join(dir, "c.png")); err == nil {
		t.Error("a directory was replaced")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 5 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestErrors(t *testing.T) {
	good := Curve{Name: "good", Steps: []int{0, 1}, Loss: []float64{2, 1}}
	curve := func(steps []int, loss ...float64) []Curve {
		return []Curve{good, {Name: "bad", Steps: steps, Loss: loss}}
	}
	for _, c := range []struct {
		curves []Curve
		cfg    Config
		want   string
	}{
		{nil, Config{}, "there are none"},
		{curve(nil), Config{}, `curve "bad": it has no points`},
		{curve([]int{0, 1, 2}, 1, 2), Config{}, `curve "bad": 3 steps, but 2 losses`},
		{curve([]int{0, 10}, 1, math.NaN()), Config{}, `curve "bad": the loss at step 10 is NaN`},
		{curve([]int{0, 10}, math.Inf(1), 1), Config{}, `curve "bad": the loss at step 0 is +Inf`},
		{curve([]int{10, 10}, 1, 1), Config{}, `curve "bad": step 10 comes after step 10: want steps that increase`},
		{curve([]int{10, 5}, 1, 1), Config{}, `curve "bad": step 5 comes after step 10: want steps that increase`},
		{[]Curve{good, {Name: " ", Steps: []int{1}, Loss: []float64{1}}}, Config{}, `curve 2 of 2 has no name`},
		{[]Curve{good}, Config{Width: 1}, `it is 1×4 inches: want 2 to 40 each way`},
		{[]Curve{good}, Config{Height: math.NaN()}, `it is 6.4×NaN inches: want 2 to 40 each way`},
		{[]Curve{good}, Config{Width: -3}, `it is -3×4 inches: want 2 to 40 each way`},
		{[]Curve{good}, Config{DPI: 5000}, `DPI is 5000: want 30 to 600`},
	} {
		f, err := LossCurves(c.curves, c.cfg)
		if f != nil || err == nil || err.Error() != "plot: loss curves: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestCurveAsJSON(t *testing.T) {
	var c Curve
	c.Name = "NFT"
	c.Add(0, 3.125)
	c.Add(10, 2.5)
	text, err := json.Marshal(c)
	if want := `{"name":"NFT","steps":[0,10],"loss":[3.125,2.5]}`; string(text) != want || err != nil {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
	var back Curve
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c, back); d != "" {
		t.Error(d)
	}
}

// Extremes that a careless division would turn into an endless loop or a picture of nothing.
func TestExtremes(t *testing.T) {
	for name, c := range map[string]Curve{
		"one point":    {Steps: []int{100}, Loss: []float64{2.5}},
		"flat":         {Steps: []int{0, 100_000}, Loss: []float64{1e6, 1e6}},
		"zero":         {Steps: []int{0, 1}, Loss: []float64{0, 0}},
		"close":        {Steps: []int{0, 1, 2}, Loss: []float64{2.50001, 2.50003, 2.5}},
		"tiny":         {Steps: []int{0, 1}, Loss: []float64{1e-300, 0}},
		"huge":         {Steps: []int{0, 1}, Loss: []float64{-1e300, 1e300}},
		"large steps":  {Steps: []int{1_000_000_000, 1_000_000_001}, Loss: []float64{1, 2}},
		"distant ones": {Steps: []int{-5, math.MaxInt32}, Loss: []float64{1, 2}},
	} {
		svg, err := mustDraw(t, []Curve{c}, Config{}).SVG()
		if err != nil || bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s: %v, or a NaN in the picture", name, err)
		}
		if texts, _ := svgElements(t, svg); len(texts) < 4 {
			t.Errorf("%s: only %q is written", name, texts)
		}
	}
}

func TestManyCurves(t *testing.T) {
	var curves []Curve
	for k := range 40 {
		curves = append(curves, falling(fmt.Sprint("curve ", k), 20, 0.5+float64(k)/20))
	}
	if _, err := mustDraw(t, curves, Config{}).PNG(); err != nil {
		t.Error(err)
	}
}

// A picture says how large it is meant to be.
func TestResolution(t *testing.T) {
	figure, err := LossCurves([]Curve{{Steps: []int{0, 1}, Loss: []float64{2, 1}}}, Config{Width: 3, Height: 2, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := figure.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || size.Width != 600 {
		t.Errorf("%+v, %v", size, err)
	}
	// 200 dots an inch are 7874 a metre; the last four bytes are the checksum that zlib.crc32 of Python gives.
	want := "\x00\x00\x00\x09pHYs\x00\x00\x1e\xc2\x00\x00\x1e\xc2\x01\x6e\xd0\x75\x3e"
	if got := string(picture[33 : 33+21]); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
