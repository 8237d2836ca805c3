package data

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// kind names the value that opens with a byte, "" if none does.
func kind(first byte) string {
	switch {
	case first == '{':
		return "an object"
	case first == '[':
		return "a list"
	case first == '"':
		return "a string"
	case first == 'n':
		return "null"
	case first == 't' || first == 'f':
		return "a truth value"
	case first == '-' || '0' <= first && first <= '9':
		return "a number"
	}
	return ""
}

// fail records an error, unless there was one before.
func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

var errCutShort = errors.New("the JSON breaks off in the middle: is the file cut short?")

// unexpected refuses the next byte.
func (d *decoder) unexpected(want string) {
	if d.at >= len(d.text) {
		d.fail(errCutShort)
		return
	}
	r, _ := utf8.DecodeRune(d.text[d.at:])
	d.fail(fmt.Errorf("not JSON: %s is %q: want %s", position(d.text, d.at), r, want))
}

// checkUTF8 refuses what would otherwise pass into the strings.
func (d *decoder) checkUTF8() {
	if utf8.Valid(d.text) {
		return
	}
	for at := 0; ; {
		r, n := utf8.DecodeRune(d.text[at:])
		if r == utf8.RuneError && n == 1 {
			d.fail(fmt.Errorf("%s is %#x: not UTF-8", position(d.text, at), d.text[at]))
			return
		}
		at += n
	}
}

// position names a place in text as people count: lines and bytes from 1.
func position(text []byte, at int) string {
	before := text[:at]
	line := bytes.Count(before, []byte("\n")) + 1
	column := at - bytes.LastIndexByte(before, '\n')
	if line == 1 {
		return fmt.Sprintf("byte %d", column)
	}
	return fmt.Sprintf("line %d, byte %d", line, column)
}

// fieldError is a value that is not what its field wants. The field is a path such as
// conversations[1].from.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return fmt.Sprintf("field %q: %v", e.field, e.err) }
func (e *fieldError) Unwrap() error { return e.err }

// within says that err was found inside the given field. It leaves nil alone.
func within(field string, err error) error {
	inner, nested := err.(*fieldError)
	switch {
	case err == nil:
		return nil
	case !nested:
		return &fieldError{field, err}
	case strings.HasPrefix(inner.field, "["):
		return &fieldError{field + inner.field, inner.err}
	default:
		return &fieldError{field + "." + inner.field, inner.err}
	}
}
