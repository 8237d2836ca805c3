package tokenize

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LoadWordPiece reads the tokenizer of a model directory: tokenizer.json where
// there is one, else vocab.txt, one piece a line. The padding and truncation
// that tokenizer.json may ask for are left to the caller (EncodeMax); settings
// other than uncased BERT's are errors.
func LoadWordPiece(dir string) (*WordPiece, error) {
	path := filepath.Join(dir, "tokenizer.json")
	t, err := readTokenizerJSON(path)
	if errors.Is(err, fs.ErrNotExist) {
		path = filepath.Join(dir, "vocab.txt")
		t, err = readVocab(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("tokenize: load WordPiece: %s has neither tokenizer.json nor vocab.txt", dir)
	case err != nil:
		return nil, fmt.Errorf("tokenize: read %s: %w", path, err)
	}
	return t, nil
}

func readVocab(path string) (*WordPiece, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	return newWordPiece(lines, nil, 100)
}

// tokenizerJSON is the part of Hugging Face's tokenizer.json that matters to
// an uncased BERT.
type tokenizerJSON struct {
	Normalizer struct {
		Type               string `json:"type"`
		CleanText          bool   `json:"clean_text"`
		HandleChineseChars bool   `json:"handle_chinese_chars"`
		StripAccents       *bool  `json:"strip_accents"` // absent: as lowercase
		Lowercase          bool   `json:"lowercase"`
	} `json:"normalizer"`
	PreTokenizer struct {
		Type string `json:"type"`
	} `json:"pre_tokenizer"`
	AddedTokens []addedToken `json:"added_tokens"`
	Model       struct {
		Type     string           `json:"type"`
		Unknown  string           `json:"unk_token"`
		Prefix   string           `json:"continuing_subword_prefix"`
		MaxChars int              `json:"max_input_chars_per_word"`
		Vocab    map[string]int32 `json:"vocab"`
	} `json:"model"`
}

type addedToken struct {
	ID         int32  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	LStrip     bool   `json:"lstrip"`
	RStrip     bool   `json:"rstrip"`
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"`
}

func readTokenizerJSON(path string) (*WordPiece, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file tokenizerJSON
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, err
	}
	if err := file.check(); err != nil {
		return nil, err
	}
	vocab, special, err := file.vocabulary()
	if err != nil {
		return nil, err
	}
	return newWordPiece(vocab, special, file.Model.MaxChars)
}

// check refuses settings under which the ids would not be the reference's.
func (f *tokenizerJSON) check() error {
	normalizer := f.Normalizer
	strip := normalizer.StripAccents
	for _, want := range []struct {
		ok      bool
		problem string
		got     any
	}{
		{f.Model.Type == "WordPiece", "model type: want WordPiece", f.Model.Type},
		{f.Model.Unknown == "[UNK]", "unk_token: want [UNK]", f.Model.Unknown},
		{f.Model.Prefix == "##", "continuing_subword_prefix: want ##", f.Model.Prefix},
		{f.Model.MaxChars > 0, "max_input_chars_per_word: want a positive number", f.Model.MaxChars},
		{len(f.Model.Vocab) > 0, "vocab: want pieces", "none"},
		{normalizer.Type == "BertNormalizer", "normalizer: want BertNormalizer", normalizer.Type},
		{normalizer.CleanText && normalizer.HandleChineseChars && normalizer.Lowercase && (strip == nil || *strip),
			"normalizer: want an uncased one (all of clean_text, handle_chinese_chars, lowercase, strip_accents)", "less"},
		{f.PreTokenizer.Type == "BertPreTokenizer", "pre_tokenizer: want BertPreTokenizer", f.PreTokenizer.Type},
	} {
		if !want.ok {
			return fmt.Errorf("%s, got %v", want.problem, want.got)
		}
	}
	return nil
}

// vocabulary returns the tokens by id and those that are special. An added
// token may extend the vocabulary.
func (f *tokenizerJSON) vocabulary() (vocab, special []string, err error) {
	ids := f.Model.Vocab
	for _, added := range f.AddedTokens {
		if added.SingleWord || added.LStrip || added.RStrip || added.Normalized {
			return nil, nil, fmt.Errorf("added token %q: single_word, lstrip, rstrip and normalized are not supported", added.Content)
		}
		ids[added.Content] = added.ID
		special = append(special, added.Content)
	}
	vocab = make([]string, len(ids))
	given := make([]bool, len(ids))
	for token, id := range ids {
		if id < 0 || int(id) >= len(ids) || given[id] {
			return nil, nil, fmt.Errorf("vocabulary: token %q: id %d is out of range or given twice (want each of 0 … %d once)", token, id, len(ids)-1)
		}
		vocab[id], given[id] = token, true
	}
	return vocab, special, nil
}
