package render_test

import (
	"bytes"
	"image/png"
	"testing"

	"gonum.org/v1/plot"
	_ "gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgsvg"

	"kairos/stdlib/cell/render"
)

// A plot of gonum's is a picture without further ado.
func TestDrawing(t *testing.T) {
	b, err := render.Of(plot.New())
	if err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(bytes.NewReader(b[render.PNG])); err != nil || size.Width != 614 || size.Height != 384 {
		t.Errorf("%+v, %v", size, err)
	}
	if !bytes.Contains(b[render.SVG], []byte("<svg")) {
		t.Errorf("no SVG: %.80q", b[render.SVG])
	}
	if got := render.Summary(plot.New()); got != "*plot.Plot" {
		t.Errorf("the summary is %q", got)
	}
	if b.Text() != "*plot.Plot" {
		t.Errorf("the text is %.80q", b.Text())
	}
}
