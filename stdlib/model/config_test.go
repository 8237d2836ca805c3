package model

import (
	"math"
	"strings"
	"testing"
)

// Base 16 and heads of 4 give the frequencies 1 and 1/4, which turn 8π/2π = 4 and 1 times in 8π ≈ 25 tokens.
func TestFrequencies(t *testing.T) {
	for _, c := range []struct {
		name string
		rope Rope
		want [2]float64
	}{
		{"none", Rope{}, [2]float64{1, 0.25}},
		{"linear", Rope{Type: "linear", Factor: 2}, [2]float64{0.5, 0.125}},
		// 44 tokens are 7 and 1.75 turns: above 6, and three quarters of the way from 1 to 2.
		{"llama3", Rope{Type: "llama3", Factor: 2, LowFreq: 1, HighFreq: 2, Original: 44}, [2]float64{1, 0.25 * (0.75 + 0.25/2)}},
		{"llama3, all divided", Rope{Type: "llama3", Factor: 2, LowFreq: 8, HighFreq: 9, Original: 44}, [2]float64{0.5, 0.125}},
	} {
		cfg := Config{HeadDim: 4, RopeBase: 16, Rope: c.rope}
		got := cfg.frequencies()
		for i, want := range c.want {
			if len(got) != 2 || math.Abs(got[i]-want) > 1e-3*want { // 44 is 14π but for a thousandth
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}

func TestWhatAConfigRefuses(t *testing.T) {
	for want, change := range map[string]func(*Config){
		`model_type is "gemma"`:                             func(c *Config) { c.Type = "gemma" },
		"vocab_size is 0":                                   func(c *Config) { c.Vocab = 0 },
		"num_attention_heads 6 is not a multiple":           func(c *Config) { c.KVHeads = 4 },
		"head_dim is 3, want an even":                       func(c *Config) { c.HeadDim = 3 },
		"rope_theta is NaN":                                 func(c *Config) { c.RopeBase = math.NaN() },
		"rms_norm_eps -1":                                   func(c *Config) { c.NormEps = -1 },
		`RoPE scaling is of type "yarn"`:                    func(c *Config) { c.Rope = Rope{Type: "yarn", Factor: 2} },
		`RoPE scaling is of type ""`:                        func(c *Config) { c.Rope = Rope{Factor: 2} },
		"RoPE scaling has the factor 0.5":                   func(c *Config) { c.Rope = Rope{Type: "linear", Factor: 0.5} },
		"with low_freq_factor 4, high_freq_factor 4":        func(c *Config) { c.Rope = Rope{"llama3", 8, 4, 4, 64} },
		"high_freq_factor 4 and original_max_position_embe": func(c *Config) { c.Rope = Rope{"llama3", 8, 1, 4, 0} },
	} {
		cfg := tinyConfig
		change(&cfg)
		if _, err := New(cfg, nil, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// Which maps have a bias is the architecture's affair; new ones are 0.
func TestBiases(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want []string
	}{
		{Config{}, nil},
		{Config{AttentionBias: true}, []string{"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"}},
		{Config{MLPBias: true}, []string{"mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"}},
		{Config{Type: "qwen2"}, []string{"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"}},
		{Config{Type: "mistral", AttentionBias: true}, nil},
	} {
		cfg := tinyConfig
		cfg.Type, cfg.AttentionBias, cfg.MLPBias, cfg.Layers = c.cfg.Type, c.cfg.AttentionBias, c.cfg.MLPBias, 1
		m, err := New(cfg, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range m.Params() {
			if name, ok := strings.CutSuffix(p.Name, ".bias"); ok {
				got = append(got, strings.TrimPrefix(name, "model.layers.0."))
				if values, err := m.Param(p.Name); err != nil || values[0] != 0 || int64(len(values)) != p.Shape[0] {
					t.Errorf("%s: %v, %v", p.Name, values, err)
				}
			}
		}
		m.Close()
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%+v: biases of %v, want %v", c.cfg, got, c.want)
		}
	}
}
