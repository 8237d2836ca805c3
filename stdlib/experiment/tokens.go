package experiment

import (
	"fmt"
	"math"

	"kairos/stdlib/matrix"
	"kairos/stdlib/model"
)

// TokenMeans turns texts into vectors by a language model alone: the mean of its embeddings of a text's
// tokens, scaled to length 1. It reads none of the model's layers, so that it is quick, and knows words but
// not their order. A text without tokens is an error.
func TokenMeans(m *model.Model, texts []string) (*matrix.Dense, error) {
	if m.Tokenizer() == nil {
		return nil, fmt.Errorf("experiment: token means: %v has no tokenizer", m)
	}
	table, err := m.Param("model.embed_tokens.weight")
	if err != nil {
		return nil, fmt.Errorf("experiment: token means: %w", err)
	}
	vectors := matrix.New(len(texts), m.Config.Hidden)
	for i, text := range texts {
		ids := m.Tokenizer().Encode(text)
		if len(ids) == 0 {
			return nil, fmt.Errorf("experiment: token means: text %d has no tokens", i)
		}
		sumRows(vectors.Row(i), table, ids)
	}
	return vectors, nil
}

// sumRows sets a vector to the sum of rows of a table, scaled to length 1, which is the mean's direction.
func sumRows(vector, table []float32, ids []int32) {
	sum := make([]float64, len(vector))
	square := 0.0
	for _, id := range ids {
		for k, x := range table[int(id)*len(vector) : int(id+1)*len(vector)] {
			sum[k] += float64(x)
		}
	}
	for _, x := range sum {
		square += x * x
	}
	for k, x := range sum {
		vector[k] = float32(x / math.Sqrt(square))
	}
}
