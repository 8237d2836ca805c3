package data

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"kairos/internal/atomicfile"
)

// ReadJSONL reads examples in the paper's format, one JSON object per line:
//
//	{"id": "…", "data": ["question", "answer", …], "task": "…"}
//
// "data" must hold at least one turn. "id" and "task" may be missing or null, an id may be a
// number, and fields of other names are passed over. Blank lines, Windows line ends, a byte order
// mark and lines of any length are fine. Anything else — other JSON, text that is not UTF-8, a last
// line cut short — ends the reading with an error that names the line and the field. An escaped
// half of a surrogate pair reads as U+FFFD, as encoding/json has it.
func ReadJSONL(path string) ([]Example, error) {
	var examples []Example
	err := withFile(path, func(r *bufio.Reader) error {
		return eachLine(r, func(number int, line []byte) error {
			e, err := parseExample(line)
			if err != nil {
				return fmt.Errorf("read %s:%d: %w", path, number, err)
			}
			examples = append(examples, e)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return examples, nil
}

func parseExample(line []byte) (e Example, err error) {
	err = decode(line, func(d *decoder) {
		d.object(func(key string) {
			switch key {
			case "id":
				e.ID = d.optional(d.identifier)
			case "data":
				e.Data = d.strings()
				d.atLeastOne(len(e.Data))
			case "task":
				e.Task = d.optional(d.string)
			default:
				d.skip()
			}
		}, "data")
	})
	return e, err
}

// WriteJSONL writes examples so that ReadJSONL gives them back. The file appears whole or not at
// all; one that was there is replaced. An example without turns, or with text that is not UTF-8, is
// an error that names its index.
func WriteJSONL(path string, examples []Example) error {
	err := atomicfile.Write(path, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		for i, e := range examples {
			if err := e.check(); err != nil {
				return fmt.Errorf("write %s: example %d: %w", path, i, err)
			}
			if err := encoder.Encode(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	return nil
}

// check reports what would not survive being written and read again.
func (e Example) check() error {
	if len(e.Data) == 0 {
		return errors.New("it has no turns")
	}
	for i, turn := range e.Data {
		if !utf8.ValidString(turn) {
			return fmt.Errorf("turn %d is not UTF-8", i)
		}
	}
	if !utf8.ValidString(e.ID) || !utf8.ValidString(e.Task) {
		return fmt.Errorf("its id %q or task %q is not UTF-8", e.ID, e.Task)
	}
	return nil
}

// WriteJSON writes any value, such as results, as indented JSON. The file appears whole or not at
// all.
func WriteJSON(path string, v any) error {
	err := atomicfile.Write(path, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(v)
	})
	if err != nil {
		return fmt.Errorf("data: write %s: %w", path, err)
	}
	return nil
}
