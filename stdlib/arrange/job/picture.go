package job

import (
	"cmp"
	"fmt"

	"kairos/stdlib/arrange"
	"kairos/stdlib/plot"
)

// axis says what a distance is, by measure.
func axis(measure string) string {
	return cmp.Or(map[string]string{
		"wsd": "weighted similarity distance", "cosine": "mean cosine distance", "euclid": "mean Euclidean distance",
		"kl": "divergence (nats)", "ot": "share of the transport's cost", "sinkhorn": "share of the transport's cost",
	}[measure], measure)
}

// picture draws how the distances of an arrangement are distributed: of all its rows, and of its
// first and last tenth, which say what the order does.
func picture(path string, t *Task, places []arrange.Place) error {
	tenth := (len(places) + 9) / 10
	figure, err := plot.Distribution([]plot.Sample{
		{Name: "all", Values: distances(places)},
		{Name: "first tenth", Values: distances(places[:tenth])},
		{Name: "last tenth", Values: distances(places[len(places)-tenth:])},
	}, plot.Config{Title: fmt.Sprintf("%s, %d rows", t.Method, len(places)), XLabel: axis(t.Measure)})
	if err != nil {
		return err
	}
	return figure.Save(path)
}

func distances(places []arrange.Place) []float64 {
	list := make([]float64, len(places))
	for i, p := range places {
		list[i] = p.Distance
	}
	return list
}
