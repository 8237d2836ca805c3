package data

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Record is an example with the JSON object that it was read from, so that what is written of it
// has all its fields.
type Record struct {
	Example
	Raw []byte // the object, on one line, without spaces between its parts
}

// Columns names and returns what a table of records has in its columns: those of examples.
func (r Record) Columns() (names []string, values []any) { return r.Example.Columns() }

// Examples returns the examples of records.
func Examples(records []Record) []Example {
	examples := make([]Example, len(records))
	for i, r := range records {
		examples[i] = r.Example
	}
	return examples
}

// ReadRecords reads a file of any form that it knows by its fields: one record per line, or one
// JSON list of them, of the forms
//
//	{"data": ["question", "answer", …], "task": …}                     as ReadJSONL reads it
//	{"conversations": [{"from": "human", "value": …}, …], "source": …}  Flan-mini and ShareGPT, as ReadFlan
//	{"messages": [{"role": "user", "content": …}, …]}                   chats; a role of "system" joins the first question
//	{"instruction" or "prompt" or "question" or "inputs": …, "input": …, "output" or "response" or "completion" or "answer" or "targets": …}
//	{"text": …}                                                         one turn
//
// or a task of Natural Instructions, as ReadTask, or a directory of such tasks, as ReadTasks; their
// records are those that WriteJSONL would write. In the last three forms the task is "task" or
// "source", and texts are taken as they are. Errors are those of ReadJSONL and ReadFlan.
func ReadRecords(path string) ([]Record, error) {
	if stat, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	} else if stat.IsDir() {
		tasks, err := ReadTasks(path)
		if err != nil {
			return nil, err
		}
		return recordsOf(tasks)
	}
	if isTask(path) {
		task, err := ReadTask(path)
		if err != nil {
			return nil, err
		}
		return recordsOf([]Task{task})
	}
	var records []Record
	err := eachRecord(path, func(text []byte) error {
		r, err := parseRecord(text)
		records = append(records, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return records, nil
}

// recordsOf are the examples of tasks, in the paper's prompt format.
func recordsOf(tasks []Task) ([]Record, error) {
	var records []Record
	for _, task := range tasks {
		for _, e := range task.Examples(PromptConfig{}) {
			var line bytes.Buffer
			encoder := json.NewEncoder(&line)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(e); err != nil {
				return nil, fmt.Errorf("data: task %s: %w", task.Name, err)
			}
			records = append(records, Record{e, bytes.TrimSuffix(line.Bytes(), []byte("\n"))})
		}
	}
	return records, nil
}

// isTask tells whether a file begins with an object that has a field of tasks and none of records.
func isTask(path string) bool {
	task := false
	withFile(path, func(r *bufio.Reader) error { // an error is found again by whoever reads the file
		if opensList(r) {
			return nil
		}
		text, err := nextValue(r, nil)
		if err != nil {
			return err
		}
		fields, err := fieldsOf(text)
		task = err == nil && (hasField(fields, "Instances") || hasField(fields, "examples")) && !hasField(fields, "data")
		return err
	})
	return task
}

func hasField(fields []field, name string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
}

// eachRecord calls f with the text of each record of a file, and tells where an error was.
func eachRecord(path string, f func(text []byte) error) error {
	return withFile(path, func(r *bufio.Reader) error {
		if opensList(r) {
			if err := eachMember(r, f); err != nil {
				return fmt.Errorf("read %s: %w", path, err)
			}
			return nil
		}
		return eachLine(r, func(number int, line []byte) error {
			if err := f(line); err != nil {
				return fmt.Errorf("read %s:%d: %w", path, number, err)
			}
			return nil
		})
	})
}

// parseRecord tells by its fields which form a record has.
func parseRecord(text []byte) (Record, error) {
	fields, err := fieldsOf(text)
	if err != nil {
		return Record{}, err
	}
	var r Record
	switch {
	case hasField(fields, "data"):
		r.Example, err = parseExample(text)
	case hasField(fields, "conversations"):
		r.Example, err = parseFlan(text)
	default:
		r.Example, err = parseOther(text)
	}
	if err != nil {
		return Record{}, err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, text); err != nil {
		return Record{}, fmt.Errorf("not JSON: %w", err)
	}
	r.Raw = bytes.Clone(line.Bytes())
	return r, nil
}

// questions and answers are what fields of one exchange are called.
var (
	questions = []string{"instruction", "prompt", "question", "inputs"}
	answers   = []string{"output", "response", "completion", "answer", "targets"}
)

// parseOther reads chats, single exchanges and plain texts.
func parseOther(text []byte) (e Example, err error) {
	var question, input, answer, plain, source string
	var asked, answered, texted bool
	err = decode(text, func(d *decoder) {
		d.object(func(key string) {
			switch {
			case key == "id":
				e.ID = d.optional(d.identifier)
			case key == "task":
				e.Task = d.optional(d.string)
			case key == "source":
				source = d.stringIfAny()
			case key == "messages":
				e.Data = d.messages()
			case slices.Contains(questions, key):
				question, asked = d.string(), true
			case key == "input":
				input = d.optional(d.string)
			case slices.Contains(answers, key):
				answer, answered = first(d.stringOrStrings()), true
			case key == "text":
				plain, texted = d.string(), true
			default:
				d.skip()
			}
		})
	})
	if e.Task == "" {
		e.Task = source
	}
	switch {
	case err != nil || len(e.Data) > 0:
	case asked && answered:
		e.Data = []string{strings.TrimSuffix(question+"\n"+input, "\n"), answer}
	case texted:
		e.Data = []string{plain}
	default:
		err = errors.New(`it has none of the fields that tell what it says: "data", "conversations", "messages", "instruction" and "output" (or their like), "text"`)
	}
	return e, err
}

// stringIfAny reads a string, and passes over anything else.
func (d *decoder) stringIfAny() string {
	if d.peek() == '"' {
		return d.string()
	}
	d.skip()
	return ""
}

// messages reads the turns of a chat: user and assistant in turn.
func (d *decoder) messages() (turns []string) {
	system := ""
	d.list("messages", func() {
		var role, content string
		d.object(func(key string) {
			switch key {
			case "role":
				role = d.string()
			case "content":
				content = d.string()
			default:
				d.skip()
			}
		}, "role", "content")
		want := [2]string{"user", "assistant"}[len(turns)%2]
		switch {
		case d.err != nil:
		case role == "system" && len(turns) == 0:
			system += content + "\n"
		case role != want:
			d.fail(within("role", fmt.Errorf("want %q, got %q: user begins, then the two take turns", want, role)))
		default:
			turns = append(turns, content)
		}
	})
	d.atLeastOne(len(turns))
	if len(turns) > 0 {
		turns[0] = system + turns[0]
	}
	return turns
}
