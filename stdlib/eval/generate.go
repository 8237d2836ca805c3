package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/score"
	"kairos/stdlib/tokenize"
)

// GenerateConfig sets a generation. The zero value decodes greedily, up to 128 tokens an answer, as
// the paper does.
type GenerateConfig struct {
	Decoding   model.GenerateConfig     // how tokens are chosen, and how many; its Progress counts examples
	MaxLen     int                      // longest prompt in tokens; 0 = 1024, and no more than the model holds beside an answer
	Chat       bool                     // prompts are those of the model's chat template rather than the paper's
	References [][]string               // what each answer is compared with, the best counts; nil = the example's own answer
	Category   func(task string) string // the category of a task; nil = none
}

// Answer is a text that a model generated for an example, and how good it is.
type Answer struct {
	Task       string   `json:"task"`
	Category   string   `json:"category,omitempty"`
	Prompt     string   `json:"prompt"` // the example's first question
	Text       string   `json:"pred"`   // what was generated, without BOS and EOS
	References []string `json:"references"`
	Rouge1     float64  `json:"rouge1"`      // F1, 0 to 1, of the best reference
	RougeL     float64  `json:"rougeL"`      // F1, 0 to 1
	ExactMatch float64  `json:"exact_match"` // 0 or 1
}

// Columns names and returns what a table of answers has in its columns.
func (a Answer) Columns() (names []string, values []any) {
	return []string{"Task", "ROUGE-1", "ROUGE-L", "Match", "Text", "Reference"},
		[]any{a.Task, a.Rouge1, a.RougeL, a.ExactMatch, a.Text, a.label()}
}

// Generate has m answer the first question of each example, in the format it was trained on, and scores
// the texts by package score. A prompt longer than MaxLen loses the end of its question, as in
// tokenize.Dialogue. ctx is looked at before each token, see [model.Model.Generate].
//
// An example without a question, or without an answer where References is nil, another number of
// References than of examples, and one without any are errors that name the example.
func Generate(ctx context.Context, m *model.Model, examples []data.Example, cfg GenerateConfig) ([]Answer, error) {
	answers, err := generate(ctx, m, examples, cfg)
	if err != nil {
		return nil, fmt.Errorf("eval: generate: %w", err)
	}
	return answers, nil
}

func generate(ctx context.Context, m *model.Model, examples []data.Example, cfg GenerateConfig) ([]Answer, error) {
	if m.Tokenizer() == nil {
		return nil, errors.New("the model has no tokenizer to read examples with")
	}
	answers, err := cfg.unanswered(examples)
	if err != nil {
		return nil, err
	}
	prompts, err := cfg.prompts(m, examples)
	if err != nil {
		return nil, err
	}
	texts, err := m.Generate(ctx, prompts, cfg.Decoding)
	if err != nil {
		return nil, err
	}
	generations := make([]score.Generation, len(answers))
	for i := range answers {
		answers[i].Text = plain(m.Tokenizer(), texts[i])
		generations[i] = answers[i].generation()
	}
	scores, err := score.Generations(ctx, generations, score.Config{})
	if err != nil {
		return nil, err
	}
	for i, s := range scores {
		answers[i].Rouge1, answers[i].RougeL, answers[i].ExactMatch = s.Rouge1, s.RougeL, s.ExactMatch
	}
	return answers, nil
}

// unanswered are answers without texts and scores.
func (cfg GenerateConfig) unanswered(examples []data.Example) ([]Answer, error) {
	if cfg.References != nil && len(cfg.References) != len(examples) {
		return nil, fmt.Errorf("references of %d examples, but %d examples", len(cfg.References), len(examples))
	}
	answers := make([]Answer, len(examples))
	for i, e := range examples {
		if len(e.Data) == 0 {
			return nil, fmt.Errorf("example %d (task %q) has no question", i, e.Task)
		}
		a := Answer{Task: e.Task, Prompt: e.Data[0]}
		switch {
		case cfg.References != nil:
			a.References = slices.Clone(cfg.References[i])
		case len(e.Data) > 1:
			a.References = []string{e.Data[1]}
		}
		if len(a.References) == 0 {
			return nil, fmt.Errorf("example %d (task %q) has no reference", i, e.Task)
		}
		if cfg.Category != nil {
			a.Category = cfg.Category(e.Task)
		}
		answers[i] = a
	}
	return answers, nil
}

// prompts are the ids of each example up to where its answer begins.
func (cfg GenerateConfig) prompts(m *model.Model, examples []data.Example) ([][]int32, error) {
	room := m.Config.MaxLen - cmp.Or(cfg.Decoding.MaxNew, 128)
	longest := min(cmp.Or(cfg.MaxLen, 1024), room)
	if longest < 1 {
		return nil, fmt.Errorf("MaxLen is %d, and answers leave room for prompts of %d of the model's %d tokens", cfg.MaxLen, room, m.Config.MaxLen)
	}
	prompts := make([][]int32, len(examples))
	for i, e := range examples {
		// Of an empty answer there is what ends it.
		seq, err := tokenize.Dialogue(m.Tokenizer(), []string{e.Data[0], ""}, tokenize.DialogueConfig{MaxLen: longest + 1, Chat: cfg.Chat})
		if err != nil {
			return nil, fmt.Errorf("example %d (task %q): %w", i, e.Task, err)
		}
		prompts[i] = seq.IDs[:slices.IndexFunc(seq.Labels, func(label int32) bool { return label != tokenize.Ignore })]
	}
	return prompts, nil
}

func (a Answer) generation() score.Generation {
	return score.Generation{Task: a.Task, Category: a.Category, Text: a.Text, References: a.References}
}

// Scores are the scores of answers, for score.ByTask, score.ByCategory, score.Overall and score.OverTasks.
func Scores(answers []Answer) []score.Result {
	scores := make([]score.Result, len(answers))
	for i, a := range answers {
		scores[i] = score.Result{Task: a.Task, Category: a.Category, Rouge1: a.Rouge1, RougeL: a.RougeL, ExactMatch: a.ExactMatch}
	}
	return scores
}

// References are all outputs that the tasks of Natural Instructions accept for examples made by
// Task.Examples: found by task and id. An example of another task, and one whose id its task does not have
// or has twice, are errors.
func References(tasks []data.Task, examples []data.Example) ([][]string, error) {
	type key struct{ task, id string }
	outputs, times := map[key][]string{}, map[key]int{}
	for _, t := range tasks {
		for _, instance := range t.Instances {
			k := key{t.Name, instance.ID}
			outputs[k] = instance.Outputs
			times[k]++
		}
	}
	references := make([][]string, len(examples))
	for i, e := range examples {
		k := key{e.Task, e.ID}
		if times[k] != 1 {
			return nil, fmt.Errorf("eval: references: example %d: %d instances of task %q have the id %q", i, times[k], e.Task, e.ID)
		}
		references[i] = slices.Clone(outputs[k])
	}
	return references, nil
}

// WriteAnswers writes answers in the form of the reference's test_results.json of generated answers
// (gen_on_ni.py), whose "label" is the first reference, with more fields: task, references and scores.
// The file appears whole or not at all; one that was there is replaced.
func WriteAnswers(path string, answers []Answer) error {
	rows := make([][]field, len(answers))
	for i, a := range answers {
		rows[i] = a.fields()
	}
	return write(path, field{"cnt", len(rows)}, rows)
}

// label is the first reference.
func (a Answer) label() string {
	if len(a.References) == 0 {
		return ""
	}
	return a.References[0]
}

func (a Answer) fields() []field {
	return []field{
		{"prompt", a.Prompt}, {"pred", a.Text}, {"label", a.label()}, {"task", a.Task}, {"references", a.References},
		{"rouge1", a.Rouge1}, {"rougeL", a.RougeL}, {"exact_match", a.ExactMatch},
	}
}
