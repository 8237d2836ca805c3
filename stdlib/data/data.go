// Package data reads, writes, samples and splits instruction data. It is pure Go.
//
//	Example       one dialogue: questions and answers in turn, the task it belongs to
//	ReadJSONL     examples in the paper's format, a JSON object per line; WriteJSONL is its inverse
//	ReadFlan      Flan-mini and ShareGPT records, as one JSON list or a record per line
//	ReadTask      a Natural Instructions task file, as published (NIV2) or as BIG-bench ships it;
//	              ReadTasks a directory of them, NaturalInstructions the fetched set
//	ReadChatterBot conversations of the ChatterBot corpus, ChatterBot the fetched ones
//	Task.Examples prompts and answers, in the paper's prompt format (PromptConfig)
//	SamplePerTask, Split, ReadSplit, Pick, FirstTurns, Texts, TaskNames
//	              what the experiments of the paper do to a set of examples
//	ReadRecords   examples of any of these forms, and of chats and single exchanges, with the JSON of each
//	WriteArranged records in the order of an arrangement, as JSONL or Parquet, with their places
//	WriteJSON     results of any kind, in a file of their own
//
// Readers refuse what they cannot represent, naming the file, the line and the field; they never
// repair in silence. Functions that take examples leave them as they are, and share their strings
// with what they return.
//
// Not here: reading Parquet, P3, fetching (package assets), turning text into ids (package tokenize).
package data

// Example is one dialogue: question, answer, question, answer, … An odd number of turns is allowed:
// the last question then has no answer, and takes no part in training.
type Example struct {
	ID   string   `json:"id,omitempty"`
	Data []string `json:"data"`
	Task string   `json:"task,omitempty"` // "" where the source has no tasks
}

// Columns names and returns what a table of examples has in its columns.
func (e Example) Columns() (names []string, values []any) {
	text := ""
	if len(e.Data) > 0 {
		text = e.Data[0]
	}
	return []string{"ID", "Task", "Turns", "Text"}, []any{e.ID, e.Task, len(e.Data), text}
}

// FirstTurns returns the examples cut to their first question and answer, which is what the paper
// arranges (data[:2]).
func FirstTurns(examples []Example) []Example {
	short := make([]Example, len(examples))
	for i, e := range examples {
		n := min(2, len(e.Data))
		e.Data = e.Data[:n:n]
		short[i] = e
	}
	return short
}

// Texts returns what the paper embeds of each example: the first question and its answer, a space
// between them. An example with one turn gives that turn, one with none the empty string.
func Texts(examples []Example) []string {
	texts := make([]string, len(examples))
	for i, e := range examples {
		switch len(e.Data) {
		case 0:
		case 1:
			texts[i] = e.Data[0]
		default:
			texts[i] = e.Data[0] + " " + e.Data[1]
		}
	}
	return texts
}

// TaskNames returns each task among the examples once, in the order in which they first appear.
func TaskNames(examples []Example) []string {
	var names []string
	seen := make(map[string]bool)
	for _, e := range examples {
		if !seen[e.Task] {
			seen[e.Task] = true
			names = append(names, e.Task)
		}
	}
	return names
}
