package tokenize

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a tokenizer in a model's directory. The first has to be there.
const (
	tokenizerName  = "tokenizer.json"
	configName     = "tokenizer_config.json"
	specialName    = "special_tokens_map.json"
	templateName   = "chat_template.jinja"
	generationName = "generation_config.json"
)

// file is what a file of a tokenizer's directory holds.
type file struct {
	name string
	data []byte
}

// FromDirectory reads the tokenizer of a model directory as Hugging Face lays it
// out: tokenizer.json, and the special tokens and the chat template out of
// tokenizer_config.json, special_tokens_map.json and chat_template.jinja, where
// they are; BOS and EOS that none of them names are those of
// generation_config.json. Without tokenizer.json the error is fs.ErrNotExist.
//
// The tokenizer has to be byte-level BPE that cuts words as GPT-2, SmolLM2,
// Llama 3 or Qwen2 do, or SentencePiece's BPE as Llama 2, TinyLlama and Mistral
// have it. Settings under which ids would not be the reference's are errors that
// name them. What the file has Hugging Face put around texts, such as BOS, is
// not applied: Encode adds nothing. The ids are those of the file, as package
// tokenizers reads it; a LlamaTokenizer of transformers 5 puts a pre-tokenizer of
// its own in the place of the file's, which adds no ▁ after special tokens.
func FromDirectory(dir string) (*BPE, error) {
	t, err := fromDirectory(dir)
	if err != nil {
		return nil, fmt.Errorf("tokenize: read %s: %w", dir, err)
	}
	return t, nil
}

func fromDirectory(dir string) (*BPE, error) {
	d := directory{dir: dir}
	var hugging huggingFile
	if err := d.json(tokenizerName, &hugging); err != nil {
		return nil, err
	}
	s, err := hugging.spec()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tokenizerName, err)
	}
	if err := d.named(&s); err != nil {
		return nil, err
	}
	t, err := s.build()
	if err != nil {
		return nil, err
	}
	t.files, t.readChat = d.files, s.chat
	return t, nil
}

// directory reads the files of one and keeps those that belong to the tokenizer.
type directory struct {
	dir   string
	files []file
}

// json reads a file that has to be there.
func (d *directory) json(name string, into any) error {
	data, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if name != generationName { // the model's
		d.files = append(d.files, file{name, data})
	}
	return nil
}

// optional is json for a file that need not be there.
func (d *directory) optional(name string, into any) error {
	if err := d.json(name, into); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// named reads the special tokens that have names, and the chat template.
func (d *directory) named(s *spec) error {
	var config struct {
		specialNames
		Template chatTemplates              `json:"chat_template"`
		Decoder  map[string]json.RawMessage `json:"added_tokens_decoder"`
	}
	if err := d.optional(configName, &config); err != nil {
		return err
	}
	s.named = make(map[string]string)
	config.specialNames.into(s.named)
	var special specialNames
	if err := d.optional(specialName, &special); err != nil {
		return err
	}
	if config.Decoder == nil { // transformers looks at the older file only then
		special.into(s.named)
	}
	if err := d.generation(s); err != nil {
		return err
	}
	s.chat = string(config.Template)
	return d.template(s)
}

// template reads the file that has a chat template to itself, and comes first.
func (d *directory) template(s *spec) error {
	data, err := os.ReadFile(filepath.Join(d.dir, templateName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	s.chat = string(data)
	d.files = append(d.files, file{templateName, data})
	return nil
}

// generation names BOS and EOS by the ids that generation begins and ends with.
func (d *directory) generation(s *spec) error {
	if s.named["bos_token"] != "" && s.named["eos_token"] != "" {
		return nil
	}
	var config struct {
		BOS firstID `json:"bos_token_id"`
		EOS firstID `json:"eos_token_id"`
	}
	if err := d.optional(generationName, &config); err != nil {
		return err
	}
	for name, id := range map[string]firstID{"bos_token": config.BOS, "eos_token": config.EOS} {
		if s.named[name] == "" && id.given && id.id >= 0 && id.id < len(s.tokens) {
			s.named[name] = s.tokens[id.id]
		}
	}
	return nil
}

// specialNames are the special tokens that Hugging Face's files have names for.
type specialNames struct {
	BOS     tokenName `json:"bos_token"`
	EOS     tokenName `json:"eos_token"`
	Unknown tokenName `json:"unk_token"`
	Pad     tokenName `json:"pad_token"`
	Sep     tokenName `json:"sep_token"`
	CLS     tokenName `json:"cls_token"`
	Mask    tokenName `json:"mask_token"`
}

func (n specialNames) into(named map[string]string) {
	for name, token := range map[string]tokenName{
		"bos_token": n.BOS, "eos_token": n.EOS, "unk_token": n.Unknown, "pad_token": n.Pad,
		"sep_token": n.Sep, "cls_token": n.CLS, "mask_token": n.Mask,
	} {
		if token != "" {
			named[name] = string(token)
		}
	}
}

// tokenName is a token, written as a text or as an object with its content.
type tokenName string

func (n *tokenName) UnmarshalJSON(b []byte) error {
	if b[0] == '{' {
		var object struct {
			Content string `json:"content"`
		}
		err := json.Unmarshal(b, &object)
		*n = tokenName(object.Content)
		return err
	}
	return json.Unmarshal(b, (*string)(n))
}

// firstID is an id, or the first of a list of them.
type firstID struct {
	id    int
	given bool
}

func (f *firstID) UnmarshalJSON(b []byte) error {
	if b[0] != '[' {
		var id *int
		err := json.Unmarshal(b, &id)
		if id != nil {
			f.id, f.given = *id, true
		}
		return err
	}
	var list []int
	if err := json.Unmarshal(b, &list); err != nil || len(list) == 0 {
		return err
	}
	f.id, f.given = list[0], true
	return nil
}

// chatTemplates is a chat template, or the one called default of a list.
type chatTemplates string

func (c *chatTemplates) UnmarshalJSON(b []byte) error {
	if b[0] != '[' {
		return json.Unmarshal(b, (*string)(c))
	}
	var list []struct{ Name, Template string }
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, entry := range list {
		if entry.Name == "default" {
			*c = chatTemplates(entry.Template)
		}
	}
	return nil
}
