package score

import (
	"fmt"
	"slices"
)

// Rouge is how much of two texts agrees, each number from 0 to 1: of the prediction's words
// (precision), of the reference's (recall), and their harmonic mean.
type Rouge struct {
	Precision, Recall, F1 float64
}

// Rouge1 scores a prediction by the [Words] it has in common with a reference, in any order and each
// as often as both have it (Lin 2004, section 2, with n = 1). Of several references the one with the
// highest F1 counts, of equals the first, as rouge_score's score_multi has it. A text without words
// scores 0 against every text, even against itself; no references are an error.
func Rouge1(prediction string, references ...string) (Rouge, error) {
	return best("ROUGE-1", (*numbered).shared, prediction, references)
}

// RougeL scores a prediction by the longest sequence of [Words] that it has in common with a
// reference, in the same order but not necessarily side by side (Lin 2004, section 3.1, the whole
// text one sentence). References and empty texts are treated as by [Rouge1]. Time grows with the
// product of the lengths, memory with the lengths.
func RougeL(prediction string, references ...string) (Rouge, error) {
	return best("ROUGE-L", (*numbered).longest, prediction, references)
}

func best(name string, count func(*numbered, []int32) int, prediction string, references []string) (Rouge, error) {
	if len(references) == 0 {
		return Rouge{}, fmt.Errorf("score: compute %s: %w", name, errNoReferences)
	}
	p := newNumbered(prediction)
	var top Rouge
	for _, text := range references {
		reference := p.number(text)
		if r := p.rouge(count(p, reference), reference); r.F1 > top.F1 {
			top = r
		}
	}
	return top, nil
}

// numbered is a prediction whose words are numbers, equal for equal words.
type numbered struct {
	numbers map[string]int32
	words   []int32
	counts  []int32 // how often each number occurs
}

// elsewhere numbers the words of references that the prediction does not have.
const elsewhere = -1

func newNumbered(prediction string) *numbered {
	words := Words(prediction)
	p := &numbered{numbers: make(map[string]int32, len(words)), words: make([]int32, len(words))}
	for i, w := range words {
		n, seen := p.numbers[w]
		if !seen {
			n = int32(len(p.counts))
			p.numbers[w] = n
			p.counts = append(p.counts, 0)
		}
		p.words[i] = n
		p.counts[n]++
	}
	return p
}

// number returns the words of a reference by the prediction's numbers.
func (p *numbered) number(reference string) []int32 {
	words := Words(reference)
	numbers := make([]int32, len(words))
	for i, w := range words {
		n, shared := p.numbers[w]
		if !shared {
			n = elsewhere
		}
		numbers[i] = n
	}
	return numbers
}

func (p *numbered) rouge(common int, reference []int32) Rouge {
	if common == 0 {
		return Rouge{}
	}
	precision := float64(common) / float64(len(p.words))
	recall := float64(common) / float64(len(reference))
	return Rouge{precision, recall, 2 * precision * recall / (precision + recall)}
}

// shared counts the words in common.
func (p *numbered) shared(reference []int32) int {
	left, common := slices.Clone(p.counts), 0
	for _, n := range reference {
		if n != elsewhere && left[n] > 0 {
			left[n]--
			common++
		}
	}
	return common
}

// longest is the length of the longest common subsequence.
func (p *numbered) longest(reference []int32) int {
	here := make([]int32, 0, len(reference))
	for _, n := range reference {
		if n != elsewhere { // such a word matches nothing
			here = append(here, n)
		}
	}
	if len(here) < len(p.words) {
		return common(p.words, here)
	}
	return common(here, p.words)
}

// common is the length of the longest common subsequence by the usual table, of which it holds one
// row, as long as the shorter side.
func common(long, short []int32) int {
	row := make([]int32, len(short)+1) // row[j+1]: of long so far and short[:j+1]
	for _, n := range long {
		var diagonal, left int32
		cells := row[1:]
		for j, m := range short {
			above := cells[j]
			if m == n {
				left = diagonal + 1
			} else {
				left = max(left, above)
			}
			cells[j], diagonal = left, above
		}
	}
	return int(row[len(short)])
}
