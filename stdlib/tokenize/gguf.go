package tokenize

import (
	"fmt"

	"kairos/stdlib/internal/gguf"
)

// The token types of GGUF that a text may contain as they are.
const (
	ggufControl     = 3
	ggufUserDefined = 4
)

// FromGGUF builds the tokenizer that the GGUF file at path holds. It has to be
// a byte-level BPE (tokenizer.ggml.model gpt2) with a pre-tokenizer that
// NewBPE knows; control and user-defined tokens are its special ones.
func FromGGUF(path string) (*BPE, error) {
	file, err := gguf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("tokenize: %w", err)
	}
	defer file.Close()
	cfg, err := ggufConfig(file)
	if err != nil {
		return nil, fmt.Errorf("tokenize: read %s: %w", path, err)
	}
	t, err := newBPE(cfg)
	if err != nil {
		return nil, fmt.Errorf("tokenize: read %s: %w", path, err)
	}
	return t, nil
}

func ggufConfig(file *gguf.File) (cfg BPEConfig, err error) {
	model, err := file.Text("tokenizer.ggml.model")
	if err != nil {
		return cfg, err
	}
	if model != "gpt2" {
		return cfg, fmt.Errorf("tokenizer model %q is not supported (want gpt2, byte-level BPE)", model)
	}
	if cfg.Pre, err = file.Text("tokenizer.ggml.pre"); err != nil {
		return cfg, err
	}
	if cfg.Tokens, err = file.Strings("tokenizer.ggml.tokens"); err != nil {
		return cfg, err
	}
	if cfg.Merges, err = file.Strings("tokenizer.ggml.merges"); err != nil {
		return cfg, err
	}
	if cfg.Special, err = ggufSpecial(file, cfg.Tokens); err != nil {
		return cfg, err
	}
	if cfg.BOS, err = ggufToken(file, "tokenizer.ggml.bos_token_id", cfg.Tokens); err != nil {
		return cfg, err
	}
	cfg.EOS, err = ggufToken(file, "tokenizer.ggml.eos_token_id", cfg.Tokens)
	return cfg, err
}

// ggufSpecial returns the tokens marked control or user-defined.
func ggufSpecial(file *gguf.File, tokens []string) ([]string, error) {
	types, err := file.Ints("tokenizer.ggml.token_type")
	if err != nil {
		return nil, err
	}
	if len(types) != len(tokens) {
		return nil, fmt.Errorf("%d token types for %d tokens", len(types), len(tokens))
	}
	var special []string
	for id, kind := range types {
		if kind == ggufControl || kind == ggufUserDefined {
			special = append(special, tokens[id])
		}
	}
	return special, nil
}

// ggufToken returns the token whose id is under key, or "" without the key.
func ggufToken(file *gguf.File, key string, tokens []string) (string, error) {
	if !file.Has(key) {
		return "", nil
	}
	id, err := file.Int(key)
	if err != nil {
		return "", err
	}
	if id < 0 || id >= len(tokens) {
		return "", fmt.Errorf("key %q: id %d is not in the vocabulary of %d", key, id, len(tokens))
	}
	return tokens[id], nil
}
