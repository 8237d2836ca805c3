package data

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
)

// PromptConfig says what a Natural Instructions prompt holds. Its zero value is the paper's: the
// definition and two positive examples without explanations, and the first output as the answer.
type PromptConfig struct {
	Positive     int  // positive examples to show at most; 0 means 2, negative none
	Negative     int  // negative examples to show at most
	TaskName     bool // put the task's name first
	NoDefinition bool // leave the definition out
	Explanations bool // show the explanations of worked examples that have one

	// Fits, if set, is asked about a prompt before each worked example is added to it, with that
	// example in place. At the first no, that example and those after it are left out, as the
	// reference does for prompts of more than 1024 tokens. A prompt without worked examples is not
	// asked about: whoever encodes it truncates it.
	Fits func(prompt string) bool

	// Seed, if not 0, draws the answer from an instance's outputs, as the reference does; it and
	// the task's name decide the draw. With 0 the answer is the first output.
	Seed uint64
}

// Examples turns every instance into an example: the prompt, the answer, the task's name. The
// prompts are those of process_ni_example in the reference's dataset_wrapper.py, to the letter (and
// so end in a space, and number their examples with a space before), with two differences in what
// the paper never uses: an explanation that is blank is left out, and Fits is asked about the
// prompt itself, where the reference counts without the task's name and with a space between
// examples of a kind.
func (t Task) Examples(cfg PromptConfig) []Example {
	examples := make([]Example, len(t.Instances))
	draw := newRand(cfg.Seed, t.Name)
	for i, instance := range t.Instances {
		answer := 0
		if cfg.Seed != 0 {
			answer = draw.IntN(len(instance.Outputs))
		}
		examples[i] = Example{
			ID:   instance.ID,
			Data: []string{t.prompt(instance.Input, cfg), strip(instance.Outputs[answer])},
			Task: t.Name,
		}
	}
	return examples
}

// newRand returns a generator for one task: its draws do not depend on which other tasks there are.
func newRand(seed uint64, task string) *rand.Rand {
	hash := fnv.New64a()
	hash.Write([]byte(task))
	return rand.New(rand.NewPCG(seed, hash.Sum64()))
}

func (t Task) prompt(input string, cfg PromptConfig) string {
	head := t.head(cfg)
	tail := "Now complete the following example -\n" + sentence("Input: ", input) + "Output: "
	positive := cfg.Positive
	if positive == 0 {
		positive = 2
	}
	head = show(head, tail, " Positive Example ", t.Positive, positive, cfg)
	head = show(head, tail, " Negative Example ", t.Negative, cfg.Negative, cfg)
	return head + tail
}

// head is what stands before the worked examples.
func (t Task) head(cfg PromptConfig) string {
	head := ""
	if cfg.TaskName {
		head = t.Name + ". "
	}
	if !cfg.NoDefinition {
		head += sentence("Definition: ", t.Definition) + "\n"
	}
	return head
}

// show adds up to n worked examples to head, as long as the prompt that tail completes fits.
func show(head, tail, title string, from []Demonstration, n int, cfg PromptConfig) string {
	for i, d := range from[:max(0, min(n, len(from)))] {
		next := head + title + strconv.Itoa(i+1) + " -\n" + sentence("Input: ", d.Input) + sentence(" Output: ", d.Output)
		if explanation := strip(d.Explanation); cfg.Explanations && explanation != "" {
			next += sentence(" Explanation: ", explanation)
		}
		next += "\n"
		if cfg.Fits != nil && !cfg.Fits(next+tail) {
			break
		}
		head = next
	}
	return head
}

// sentence is a labelled line of a prompt, which ends in a full stop unless it ends in ASCII
// punctuation already.
func sentence(label, text string) string {
	line := label + strip(text)
	const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" // Python's string.punctuation
	if strings.IndexByte(punctuation, line[len(line)-1]) < 0 {
		line += "."
	}
	return line + "\n"
}
