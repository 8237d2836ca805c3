// A small use of kairos: distances, an order, a picture.
package main

import (
	"fmt"
	"os"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/data"
	"kairos/stdlib/matrix"
	"kairos/stdlib/plot"
	"kairos/stdlib/similarity"
)

func main() {
	dir, err := os.MkdirTemp("", "arrange")
	cell.Check(err)
	defer os.RemoveAll(dir)
	cell.Check(os.Chdir(dir))

	pool := []data.Example{
		{ID: "a", Data: []string{"Is it far?", "No."}},
		{ID: "b", Data: []string{"Is it near?", "Yes."}},
		{ID: "c", Data: []string{"Where is it?", "Here."}},
	}
	cell.Check(data.WriteJSONL("pool.jsonl", pool))
	pool, err = data.ReadJSONL("pool.jsonl")
	cell.Check(err)

	train, err := matrix.FromRows([][]float32{{1, 0}, {0.6, 0.8}, {0, 1}})
	cell.Check(err)
	test, err := matrix.FromRows([][]float32{{0, 1}})
	cell.Check(err)
	dist, err := similarity.Cosine(cell.Context(), train, test)
	cell.Check(err)
	scores, err := similarity.WSD(cell.Context(), dist)
	cell.Check(err)
	order, err := arrange.Nearest(scores)
	cell.Check(err)
	pool, err = data.Pick(pool, order)
	cell.Check(err)
	progress := cell.Progress("look")
	for i, ex := range pool {
		fmt.Println(i, ex.ID, data.Texts(pool)[i])
		progress(i, len(pool))
	}
	cell.Show(dist)
	cell.Show(order)

	curve := plot.Curve{Name: "NFT"}
	for step := range 3 {
		curve.Add(step, 1/float64(step+1))
	}
	figure, err := plot.LossCurves([]plot.Curve{curve}, plot.Config{})
	cell.Check(err)
	cell.Show(figure)
	info, err := os.Stat("arrange-figure-1.png")
	cell.Check(err)
	fmt.Println(info.Size() > 1000)
	_, err = data.ReadJSONL("missing.jsonl")
	cell.Check(err)
}
