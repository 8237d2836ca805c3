//go:build ignore

// Command transfer asks whether an arrangement is good for other models than the one that made it: the same pool is
// arranged by the vectors of a sentence encoder, and by those of a language model's own token embeddings, and two
// models are trained on it, one pretrained and one from scratch.
//
// Varied are the encoder, the order (NFT, RT, FFT by WSD), and the model that is trained; measured are the loss on
// unseen tasks, and how much the two encoders agree.
//
//	kairos run scripts/transfer.go
//	kairos run scripts/transfer.go -size laptop
package main

import (
	"context"
	"flag"
	"fmt"

	"gonum.org/v1/gonum/stat"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/data"
	"kairos/stdlib/experiment"
	"kairos/stdlib/matrix"
	"kairos/stdlib/model"
	"kairos/stdlib/similarity"
)

func main() {
	other := flag.String("other", "SmolLM2-135M-Instruct", "language model whose token embeddings are the second encoder")
	cfg := experiment.Config{Name: "transfer", Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)
	samples, err := e.Samples(ctx, e.Size.PerTask)
	cell.Check(err)

	var sentence, tokens [][]float64 // scores of the pool's rows, for each sample
	second, err := model.Load(*other)
	cell.Check(err)
	for _, s := range samples {
		sentence = append(sentence, wsd(ctx, s.Vectors, s.Targets))
		vectors, err := experiment.TokenMeans(second, data.Texts(s.Pool))
		cell.Check(err)
		targets, err := experiment.TokenMeans(second, data.Texts(s.Unseen))
		cell.Check(err)
		tokens = append(tokens, wsd(ctx, vectors, targets))
	}
	second.Close()

	pretrained := []*experiment.Set{e.NewSet("by sentences, pretrained", "RT"), e.NewSet("by tokens, pretrained", "RT")}
	scratch := []*experiment.Set{e.NewSet("by sentences, from scratch", "RT"), e.NewSet("by tokens, from scratch", "RT")}
	for i, scores := range [][][]float64{sentence, tokens} {
		scratch[i].Model, scratch[i].Rates = "tiny", []float64{1e-3, 3e-3, 1e-2}
		for k, s := range samples {
			nearest, err := arrange.Nearest(scores[k])
			cell.Check(err)
			pretrained[i].AddOrders(s, nearest)
			scratch[i].AddOrders(s, nearest)
		}
	}

	cell.Check(e.Run(ctx))

	agree(e, samples, sentence, tokens)
	cell.Check(e.Draw("transfer", "Arranged by two encoders, for two models", append(pretrained, scratch...)...))
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// wsd are the weighted distances of the rows of vectors from targets.
func wsd(ctx context.Context, vectors, targets *matrix.Dense) []float64 {
	dist, err := similarity.LazyCosine(vectors, targets)
	cell.Check(err)
	scores, err := similarity.WSD(ctx, dist)
	cell.Check(err)
	return scores
}

// agree tells how far the orders of the two encoders agree: Spearman's correlation of the rows' places.
func agree(e *experiment.Experiment, samples []*experiment.Sample, a, b [][]float64) {
	var all []float64
	for i := range samples {
		all = append(all, stat.Correlation(places(a[i]), places(b[i]), nil))
	}
	fmt.Printf("Rank correlation of the two encoders' distances, for each seed: %.2f\n", all)
	e.Note("rank correlation of the encoders", all)
}

// places are the ranks of scores.
func places(scores []float64) []float64 {
	order, err := arrange.Nearest(scores)
	cell.Check(err)
	ranks := make([]float64, len(scores))
	for place, row := range order {
		ranks[row] = float64(place)
	}
	return ranks
}
