package tokenize

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"kairos/internal/atomicfile"
)

// WriteFiles writes the tokenizer into a directory, which is made if it is not
// there: tokenizer.json and tokenizer_config.json, from which FromDirectory and
// transformers' AutoTokenizer read the same ids. A tokenizer that was read from a
// directory gives back the files it was read from, byte for byte. Each file
// appears whole or not at all.
func (t *BPE) WriteFiles(dir string) error {
	if err := t.writeFiles(dir); err != nil {
		return fmt.Errorf("tokenize: write into %s: %w", dir, err)
	}
	return nil
}

func (t *BPE) writeFiles(dir string) error {
	files, err := t.content()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if err := atomicfile.WriteFile(filepath.Join(dir, f.name), f.data); err != nil {
			return err
		}
	}
	return nil
}

// content returns the files of the tokenizer: those it was read from, with the
// chat template that it has now.
func (t *BPE) content() ([]file, error) {
	if t.files == nil {
		return t.describe()
	}
	if t.ChatTemplate() == t.readChat {
		return t.files, nil
	}
	files := slices.DeleteFunc(slices.Clone(t.files), func(f file) bool { return f.name == templateName })
	return append(files, file{templateName, []byte(t.ChatTemplate())}), nil
}

// object is a JSON object whose keys keep their order.
type object []entry

type entry struct {
	key   string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := plainJSON(e.key)
		if err != nil {
			return nil, err
		}
		value, err := plainJSON(e.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON is JSON that writes <s> as it is.
func plainJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// describe writes the two files of a tokenizer that came from elsewhere.
func (t *BPE) describe() ([]file, error) {
	var files []file
	for _, f := range []struct {
		name string
		what object
	}{{tokenizerName, t.describeTokenizer()}, {configName, t.describeConfig()}} {
		compact, err := plainJSON(f.what)
		if err != nil {
			return nil, err
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, compact, "", "  "); err != nil {
			return nil, err
		}
		pretty.WriteByte('\n')
		files = append(files, file{f.name, pretty.Bytes()})
	}
	return files, nil
}

func (t *BPE) describeTokenizer() object {
	s := t.style
	return object{
		{"version", "1.0"}, {"truncation", nil}, {"padding", nil},
		{"added_tokens", t.describeAdded()},
		{"normalizer", s.describeNormalizer()},
		{"pre_tokenizer", s.describePreTokenizer()},
		{"post_processor", t.describeStart()},
		{"decoder", s.describeDecoder()},
		{"model", object{
			{"type", "BPE"}, {"dropout", nil}, {"unk_token", orNull(s.unknown)},
			{"continuing_subword_prefix", nil}, {"end_of_word_suffix", nil},
			{"fuse_unk", s.fuse}, {"byte_fallback", s.fallback}, {"ignore_merges", s.whole},
			{"vocab", t.describeVocab()}, {"merges", t.describeMerges()},
		}},
	}
}

// orNull is a text, or null for none.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (t *BPE) describeAdded() []object {
	list := []object{}
	for _, a := range t.every {
		list = append(list, object{
			{"id", t.ids[a.text]}, {"content", a.text}, {"single_word", false}, {"lstrip", a.lstrip}, {"rstrip", a.rstrip},
			{"normalized", a.normalised}, {"special", a.special},
		})
	}
	slices.SortFunc(list, func(a, b object) int { return cmp.Compare(a[0].value.(int32), b[0].value.(int32)) })
	return list
}

// tokens returns the tokens by id, as the vocabulary writes them.
func (t *BPE) tokens() []string {
	tokens := make([]string, len(t.raw))
	for token, id := range t.ids {
		tokens[id] = token
	}
	return tokens
}

func (t *BPE) describeVocab() object {
	vocab := object{}
	for id, token := range t.tokens() {
		if token != "" {
			vocab = append(vocab, entry{token, id})
		}
	}
	return vocab
}

// describeMerges lists the merges. Those that share a rank follow each other in the
// order of the tokens they make, as transformers' converters have them.
func (t *BPE) describeMerges() [][2]string {
	type entry struct {
		pair
		merge
	}
	all := make([]entry, 0, len(t.merges))
	for p, m := range t.merges {
		all = append(all, entry{p, m})
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id), cmp.Compare(a.left, b.left), cmp.Compare(a.right, b.right))
	})
	tokens := t.tokens()
	merges := make([][2]string, len(all))
	for i, m := range all {
		merges[i] = [2]string{tokens[m.left], tokens[m.right]}
	}
	return merges
}

func (s style) describeNormalizer() any {
	replace := object{{"type", "Replace"}, {"pattern", object{{"String", " "}}}, {"content", under}}
	switch {
	case s.nfc:
		return object{{"type", "NFC"}}
	case s.sentence && s.prefix == always:
		return object{{"type", "Sequence"}, {"normalizers", []object{{{"type", "Prepend"}, {"prepend", under}}, replace}}}
	case s.sentence:
		return replace
	}
	return nil
}

func (s style) describePreTokenizer() any {
	if s.sentence {
		return nil
	}
	byteLevel := object{{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}}
	var before object
	switch s.pre {
	case "smollm":
		before = object{{"type", "Digits"}, {"individual_digits", true}}
	case "llama-bpe", "qwen2":
		byteLevel[3].value = false
		for expression, pre := range expressions {
			if pre == s.pre {
				before = object{{"type", "Split"}, {"pattern", object{{"Regex", expression}}}, {"behavior", "Isolated"}, {"invert", false}}
			}
		}
	default:
		return byteLevel
	}
	return object{{"type", "Sequence"}, {"pretokenizers", []object{before, byteLevel}}}
}

// describeStart has BOS put before texts, where the tokenizer's file asked for it.
func (t *BPE) describeStart() any {
	if !t.addsBOS || t.bos.text == "" {
		return nil
	}
	token := func(kind int) object { return object{{"SpecialToken", object{{"id", t.bos.text}, {"type_id", kind}}}} }
	text := func(name string, kind int) object {
		return object{{"Sequence", object{{"id", name}, {"type_id", kind}}}}
	}
	return object{
		{"type", "TemplateProcessing"},
		{"single", []object{token(0), text("A", 0)}},
		{"pair", []object{token(0), text("A", 0), token(1), text("B", 1)}},
		{"special_tokens", object{{t.bos.text, object{{"id", t.bos.text}, {"ids", []int32{t.bos.id}}, {"tokens", []string{t.bos.text}}}}}},
	}
}

func (s style) describeDecoder() object {
	if !s.sentence {
		return object{{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}}
	}
	decoders := []object{
		{{"type", "Replace"}, {"pattern", object{{"String", under}}}, {"content", " "}},
		{{"type", "ByteFallback"}},
		{{"type", "Fuse"}},
	}
	if s.lead > 0 {
		decoders = append(decoders, object{{"type", "Strip"}, {"content", " "}, {"start", s.lead}, {"stop", 0}})
	}
	return object{{"type", "Sequence"}, {"decoders", decoders}}
}

// describeConfig is tokenizer_config.json. The class is the one that takes all
// from tokenizer.json.
func (t *BPE) describeConfig() object {
	config := object{
		{"tokenizer_class", "PreTrainedTokenizerFast"}, {"clean_up_tokenization_spaces", false},
	}
	for _, name := range []string{"bos_token", "eos_token", "unk_token", "pad_token"} {
		if token := t.template[name]; token != "" {
			config = append(config, entry{name, token})
		}
	}
	if t.chat != nil {
		config = append(config, entry{"chat_template", t.chat.source})
	}
	return config
}
