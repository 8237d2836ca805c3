package experiment

import (
	"fmt"
	"strings"

	"kairos/stdlib/data"
	"kairos/stdlib/train"
)

// Size is how much of everything an experiment takes.
type Size struct {
	Name string `json:"name"`

	Model string    `json:"model"` // what is trained, see run.Config
	Base  BaseModel `json:"base"`  // how a model from scratch is prepared for fine-tuning; no Examples = not at all

	Prompt  data.PromptConfig `json:"-"`       // of Natural Instructions
	Longest int               `json:"longest"` // characters of question and answer; longer examples are left out; 0 = none

	PerTask    int `json:"per_task"`   // examples of each training task, of which an order has all; 0 = all there are
	PerUnseen  int `json:"per_unseen"` // examples of each unseen task
	Candidates int `json:"candidates"` // examples of each training task, where an arrangement chooses among them; 0 = all there are
	Chosen     int `json:"chosen"`     // how many it chooses of all tasks together
	Singles    int `json:"singles"`    // unseen tasks that are looked at alone
	PerSingle  int `json:"per_single"` // examples of such a task

	Answer int `json:"answer"` // tokens of a generated answer, at most

	Seeds    int          `json:"seeds"`
	Rates    []float64    `json:"rates"` // learning rates to choose from
	Train    train.Config `json:"train"` // but for the learning rate
	Save     int          `json:"save"`  // steps between checkpoints, see run.Config
	External bool         `json:"external"`
}

// BaseModel says how a model from scratch learns the language of the questions before it is
// fine-tuned: without their answers, and without those of unseen tasks.
type BaseModel struct {
	Examples int     `json:"examples"`
	LR       float64 `json:"lr"`
	Warmup   int     `json:"warmup"`
}

// UnseenTasks are the tasks of Natural Instructions that no training example comes from: one or two of
// each family that has both questions to ask and questions to answer.
func UnseenTasks() []string {
	return []string{
		"subtask002_quoref_answer_generation",
		"subtask013_mctaco_answer_generation_absolute_timepoint",
		"subtask016_mctaco_answer_generation_frequency",
		"subtask020_mctaco_span_based_question",
		"subtask024_cosmosqa_answer_generation",
		"subtask033_winogrande_answer_generation",
		"subtask039_qasc_find_overlapping_words",
		"subtask041_qasc_answer_generation",
		"subtask044_essential_terms_identifying_essential_words",
		"subtask047_misc_answering_science_questions",
	}
}

// sizes are all there are.
func sizes() []Size {
	return []Size{
		{
			// A Llama of 115,136 weights that reads bytes, about a second a run. Prompts are short and
			// lack the tasks' definitions. What it finds is evidence for nothing, but it finds it in the same way.
			Name:  "tiny",
			Model: "tiny", Base: BaseModel{Examples: 1600, LR: 3e-3, Warmup: 20},
			Prompt: data.PromptConfig{NoDefinition: true}, Longest: 180,
			PerTask: 5, PerUnseen: 4, Candidates: 20, Chosen: 140, Singles: 2, PerSingle: 20, Answer: 24,
			Seeds: 3, Rates: []float64{5e-4, 1e-3, 2e-3},
			Train: train.Config{Batch: 8, Every: 2, MaxLen: 1024},
		},
		{
			// A pretrained model of 135 million weights, minutes a run.
			Name:  "laptop",
			Model: "SmolLM2-135M-Instruct", Longest: 2000,
			PerTask: 8, PerUnseen: 6, Candidates: 100, Chosen: 400, Singles: 2, PerSingle: 24, Answer: 48,
			Seeds: 3, Rates: []float64{1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4},
			Train: train.Config{Batch: 8, Every: 5, MaxLen: 1024}, Save: 25,
		},
		{
			// The settings of the paper, for those who have its hardware.
			Name:    "paper",
			Model:   "meta-llama/Llama-2-7b-hf",
			PerTask: 20, PerUnseen: 5, Chosen: 30_000, Singles: 10, PerSingle: 100, Answer: 128,
			Seeds: 3, Rates: []float64{1e-6},
			Train: train.Config{Batch: 16, Every: 10, MaxLen: 1024}, External: true,
		},
	}
}

// Sizes are the names of the sizes.
func Sizes() []string {
	var names []string
	for _, s := range sizes() {
		names = append(names, s.Name)
	}
	return names
}

// SizeOf returns a size by its name.
func SizeOf(name string) (Size, error) {
	for _, s := range sizes() {
		if s.Name == name {
			return s, nil
		}
	}
	return Size{}, fmt.Errorf("there is no size %q: want %s", name, strings.Join(Sizes(), ", "))
}
