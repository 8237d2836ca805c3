package data

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func opposites(t *testing.T) Task {
	t.Helper()
	task, err := ReadTask("testdata/niv2/task9001_opposites.json")
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// The parts of the prompts expected below, written down from the published format.
const (
	definition = "Definition: Name the opposite of the given word. Answer with one word.\n\n"
	positive1  = " Positive Example 1 -\nInput: hot.\n Output: cold.\n\n"
	positive2  = " Positive Example 2 -\nInput: Is it \"big\"?\n Output: small!\n\n"
	positive3  = " Positive Example 3 -\nInput: forêt brûlé.\n Output: vert.\n\n"
	negative1  = " Negative Example 1 -\nInput: wet.\n Output: damp.\n\n"
	negative2  = " Negative Example 2 -\nInput: up.\n Output: left.\n\n"
	now        = "Now complete the following example -\nInput: early.\nOutput: "
)

func TestPrompts(t *testing.T) {
	task := opposites(t)
	shorterThan := func(n int) func(string) bool { return func(prompt string) bool { return len(prompt) < n } }
	for name, c := range map[string]struct {
		cfg  PromptConfig
		want string
	}{
		"the paper's":     {PromptConfig{}, definition + positive1 + positive2 + now},
		"all there is":    {PromptConfig{Positive: 9, Negative: 9}, definition + positive1 + positive2 + positive3 + negative1 + negative2 + now},
		"one of each":     {PromptConfig{Positive: 1, Negative: 1}, definition + positive1 + negative1 + now},
		"definition only": {PromptConfig{Positive: -1, Negative: -1}, definition + now},
		"examples only":   {PromptConfig{NoDefinition: true}, positive1 + positive2 + now},
		"neither":         {PromptConfig{Positive: -1, NoDefinition: true}, now},
		"task name":       {PromptConfig{Positive: -1, TaskName: true}, "task9001_opposites. " + definition + now},
		"explanations": {
			PromptConfig{Positive: 3, Negative: 2, Explanations: true, NoDefinition: true},
			" Positive Example 1 -\nInput: hot.\n Output: cold.\n Explanation: Both speak of temperature.\n\n" +
				positive2 +
				" Positive Example 3 -\nInput: forêt brûlé.\n Output: vert.\n Explanation: French works too ».\n\n" +
				" Negative Example 1 -\nInput: wet.\n Output: damp.\n Explanation: That means nearly the same (not the opposite)\n\n" +
				" Negative Example 2 -\nInput: up.\n Output: left.\n Explanation: -\n\n" + now,
		},
		"the second is too long": {PromptConfig{Positive: 3, Fits: shorterThan(len(definition + positive1 + positive2 + now))}, definition + positive1 + now},
		// The second positive example does not fit, so the third is not tried; a shorter negative
		// one still is.
		"each kind by itself": {
			PromptConfig{NoDefinition: true, Positive: 3, Negative: 1, Fits: shorterThan(len(positive1 + positive2 + now))},
			positive1 + negative1 + now,
		},
		"nothing fits": {PromptConfig{Negative: 2, Fits: shorterThan(0)}, definition + now},
	} {
		examples := task.Examples(c.cfg)
		if d := cmp.Diff(c.want, examples[0].Data[0]); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestPromptOfOddInputs(t *testing.T) {
	examples := opposites(t).Examples(PromptConfig{Positive: -1, NoDefinition: true})
	for i, want := range []string{"early.", ".", "été."} {
		if got := examples[i].Data[0]; got != "Now complete the following example -\nInput: "+want+"\nOutput: " {
			t.Errorf("instance %d: %q", i, got)
		}
	}
}

func TestAnswers(t *testing.T) {
	task := opposites(t)
	want := []Example{
		{"task9001-1", []string{definition + now, "late"}, "task9001_opposites"},
		{"task9001-2", []string{strings.Replace(definition+now, "early", "", 1), "nothing"}, "task9001_opposites"},
		{"task9001-3", []string{strings.Replace(definition+now, "early", "été", 1), "hiver"}, "task9001_opposites"},
	}
	if d := cmp.Diff(want, task.Examples(PromptConfig{Positive: -1})); d != "" {
		t.Error(d)
	}
	// With a seed, each of the three outputs of the last instance comes up about once in three.
	count := make(map[string]int)
	for seed := uint64(1); seed <= 600; seed++ {
		drawn := task.Examples(PromptConfig{Seed: seed})
		if d := cmp.Diff(drawn, task.Examples(PromptConfig{Seed: seed})); d != "" {
			t.Fatalf("seed %d draws differently the second time: %s", seed, d)
		}
		count[drawn[2].Data[1]]++
	}
	for _, answer := range task.Instances[2].Outputs {
		if count[answer] < 150 || count[answer] > 250 {
			t.Errorf("%s was drawn %d times of 600", answer, count[answer])
		}
	}
}
