// Package model holds language models of the Llama family (Llama 2 and 3, SmolLM2, TinyLlama, Qwen2, Mistral): loaded from
// GGUF or safetensors, run, trained and saved.
//
//   - [Load], [New] and [Tiny] make a [Model]; [Config] is its shape. [Model.Save] writes it for transformers.
//   - [Model.Logits] is the forward pass of one text, [Model.Generate] continues texts.
//   - [Model.Loss] is the loss of each tokenised example, [Model.Backward] the same with gradients, which [AdamW] turns
//     into an update.
//   - [Model.AddLoRA] has adapters trained in place of the weights; [Model.SaveLoRA] and [Model.LoadLoRA] exchange them
//     with peft.
//   - [LoadReward] makes a [Reward], which scores texts.
//   - [Model.Param] and [Model.Grad] show weights and gradients as plain values.
//
// Everything that crosses the package's border is a plain Go value; tensors stay inside. Arithmetic is float32, but see
// [Model.Mixed]. Batches are packed end to end, without padding: no token attends across the border of its sequence.
// Results repeat to the last bit on one machine with one number of cores.
//
// What this package leaves out: other architectures, sliding windows, RoPE scaling but linear and llama3, quantised
// arithmetic, and dropout.
package model

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"

	"kairos/stdlib/internal/torch"
	"kairos/stdlib/tokenize"
)

// Model is a causal language model of the Llama family. Loss, Logits and Generate
// may be called from several goroutines, which take turns; whoever trains a
// model has it to himself.
type Model struct {
	Config Config
	Source string // the file or directory it was loaded from, "" for New

	// Mixed has the products of matrices, but for the logits', worked out in bfloat16, as torch.autocast has it: weights,
	// gradients, norms, softmax, losses and the optimiser stay float32. It pays on processors with AMX or AVX-512 BF16,
	// where such products are several times faster, and costs about three decimal places in each. Others round as much and
	// multiply in float32: runs are alike, and take about as long as without.
	Mixed bool

	tokenizer *tokenize.BPE
	weights   *weights
}

// weights is the native side of a Model, apart so that it can be freed when the
// Model is no longer reachable.
type weights struct {
	params []*param
	byName map[string]*param

	embed, norm *param
	blocks      []*block
	head        *linear // of the embedding table where they are tied

	lora *LoRAConfig // nil without adapters
}

// Load loads a model from a path: a .gguf file, a directory that holds one, or a
// directory with config.json and safetensors. What is no path is the name of a
// model in kairos' cache, or of one in the local Hugging Face cache, such as
// "HuggingFaceTB/SmolLM2-135M". Nothing is downloaded.
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

// New makes a model with random weights, as Llama is initialised before
// training: normal with deviation 0.02, norms 1, biases 0. The tokenizer, which may be
// nil, is what it will read examples with; its vocabulary must fit.
func New(cfg Config, tokenizer *tokenize.BPE, seed uint64) (*Model, error) {
	if tokenizer != nil && tokenizer.VocabSize() > cfg.Vocab {
		return nil, fmt.Errorf("model: new: the tokenizer has %d tokens, the model %d", tokenizer.VocabSize(), cfg.Vocab)
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	m, err := build(cfg, func(values []float32, name string, shape []int64) error {
		for i := range values {
			switch {
			case strings.HasSuffix(name, ".bias"):
				values[i] = 0
			case len(shape) == 1:
				values[i] = 1
			default:
				values[i] = float32(rng.NormFloat64() * 0.02)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("model: new: %w", err)
	}
	m.tokenizer = tokenizer
	return m, nil
}

// build makes a model from whatever fills in the values of each parameter.
func build(cfg Config, fill func(values []float32, name string, shape []int64) error) (*Model, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	w := &weights{byName: map[string]*param{}}
	for _, p := range layout(cfg) {
		var err error
		if p.value, err = torch.Empty(p.Shape...); err == nil {
			err = fill(p.value.Floats(), p.Name, p.Shape)
		}
		if err != nil {
			p.free()
			w.free()
			return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		w.params = append(w.params, p)
		w.byName[p.Name] = p
	}
	w.connect(cfg)
	m := &Model{Config: cfg, weights: w}
	runtime.AddCleanup(m, (*weights).free, w)
	return m, nil
}

func (w *weights) free() {
	for _, p := range w.params {
		p.free()
	}
	*w = weights{}
}

// do runs f with the weights kept alive until it ends.
func (m *Model) do(f func(s *torch.Scope)) error {
	defer runtime.KeepAlive(m)
	return torch.Do(f)
}

// Close frees the native memory. The model cannot be used afterwards. A model
// that is not closed is freed once it is no longer reachable.
func (m *Model) Close() { m.weights.free() }

// Tokenizer returns the model's own tokenizer, nil for a model that has none.
func (m *Model) Tokenizer() *tokenize.BPE { return m.tokenizer }

// String names the model's shape.
func (m *Model) String() string {
	name := map[string]string{"llama": "Llama", "qwen2": "Qwen2", "mistral": "Mistral"}[m.Config.Type]
	return fmt.Sprintf("%s of %d parameters (%d layers, width %d)", name, m.NumParams(), m.Config.Layers, m.Config.Hidden)
}
