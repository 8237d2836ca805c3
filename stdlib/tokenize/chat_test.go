package tokenize

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// chatReference is testdata/chat.json.gz, made by testdata/make_chat.py.
type chatReference struct {
	Texts []struct {
		Name, Template string // no template: SmolLM2's own
		Messages       []Message
		Prompt         bool
		Text           *string // nil: the template refuses
	}
	Marked []struct {
		Name, Family, Template, Plain string
		Turns                         []string
		IDs, Mask                     []int32
	}
}

func readChats(t *testing.T) (want chatReference) {
	t.Helper()
	readJSON(t, "testdata/chat.json.gz", &want)
	if len(want.Texts) == 0 || len(want.Marked) == 0 {
		t.Fatal("nothing to compare with")
	}
	return want
}

func withChat(t testing.TB, bpe *BPE, template string) *BPE {
	t.Helper()
	with, err := bpe.WithChat(template)
	if err != nil {
		t.Fatal(err)
	}
	return with
}

func TestChatMatchesReference(t *testing.T) {
	smol, plain := smolLM2(t), NewBytes()
	plain.template = map[string]string{"bos_token": "<s>", "eos_token": "</s>"}
	for _, c := range readChats(t).Texts {
		bpe := smol
		if c.Template != "" {
			bpe = withChat(t, plain, c.Template)
		}
		got, err := bpe.Chat(c.Messages, ChatConfig{Prompt: c.Prompt})
		switch {
		case c.Text == nil && err == nil:
			t.Errorf("%s: %v: got %q, want an error", c.Name, c.Messages, got)
		case c.Text != nil && (err != nil || got != *c.Text):
			t.Errorf("%s: %v: %v\n got %q\nwant %q", c.Name, c.Messages, err, got, *c.Text)
		}
	}
}

// familyTokenizer is one of testdata/families, with names for its special tokens.
func familyTokenizer(t testing.TB, name string) *BPE {
	t.Helper()
	var f family
	readJSON(t, "testdata/families/"+name+".json.gz", &f)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "tokenizer.json"), string(f.Tokenizer))
	write(t, filepath.Join(dir, "tokenizer_config.json"), `{"bos_token": "<s>", "eos_token": {"content": "</s>"}}`)
	return fromDir(t, dir)
}

// The ids of a chat and those that the assistant writes are transformers', whether
// the template has generation blocks or the border has to be found.
func TestChatDialogueMatchesReference(t *testing.T) {
	for _, c := range readChats(t).Marked {
		bpe := familyTokenizer(t, c.Family)
		want := Sequence{IDs: c.IDs}
		for i, id := range c.IDs {
			if c.Mask[i] == 0 {
				id = Ignore
			}
			want.Labels = append(want.Labels, id)
		}
		for _, template := range []string{c.Template, c.Plain} {
			got, err := Dialogue(withChat(t, bpe, template), c.Turns, DialogueConfig{Chat: true})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s, %s, %q: %v, -want +got\n%s", c.Name, c.Family, c.Turns, err, diff)
			}
		}
	}
}

// The chat template of these tests: a character a turn, so that lengths can be counted.
const plainChat = "<bos>SYS{% for m in messages %}{% if m.role == 'user' %}[{{ m.content | trim }}]{% else %}{{ m.content }}<eos>\n{% endif %}{% endfor %}{% if add_generation_prompt %}{% endif %}"

func TestChatDialogueByHand(t *testing.T) {
	bpe := withChat(t, NewBytes(), plainChat)
	for _, c := range []struct {
		name       string
		turns      []string
		cfg        DialogueConfig
		text, loss string // all of it, and the part with labels
	}{
		{"one pair", []string{"Q", "A"}, DialogueConfig{}, "<bos>SYS[Q]A<eos>\n", "A<eos>"},
		{"odd last turn", []string{"Q", "A", "Z"}, DialogueConfig{}, "<bos>SYS[Q]A<eos>\n", "A<eos>"},
		{"two pairs", []string{"Q", "A", "Z", "B"}, DialogueConfig{}, "<bos>SYS[Q]A<eos>\n[Z]B<eos>\n", "A<eos>B<eos>"},
		{"just fits", []string{"QR", "AB"}, DialogueConfig{MaxLen: 11}, "<bos>SYS[QR]AB<eos>", "AB<eos>"},
		{"question gives way", []string{" QRST ", "AB"}, DialogueConfig{MaxLen: 11}, "<bos>SYS[QR]AB<eos>", "AB<eos>"},
		{"answer cut to its share", []string{"Q", "ABCDEF"}, DialogueConfig{MaxLen: 9, MaxTarget: 2}, "<bos>SYS[Q]AB", "AB"},
		{"both give way", []string{"QRS", "ABCDEF"}, DialogueConfig{MaxLen: 9, MaxTarget: 2}, "<bos>SYS[Q]AB", "AB"},
		{"all of the question gives way", []string{"QRS", "ABCDEF"}, DialogueConfig{MaxLen: 9, MaxTarget: 3}, "<bos>SYS[]ABC", "ABC"},
		{"later turns are cut", []string{"Q", "A", "Z", "B"}, DialogueConfig{MaxLen: 12}, "<bos>SYS[Q]A<eos>\n[Z", "A<eos>"},
	} {
		seq, err := Dialogue(bpe, c.turns, withChatLayout(c.cfg))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		counted := slices.DeleteFunc(slices.Clone(seq.Labels), func(id int32) bool { return id == Ignore })
		if diff := cmp.Diff([]string{c.text, c.loss}, []string{bpe.Decode(seq.IDs), bpe.Decode(counted)}); diff != "" || len(seq.IDs) != len(seq.Labels) {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func withChatLayout(cfg DialogueConfig) DialogueConfig {
	cfg.Chat = true
	return cfg
}

func TestChatDialogueErrors(t *testing.T) {
	for _, c := range []struct {
		template string
		turns    []string
		maxLen   int
		want     string
	}{
		{"", []string{"Q", "A"}, 0, "the tokenizer has no chat template (WithChat gives it one)"},
		{plainChat, []string{"Q"}, 0, "want a question and an answer, got 1 turns"},
		{plainChat, []string{"Q", "A"}, 7, "MaxLen is 1 short of room for the answer"},
		{"{{ messages[0].content | upper }}{% generation %}x{% endgeneration %}", []string{"q", "A"}, 1,
			"MaxLen is too small, and the question cannot be cut, since the chat template does not write it as it is"},
		{"{{ messages | length }}{{ messages[-1].content }}", []string{"Q", "A"}, 0,
			"chat template: message 1 is written otherwise once the chat goes on, so that answers cannot be told from the rest (generation blocks in the template would tell)"},
		{"{% if false %}{% generation %}{% endgeneration %}{% endif %}", []string{"Q", "A"}, 0, "the chat template writes no answer of the assistant"},
		{"{% generation %}{{ messages[1].content }}{% endgeneration %}", []string{"Q", "\ufdd1"}, 0, "message 1 holds U+FDD0 or U+FDD1, which are no characters"},
		{"{{ raise_exception('No.') }}", []string{"Q", "A"}, 0, "chat template: No."},
	} {
		bpe := withChat(t, NewBytes(), c.template)
		if _, err := Dialogue(bpe, c.turns, DialogueConfig{Chat: true, MaxLen: c.maxLen}); err == nil || err.Error() != "tokenize: dialogue: "+c.want {
			t.Errorf("%s: got %v, want …%s", c.template, err, c.want)
		}
	}
}

func TestWithChat(t *testing.T) {
	bpe := NewBytes()
	with := withChat(t, bpe, plainChat)
	if bpe.ChatTemplate() != "" || with.ChatTemplate() != plainChat || withChat(t, with, "").ChatTemplate() != "" {
		t.Error("templates are not the tokenizers' own")
	}
	if _, err := bpe.Chat(nil, ChatConfig{}); err == nil || !strings.Contains(err.Error(), "has no chat template") {
		t.Errorf("without a template: %v", err)
	}
	for template, want := range map[string]string{
		"{{ x":                  "line 1: a tag does not end with }}",
		"a\n{% if x %}\n{# b":   "line 3: a comment does not end",
		"\n{{ 'x }}":            "line 2: a string does not end",
		"{% raw %}{% endraw %}": "line 1: raw blocks are not supported",
		"{% nothing %}":         `unknown statement "nothing"`,
		"{% if true %}":         "if",
	} {
		if _, err := bpe.WithChat(template); err == nil || !strings.HasPrefix(err.Error(), "tokenize: with chat: chat template: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want …%s", template, err, want)
		}
		if _, err := NewBPE(BPEConfig{Chat: template}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want …%s", template, err, want)
		}
	}
}

// Text without tags comes out as it is, but for its last newline; and no template
// does more than fail.
func FuzzChatTemplate(f *testing.F) {
	for _, c := range []string{plainChat, chatML, "{%- if x -%}a{% endif %}", "{{ '\\x41' }}", "{#- x -#}", "\r\n{% for", "{{ {'a': {}} }}"} {
		f.Add(c)
	}
	bpe := NewBytes()
	f.Fuzz(func(t *testing.T, template string) {
		if strings.Contains(template, "range") || strings.Contains(template, "*") || strings.Contains(template, "macro") {
			return // may well take for ever
		}
		with, err := bpe.WithChat(template)
		if err != nil {
			return
		}
		got, err := with.Chat([]Message{{"user", "Q"}}, ChatConfig{})
		if want := strings.TrimSuffix(template, "\n"); nextTag(template) < 0 && !strings.Contains(template, "\r") && got != want {
			t.Errorf("%q: got %q, %v", template, got, err)
		}
	})
}
