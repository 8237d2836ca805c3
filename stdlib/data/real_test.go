package data

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

// TestNaturalInstructions reads the 61 real tasks that `kairos fetch natural-instructions` brings.
func TestNaturalInstructions(t *testing.T) {
	tasks, err := NaturalInstructions()
	if err != nil {
		t.Fatal(err)
	}
	if len(tasks) != 61 {
		t.Fatalf("%d tasks, want 61", len(tasks))
	}
	instances := 0
	digest := sha256.New()
	for i, task := range tasks {
		if prefix := fmt.Sprintf("subtask%03d_", i+1); !strings.HasPrefix(task.Name, prefix) {
			t.Errorf("task %d is called %s, want it to begin with %s", i, task.Name, prefix)
		}
		if len(task.Categories) == 0 || strings.HasPrefix(task.Definition, "Definition") || len(task.Positive)+len(task.Negative) > 0 {
			t.Errorf("%s: categories %q, definition %q, %d and %d worked examples", task.Name, task.Categories, task.Definition, len(task.Positive), len(task.Negative))
		}
		for k, e := range task.Examples(PromptConfig{}) {
			if e.Task != task.Name || e.ID != fmt.Sprintf("%s-%d", task.Name, k) || len(e.Data) != 2 {
				t.Fatalf("%s: instance %d became %v", task.Name, k, e)
			}
			instances++
			fmt.Fprintf(digest, "%s\x00%s\x00", e.Data[0], e.Data[1])
		}
	}
	if instances != 193_250 {
		t.Errorf("%d instances, want 193,250", instances)
	}
	// Of the prompts and answers that the reference's process_ni_example makes of the same files,
	// taking the first output where it takes a random one and truncating nothing.
	const reference = "293006bdf5cb11fca82b0f1dcb354c177215ed57a05fd6cf6b1d0158a0f0b4fa"
	if got := fmt.Sprintf("%x", digest.Sum(nil)); got != reference {
		t.Errorf("sha256 of all prompts and answers is %s, the reference's %s", got, reference)
	}
}

func TestNaturalInstructionsFirstPrompts(t *testing.T) {
	tasks, err := NaturalInstructions()
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[int][2]string{
		3: {
			"Definition: In this task, we ask you to write a question that involves “event duration\", based on a given sentence " +
				"Here, event duration is defined as the understanding of how long events typically last. For example, “brushing teeth”, " +
				"usually takes few minutes. Things to Avoid: Don't create questions which have explicit mentions of answers in text. " +
				"Instead, it has to be implied from what is given. In other words, we want you to use \"instinct\" or \"common sense\". " +
				"Emphasis/Caution: The written questions are not required to have a single correct answer.\n\n" +
				"Now complete the following example -\n" +
				"Input: Sentence: Islam later emerged as the majority religion during the centuries of Ottoman rule, though a " +
				"significant Christian minority remained.\n" +
				"Output: ",
			"How long has a significant Christian minority remained?",
		},
		36: { // the definition's trailing space goes, the dot stays the only one
			"Definition: In this task, you need to write a topic word from the given fact The topic word must have at least one " +
				"word overlap with the given fact. The topic word often involves adding a new word from a related concept. Things to " +
				"Avoid: - Emphasis/Caution: 1. In your topic word, use at least one word from the given Fact. 2. Topic words with two " +
				"or more words work best.\n\n" +
				"Now complete the following example -\n" +
				"Input: Fact: nerves can be used to feel heat and pressure on the skin.\n" +
				"Output: ",
			"epidermis.",
		},
		50: {
			"Definition: You are given a sentence and a question in the input If information provided in the sentence is enough to " +
				"answer the question, label \"Yes\", otherwise label \"No\". Things to Avoid: Do not use any facts other than those " +
				"provided in the sentence while labelling \"Yes\" or \"No\" . Emphasis/Caution: There are only 2 types of valid " +
				"responses: Yes and No.\n\n" +
				"Now complete the following example -\n" +
				"Input: Sentence: Ewwww!!!. \nQuestion: What type of fruits are in the basket?\n" +
				"Output: ",
			"No.",
		},
	} {
		got := tasks[number-1].Examples(PromptConfig{})[0].Data
		if got[0] != want[0] || got[1] != want[1] {
			t.Errorf("task %d:\ngot  %q\nwant %q", number, got, want)
		}
	}
}
