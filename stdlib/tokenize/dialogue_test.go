package tokenize

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// With NewBytes a text is as many ids as bytes, so lengths can be
// counted: the <bos> and "User: " are 7, "\nAssistant: " 12, "\nUser: " 7.
func TestDialogueByHand(t *testing.T) {
	bpe := NewBytes()
	for _, c := range []struct {
		name       string
		turns      []string
		cfg        DialogueConfig
		text, loss string // all of it, and the part with labels
	}{
		{"one pair", []string{"Q", "A"}, DialogueConfig{}, "<bos>User: Q\nAssistant: A<eos>", "A<eos>"},
		{"odd last turn", []string{"Q", "A", "Z"}, DialogueConfig{}, "<bos>User: Q\nAssistant: A<eos>", "A<eos>"},
		{"two pairs", []string{"Q", "A", "Z", "B"}, DialogueConfig{},
			"<bos>User: Q\nAssistant: A<eos>\nUser: Z\nAssistant: B<eos>", "A<eos>B<eos>"},
		{"empty turns", []string{"", ""}, DialogueConfig{}, "<bos>User: \nAssistant: <eos>", "<eos>"},
		{"special token in a turn", []string{"a<eos>", "b<bos>"}, DialogueConfig{},
			"<bos>User: a<eos>\nAssistant: b<bos><eos>", "b<bos><eos>"},
		{"just fits", []string{"QQ", "AA"}, DialogueConfig{MaxLen: 24}, "<bos>User: QQ\nAssistant: AA<eos>", "AA<eos>"},
		{"question gives way", []string{"QRS", "AB"}, DialogueConfig{MaxLen: 24}, "<bos>User: QR\nAssistant: AB<eos>", "AB<eos>"},
		{"answer cut to its share", []string{"QRS", "ABCDEF"}, DialogueConfig{MaxLen: 24, MaxTarget: 2},
			"<bos>User: QRS\nAssistant: AB", "AB"},
		{"both give way", []string{"QRSTUVW", "ABCDEF"}, DialogueConfig{MaxLen: 24, MaxTarget: 3},
			"<bos>User: QR\nAssistant: ABC", "ABC"},
		{"all but bos gives way", []string{"QRS", "ABCDEF"}, DialogueConfig{MaxLen: 19, MaxTarget: 6},
			"<bos>\nAssistant: ABCDEF", "ABCDEF"},
		{"later turns are cut", []string{"Q", "A", "Z", "B"}, DialogueConfig{MaxLen: 28}, "<bos>User: Q\nAssistant: A<eos>\nUser:", "A<eos>"},
		{"cut between turns", []string{"Q", "A", "Z", "B"}, DialogueConfig{MaxLen: 22}, "<bos>User: Q\nAssistant: A<eos>", "A<eos>"},
	} {
		seq, err := Dialogue(bpe, c.turns, c.cfg)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		counted := slices.DeleteFunc(slices.Clone(seq.Labels), func(id int32) bool { return id == Ignore })
		if diff := cmp.Diff([]string{c.text, c.loss}, []string{bpe.Decode(seq.IDs), bpe.Decode(counted)}); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		for i, label := range seq.Labels {
			if label != Ignore && label != seq.IDs[i] {
				t.Errorf("%s: label %d is %d, id %d", c.name, i, label, seq.IDs[i])
			}
		}
	}
}

func TestDialogueDefaults(t *testing.T) {
	bpe := NewBytes()
	long := strings.Repeat("x", 2000)
	seq, err := Dialogue(bpe, []string{long, long}, DialogueConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if ignored := slices.Index(seq.Labels, 'x'); len(seq.IDs) != 1024 || len(seq.Labels) != 1024 || ignored != 1024-128 {
		t.Errorf("%d ids, %d labels, the first at %d", len(seq.IDs), len(seq.Labels), ignored)
	}
}

func TestDialogueErrors(t *testing.T) {
	none := bytesAnd(t, nil)
	for _, c := range []struct {
		bpe   *BPE
		turns []string
		cfg   DialogueConfig
		want  string
	}{
		{NewBytes(), nil, DialogueConfig{}, "want a question and an answer, got 0 turns"},
		{NewBytes(), []string{"Q"}, DialogueConfig{}, "want a question and an answer, got 1 turns"},
		{NewBytes(), []string{"Q", "AB"}, DialogueConfig{MaxLen: 15}, "MaxLen is 1 short of room for the answer"},
		{NewBytes(), []string{"Q", "A"}, DialogueConfig{MaxTarget: -1}, "MaxLen 1024 or MaxTarget -1 is negative"},
		{none, []string{"Q", "A"}, DialogueConfig{}, "the tokenizer has no BOS or no EOS token"},
	} {
		if _, err := Dialogue(c.bpe, c.turns, c.cfg); err == nil || err.Error() != "tokenize: dialogue: "+c.want {
			t.Errorf("got %v, want …%s", err, c.want)
		}
	}
}
