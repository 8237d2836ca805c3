package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kairos/stdlib/data"
	"kairos/stdlib/manifest"
	"kairos/stdlib/model"
	"kairos/stdlib/train"
)

// settings are what a curve depends on: config.json.
type settings struct {
	Model   string          `json:"model"`
	Weights weights         `json:"weights"` // before the first step
	Seed    uint64          `json:"seed"`
	Train   manifest.Digest `json:"train"`
	Test    manifest.Digest `json:"test"`
	train.Config
	LoRA    *model.LoRAConfig `json:"lora"`
	Mixed   bool              `json:"mixed"`
	Discard bool              `json:"discard"`
}

// weights are the hashes of model.Digests.
type weights struct {
	Trained string `json:"trained"`
	Frozen  string `json:"frozen"`
}

// settings are those of a run, but for the weights.
func (cfg Config) settings() (settings, error) {
	if err := cfg.check(); err != nil {
		return settings{}, err
	}
	how, err := cfg.Settings.Resolve(len(cfg.Train))
	if err != nil {
		return settings{}, err
	}
	s := settings{Model: cfg.Model, Seed: cfg.Seed, Config: how, LoRA: cfg.LoRA, Mixed: cfg.Mixed, Discard: cfg.Discard}
	if cfg.Loaded != nil {
		s.Model, s.Mixed = cfg.Loaded.Source, cfg.Loaded.Mixed
	}
	if s.Train, err = hash(cfg.Train); err == nil {
		s.Test, err = hash(cfg.Test)
	}
	return s, err
}

func hash(examples []data.Example) (manifest.Digest, error) {
	m := manifest.Manifest{Data: map[string]manifest.Digest{}}
	err := m.AddData("", examples)
	return m.Data[""], err
}

// record writes the settings of a new run, and its manifest.
func (s settings) record(cfg Config, m *model.Model) error {
	all := manifest.New()
	all.Data["train"], all.Data["test"] = s.Train, s.Test
	for name, value := range s.flat() {
		all.Set(name, value)
	}
	if m.Source != "" {
		if err := all.AddFiles(m.Source); err != nil {
			return err
		}
	}
	if err := all.Write(in(cfg.Out, manifestFile)); err != nil {
		return err
	}
	return data.WriteJSON(in(cfg.Out, configFile), s)
}

// agree refuses settings that are not those of the run that is there. Of the entries that are not to
// count the names are given.
func (s settings) agree(was settings, but ...string) error {
	is, old := s.flat(), was.flat()
	names := maps.Clone(is)
	maps.Copy(names, old)
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if now, then := fmt.Sprint(is[name]), fmt.Sprint(old[name]); now != then && !slices.Contains(but, name) {
			differ = append(differ, fmt.Sprintf("%s is %s, was %s", name, brief(is[name]), brief(old[name])))
		}
	}
	if len(differ) > 0 {
		return fmt.Errorf("the run there is another one: %s", strings.Join(differ, "; "))
	}
	return nil
}

// flat are the settings by their JSON names, "train.count" for those of an object.
func (s settings) flat() map[string]any {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // plain values
	}
	var tree map[string]any
	if err := json.Unmarshal(text, &tree); err != nil {
		panic(err)
	}
	flat := map[string]any{}
	for name, value := range tree {
		group, ok := value.(map[string]any)
		if !ok {
			flat[name] = value
		}
		for inner, value := range group {
			flat[name+"."+inner] = value
		}
	}
	return flat
}

// brief is a value for an error: of a hash its beginning.
func brief(v any) string {
	text := fmt.Sprint(v)
	switch {
	case v == nil || text == "":
		return "none"
	case len(text) == 64:
		return text[:12] + "…"
	}
	return text
}
