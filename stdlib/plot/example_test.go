package plot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"

	"kairos/stdlib/plot"
)

func ExampleLossCurves() {
	figure, err := plot.LossCurves([]plot.Curve{
		{Name: "NFT", Steps: []int{0, 10, 20, 30}, Loss: []float64{3.14, 1.02, 0.71, 0.58}},
		{Name: "RT", Steps: []int{0, 10, 20, 30}, Loss: []float64{3.14, 1.60, 0.98, 0.74}},
		{Name: "FFT", Steps: []int{0, 10, 20, 30}, Loss: []float64{3.14, 2.21, 1.43, 1.06}},
	}, plot.Config{Title: "Unseen tasks of Flan-mini"})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := figure.PNG()
	if err != nil {
		fmt.Println(err)
		return
	}
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	fmt.Println(size.Width, size.Height, err)
	// Output: 1280 800 <nil>
}

func ExampleLossCurves_error() {
	_, err := plot.LossCurves([]plot.Curve{{Name: "RT", Steps: []int{0, 10, 10}, Loss: []float64{3, 2, 2}}}, plot.Config{})
	fmt.Println(err)
	// Output: plot: loss curves: curve "RT": step 10 comes after step 10: want steps that increase
}

func ExampleCurve_Add() {
	curve := plot.Curve{Name: "NFT"}
	for step, loss := range []float64{3.14, 1.02, 0.71} {
		curve.Add(10*step, loss)
	}
	text, err := json.Marshal(curve)
	fmt.Println(string(text), err)
	// Output: {"name":"NFT","steps":[0,10,20],"loss":[3.14,1.02,0.71]} <nil>
}

func ExampleFigure_Save() {
	dir, err := os.MkdirTemp("", "kairos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	figure, err := plot.LossCurves([]plot.Curve{{Steps: []int{0, 10}, Loss: []float64{3, 1}}}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"loss.png", "loss.svg", "loss.pdf"} {
		path := filepath.Join(dir, name)
		if err := figure.Save(path); err != nil {
			fmt.Println(err)
			return
		}
		content, _ := os.ReadFile(path)
		fmt.Printf("%s %q\n", name, content[:4])
	}
	fmt.Println(figure.Save("loss.jpg"))
	// Output:
	// loss.png "\x89PNG"
	// loss.svg "<?xm"
	// loss.pdf "%PDF"
	// plot: save loss.jpg: want a name that ends in .png, .svg or .pdf
}

func ExampleFigure_Plot() {
	figure, err := plot.LossCurves([]plot.Curve{{Steps: []int{0, 10}, Loss: []float64{3, 1}}}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	figure.Plot().Title.Text = "Changed by hand"
	svg, err := figure.SVG()
	fmt.Println(bytes.Contains(svg, []byte(">Changed by hand</text>")), err)
	// Output: true <nil>
}

func ExampleFigure_String() {
	figure, err := plot.LossCurves([]plot.Curve{
		{Name: "NFT", Steps: []int{0, 10, 20, 30}, Loss: []float64{3.14, 1.02, 0.71, 0.58}},
		{Name: "RT", Steps: []int{0, 10, 20, 30}, Loss: []float64{3.14, 1.60, 0.98, 0.74}},
	}, plot.Config{Title: "Unseen tasks of Flan-mini"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure)
	// Output:
	// Unseen tasks of Flan-mini
	//     │ ●
	// 3.0 ┤ ⠈⠳⣄⡀
	//     │   ⠈⠪⡢⣀
	//     │     ⠘⢄⠑⠤⡀
	// 2.5 ┤       ⠑⠢⡈⠢⢄
	//     │         ⠈⢢ ⠑⠤⡀
	// 2.0 ┤           ⠑⢄ ⠈⠢⢄
	//     │             ⠑⢄  ⠑⠢⡀
	//     │               ⠣⡀  ⠈⠒○⡀
	// 1.5 ┤                ⠈⠢⡀   ⠈⠉⠒⠒⠤⢄⣀
	//     │                  ⠈⠢⡀        ⠉⠑⠒⠤⢄⣀
	// 1.0 ┤                    ⠑●⣀            ⠉⠉⠒⠢⠤⣀⡀
	//     │                       ⠉⠉⠉⠒⠒⠒⠢⠤⠤⢄⣀⣀⡀     ⠈○⠉⠑⠒⠒⠒⠢⠤⠤⠤⢄⣀⣀⣀⣀
	//     │                                   ⠈⠉⠉⠉⠒⠒⠒●⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀⣀⣀⣀⡀⠉⠉⠉⠉⠒○
	// 0.5 ┤                                                        ⠈⠉⠉⠉⠉⠉●
	//     └─┬─────────┬─────────┬─────────┬─────────┬──────────┬─────────┬─
	//       0         5        10        15        20         25        30  training step
	//      ● NFT   ○ RT
}

func ExampleCurve_Check() {
	fmt.Println(plot.Curve{Steps: []int{0, 10}, Loss: []float64{3}}.Check())
	// Output: 2 steps, but 1 losses
}
