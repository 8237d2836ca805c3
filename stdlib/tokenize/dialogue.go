package tokenize

import (
	"errors"
	"fmt"
)

// Ignore is the label of a token on which the loss does not count.
const Ignore = -100

// Sequence is a tokenized training or test example. Labels has the length of
// IDs: Labels[i] is IDs[i] where the model has to predict it, Ignore elsewhere.
type Sequence struct {
	IDs, Labels []int32
}

// DialogueConfig says how turns become a Sequence. Its zero value is the paper's.
type DialogueConfig struct {
	MaxLen    int  // ids of a sequence; 0 is 1024
	MaxTarget int  // ids of the first answer that stay when a long question has to give way; 0 is 128
	Chat      bool // turns are laid out by the tokenizer's chat template, not as the paper does
}

// Dialogue lays out turns (question, answer, question, answer, …) as the paper
// does (tokenize_example of its dataset_wrapper.py):
//
//	<bos>User: Q\nAssistant: A<eos>\nUser: Q\nAssistant: A<eos>…
//
// with labels on every A<eos>. The pieces are tokenized one by one, so no token
// spans the border between what is given and what is predicted. A last question
// without an answer is dropped.
//
// With Chat the turns, of a user and an assistant, are laid out by the chat
// template (see Chat), and the labels are on what the assistant writes: on what
// the template's generation blocks hold, or, where it has none, on what follows
// the words that ask for an answer, up to the token that ends it. Ids are those of
// the whole text, but that here too no token spans a border of what is predicted.
//
// A sequence longer than MaxLen loses its end. Where that would cut into the
// first MaxTarget ids of the first answer (with its <eos>), the first question
// loses ids from its own end instead, so that every example keeps labels. No
// complete pair of turns, a MaxLen too small for the answer alone and, with Chat,
// a tokenizer without a template are errors.
func Dialogue(t *BPE, turns []string, cfg DialogueConfig) (Sequence, error) {
	if cfg.MaxLen == 0 {
		cfg.MaxLen = 1024
	}
	if cfg.MaxTarget == 0 {
		cfg.MaxTarget = 128
	}
	seq, err := layOut(t, turns, cfg)
	if err != nil {
		return Sequence{}, fmt.Errorf("tokenize: dialogue: %w", err)
	}
	return seq, nil
}

func layOut(t *BPE, turns []string, cfg DialogueConfig) (seq Sequence, err error) {
	if len(turns) < 2 {
		return seq, fmt.Errorf("want a question and an answer, got %d turns", len(turns))
	}
	if cfg.MaxLen < 0 || cfg.MaxTarget < 0 {
		return seq, fmt.Errorf("MaxLen %d or MaxTarget %d is negative", cfg.MaxLen, cfg.MaxTarget)
	}
	if cfg.Chat {
		seq, err = chatDialogue(t, turns, cfg)
	} else {
		seq, err = dialogue(t, turns, cfg)
	}
	if err == nil && len(seq.IDs) > cfg.MaxLen {
		seq = Sequence{seq.IDs[:cfg.MaxLen], seq.Labels[:cfg.MaxLen]}
	}
	return seq, err
}

// dialogue is the paper's layout.
func dialogue(t *BPE, turns []string, cfg DialogueConfig) (seq Sequence, err error) {
	if t.bos.text == "" || t.eos.text == "" {
		return seq, errors.New("the tokenizer has no BOS or no EOS token")
	}
	start := t.bos.text
	for len(turns) >= 2 && len(seq.IDs) < cfg.MaxLen {
		question := t.Encode(start + "User: " + turns[0])
		marker := t.Encode("\nAssistant: ")
		answer := t.Encode(turns[1] + t.eos.text)
		if len(seq.IDs) == 0 {
			question, err = shorten(question, 1, cfg.MaxLen-len(marker)-min(len(answer), cfg.MaxTarget))
			if err != nil {
				return seq, err
			}
		}
		seq.add(question, false)
		seq.add(marker, false)
		seq.add(answer, true)
		start, turns = "\n", turns[2:]
	}
	return seq, nil
}

// shorten cuts a question to the room there is for it, which has to hold at
// least the ids before its own.
func shorten(question []int32, least, room int) ([]int32, error) {
	if room < least {
		return nil, fmt.Errorf("MaxLen is %d short of room for the answer", least-room)
	}
	return question[:min(len(question), room)], nil
}

// add appends ids, with labels where the loss counts on them.
func (s *Sequence) add(ids []int32, predicted bool) {
	s.IDs = append(s.IDs, ids...)
	for _, id := range ids {
		if !predicted {
			id = Ignore
		}
		s.Labels = append(s.Labels, id)
	}
}
