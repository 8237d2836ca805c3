package model

import "kairos/stdlib/tokenize"

// Tiny makes a Llama of 115,136 random weights that reads bytes, for experiments
// in seconds: two layers of width 64, texts of up to 2,048 bytes. The same seed
// makes the same weights.
func Tiny(seed uint64) (*Model, error) {
	cfg := Config{Vocab: 258, Hidden: 64, FFN: 192, Layers: 2, Heads: 4, KVHeads: 2, MaxLen: 2048, Tied: true}
	return New(cfg, tokenize.NewBytes(), seed)
}
