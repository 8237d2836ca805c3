package kernel

import (
	"encoding/json"
	"testing"

	"kairos/repl"
	"kairos/stdlib/cell/render"
	"kairos/stdlib/plot"
)

// A picture drawn at 200 dots an inch is shown at 96.
func TestSizeOfPicture(t *testing.T) {
	figure, err := plot.LossCurves([]plot.Curve{{Steps: []int{0, 1}, Loss: []float64{2, 1}}}, plot.Config{Width: 3, Height: 2, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := figure.PNG()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		picture []byte
		want    string
	}{
		{"with a resolution", picture, `{"image/png":{"width":288,"height":192}}`},
		{"cut off", picture[:40], `{}`},
		{"no PNG", []byte("picture"), `{}`},
		{"none", nil, `{}`},
	} {
		got, err := json.Marshal(metadata(repl.Bundle{render.PNG: c.picture}, nil))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v, want %s", c.name, got, err, c.want)
		}
	}
}
