package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"

	"kairos/internal/atomicfile"
)

// WriteResults writes results as the reference writes test_results.json (eval_by_loss.py), to the
// letter:
//
//	{"cnt": 2, "data": [{"prompt": …, "pred": …, "label": …, "loss": …, "task": …}, …]}
//
// indented by 4 and in ASCII. A loss that is not finite is NaN or Infinity, as Python's json writes
// it; JSON has no word for it. The file appears whole or not at all; one that was there is replaced.
func WriteResults(path string, results []Result) error {
	rows := make([][]field, len(results))
	for i, r := range results {
		rows[i] = []field{{"prompt", r.Prompt}, {"pred", r.Prediction}, {"label", r.Label}, {"loss", r.Loss}, {"task", r.Task}}
	}
	return write(path, field{"cnt", len(rows)}, rows)
}

func write(path string, head field, rows [][]field) error {
	if err := atomicfile.WriteFile(path, object(nil, []field{head, {"data", rows}}, "")); err != nil {
		return fmt.Errorf("eval: write results: %w", err)
	}
	return nil
}

// row is what files of results have of an example: not all of them have all of it.
type row struct {
	Prompt string  `json:"prompt"`
	Pred   string  `json:"pred"`
	Label  string  `json:"label"`
	Task   string  `json:"task"`
	Loss   *number `json:"loss"`
	Reward *number `json:"reward"`
}

// ReadResults reads a file of results, by WriteResults, WriteAnswers, WriteScored or the reference. In files of
// generated answers there is no loss: it is NaN. A "cnt" that is not the number of results, and a file that is
// no such file, are errors that say where.
func ReadResults(path string) ([]Result, error) {
	rows, err := readRows(path)
	if err != nil {
		return nil, fmt.Errorf("eval: read results: %s: %w", path, err)
	}
	results := make([]Result, len(rows))
	for i, r := range rows {
		results[i] = Result{Task: r.Task, Loss: math.NaN(), Prompt: r.Prompt, Prediction: r.Pred, Label: r.Label}
		if r.Loss != nil {
			results[i].Loss = float64(*r.Loss)
		}
	}
	return results, nil
}

func readRows(path string) ([]row, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.Unwrap(err) // the path is named already
	}
	var file struct {
		Count *int              `json:"cnt"`
		Data  []json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(strict(text), &file); err != nil {
		return nil, fmt.Errorf("not a file of results: %w", err)
	}
	if file.Data == nil {
		return nil, errors.New(`not a file of results: it has no "data"`)
	}
	if file.Count != nil && *file.Count != len(file.Data) {
		return nil, fmt.Errorf(`"cnt" is %d, but there are %d results`, *file.Count, len(file.Data))
	}
	rows := make([]row, len(file.Data))
	for i, text := range file.Data {
		if err := json.Unmarshal(text, &rows[i]); err != nil {
			return nil, fmt.Errorf("result %d: %w", i, err)
		}
	}
	return rows, nil
}
