package tokenize

import (
	"errors"
	"slices"
	"strings"
)

// chatDialogue is the layout of the chat template.
func chatDialogue(t *BPE, turns []string, cfg DialogueConfig) (seq Sequence, err error) {
	messages := make([]Message, len(turns)/2*2)
	for i := range messages {
		messages[i] = Message{[]string{"user", "assistant"}[i%2], turns[i]}
	}
	text, answers, err := t.answers(messages)
	if err != nil {
		return seq, err
	}
	if len(answers) == 0 {
		return seq, errors.New("the chat template writes no answer of the assistant")
	}
	end := 0
	for i, span := range answers {
		given := t.encode(nil, text[end:span.start], t.placeAfter(seq.IDs))
		answer := t.encode(nil, text[span.start:span.end], t.placeAfter(slices.Concat(seq.IDs, given)))
		if room := cfg.MaxLen - min(len(answer), cfg.MaxTarget); i == 0 && len(given) > room {
			if given, err = t.shortenGiven(text[:span.start], turns[0], room); err != nil {
				return seq, err
			}
		}
		seq.add(given, false)
		seq.add(answer, true)
		if end = span.end; len(seq.IDs) >= cfg.MaxLen {
			return seq, nil
		}
	}
	seq.add(t.encode(nil, text[end:], t.placeAfter(seq.IDs)), false)
	return seq, nil
}

// placeAfter is where a text stands that goes on after ids.
func (t *BPE) placeAfter(ids []int32) place {
	if len(ids) == 0 {
		return atStart
	}
	last := ids[len(ids)-1]
	if slices.ContainsFunc(t.every, func(a added) bool { return t.ids[a.text] == last }) {
		return afterToken
	}
	return within
}

// shortenGiven encodes the text before the first answer within room, at the cost
// of the question that it holds; what stands before and after the question stays.
func (t *BPE) shortenGiven(given, question string, room int) ([]int32, error) {
	question = strings.TrimSpace(question)
	at := strings.LastIndex(given, question)
	if at < 0 {
		return nil, errors.New("MaxLen is too small, and the question cannot be cut, since the chat template does not write it as it is")
	}
	before := t.encode(nil, given[:at], atStart)
	head := t.encode(nil, given[:at+len(question)], atStart)
	tail := t.encode(nil, given[at+len(question):], t.placeAfter(head))
	head, err := shorten(head, len(before), room-len(tail))
	return append(head, tail...), err
}
