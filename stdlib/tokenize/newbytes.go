package tokenize

// NewBytes returns the tokenizer of a model trained from scratch on little
// data: one token a byte (ids 0 to 255), then <bos> (256) and <eos> (257).
func NewBytes() *BPE {
	cfg := BPEConfig{Special: []string{"<bos>", "<eos>"}, BOS: "<bos>", EOS: "<eos>"}
	for _, r := range alphabet {
		cfg.Tokens = append(cfg.Tokens, string(r))
	}
	cfg.Tokens = append(cfg.Tokens, cfg.Special...)
	t, err := NewBPE(cfg)
	if err != nil {
		panic(err) // the vocabulary is fixed
	}
	return t
}
