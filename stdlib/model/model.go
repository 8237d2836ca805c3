// Package model holds Llama-family language models: loaded from GGUF or
// safetensors, run forward, and differentiated.
//
//   - [Load] and [New] make a [Model]; [Config] is its shape.
//   - [Model.Logits] is the forward pass of one text.
//   - [Model.Loss] is the loss of each tokenised example, [Model.Backward] the
//     same with gradients, which [AdamW] turns into an update.
//   - [Model.Param] and [Model.Grad] show weights and gradients as plain values.
//
// Everything that crosses the package's border is a plain Go value; tensors
// stay inside. Arithmetic is float32. Batches are packed end to end, without
// padding: no token attends across the border of its sequence.
//
// What this package leaves out: generation, saving, and RoPE scaling.
package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"kairos/stdlib/assets"
	"kairos/stdlib/internal/torch"
	"kairos/stdlib/tokenize"
)

// Model is a causal language model of the Llama architecture. Loss and Logits
// may be called from several goroutines, which take turns; whoever trains a
// model has it to himself.
type Model struct {
	Config Config
	Source string // the file or directory it was loaded from, "" for New

	tokenizer *tokenize.BPE
	weights   *weights
}

// weights is the native side of a Model, apart so that it can be freed when the
// Model is no longer reachable.
type weights struct {
	params []*param
	byName map[string]*param
	cos    torch.Tensor // [MaxLen, 1, HeadDim/2]
	sin    torch.Tensor
}

// Load loads a model by name from kairos' cache, or from a path: a .gguf file, a
// directory that holds one, or a directory with config.json and safetensors.
func Load(name string) (*Model, error) {
	path, err := resolve(name)
	if err != nil {
		return nil, fmt.Errorf("model: load %s: %w", name, err)
	}
	src, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("model: load %s: %w", path, err)
	}
	defer src.close()
	m, err := build(src.config(), src.tensor)
	if err != nil {
		return nil, fmt.Errorf("model: load %s: %w", path, err)
	}
	m.Source, m.tokenizer = path, src.tokenizer()
	return m, nil
}

// resolve turns a name into the path of a GGUF file or a safetensors directory.
func resolve(name string) (string, error) {
	path := name
	if _, err := os.Stat(name); err != nil {
		if strings.ContainsRune(name, os.PathSeparator) || strings.HasSuffix(name, ".gguf") {
			return "", err
		}
		if path, err = assets.Path(name); err != nil {
			return "", err
		}
	}
	if found, _ := filepath.Glob(filepath.Join(path, "*.gguf")); len(found) == 1 {
		path = found[0]
	}
	return path, nil
}

func open(path string) (source, error) {
	if strings.HasSuffix(path, ".gguf") {
		return openGGUF(path)
	}
	return openSafetensors(path)
}

// New makes a model with random weights, as Llama is initialised before
// training: normal with deviation 0.02, norms 1. The tokenizer, which may be
// nil, is what it will read examples with; its vocabulary must fit.
func New(cfg Config, tokenizer *tokenize.BPE, seed uint64) (*Model, error) {
	if tokenizer != nil && tokenizer.VocabSize() > cfg.Vocab {
		return nil, fmt.Errorf("model: new: the tokenizer has %d tokens, the model %d", tokenizer.VocabSize(), cfg.Vocab)
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	m, err := build(cfg, func(name string, shape []int64) ([]float32, error) {
		values := make([]float32, elements(shape))
		for i := range values {
			if len(shape) == 1 {
				values[i] = 1
			} else {
				values[i] = float32(rng.NormFloat64() * 0.02)
			}
		}
		return values, nil
	})
	if err != nil {
		return nil, fmt.Errorf("model: new: %w", err)
	}
	m.tokenizer = tokenizer
	return m, nil
}

// build makes a model from whatever gives the values of each parameter.
func build(cfg Config, values func(name string, shape []int64) ([]float32, error)) (*Model, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	w := &weights{byName: map[string]*param{}}
	for _, p := range layout(cfg) {
		v, err := values(p.Name, p.Shape)
		if err == nil {
			p.value, err = torch.FromFloats(v, p.Shape...)
		}
		if err == nil {
			err = p.value.RequireGrad()
		}
		if err != nil {
			w.free()
			return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		w.params = append(w.params, p)
		w.byName[p.Name] = p
	}
	if err := w.makeRope(cfg); err != nil {
		w.free()
		return nil, err
	}
	m := &Model{Config: cfg, weights: w}
	runtime.AddCleanup(m, (*weights).free, w)
	return m, nil
}

// makeRope tabulates the rotary angles: position p turns pair i by p·base^(−2i/d).
func (w *weights) makeRope(cfg Config) error {
	half := cfg.HeadDim / 2
	cos, sin := make([]float32, cfg.MaxLen*half), make([]float32, cfg.MaxLen*half)
	for i := range half {
		freq := float32(1 / math.Pow(cfg.RopeBase, float64(2*i)/float64(cfg.HeadDim)))
		for p := range cfg.MaxLen {
			sn, cs := math.Sincos(float64(float32(p) * freq))
			cos[p*half+i], sin[p*half+i] = float32(cs), float32(sn)
		}
	}
	var err error
	shape := []int64{int64(cfg.MaxLen), 1, int64(half)}
	if w.cos, err = torch.FromFloats(cos, shape...); err == nil {
		w.sin, err = torch.FromFloats(sin, shape...)
	}
	return err
}

func (w *weights) free() {
	for _, p := range w.params {
		p.value.Free()
		p.grad.Free()
	}
	w.cos.Free()
	w.sin.Free()
	w.params, w.byName = nil, nil
}

// do runs f with the weights kept alive until it ends.
func (m *Model) do(grad bool, f func(s *torch.Scope)) error {
	defer runtime.KeepAlive(m)
	return torch.Do(grad, f)
}

// Close frees the native memory. The model cannot be used afterwards. A model
// that is not closed is freed once it is no longer reachable.
func (m *Model) Close() { m.weights.free() }

// Tokenizer returns the model's own tokenizer, nil for a model that has none.
func (m *Model) Tokenizer() *tokenize.BPE { return m.tokenizer }

// String names the model's shape.
func (m *Model) String() string {
	return fmt.Sprintf("Llama of %d parameters (%d layers, width %d)", m.NumParams(), m.Config.Layers, m.Config.Hidden)
}
