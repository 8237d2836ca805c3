package data

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// ReadFlan reads the records of Flan-mini, from one JSON list or one record per line:
//
//	{"id": "…", "source": "task name", "conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}, …]}
//
// The values become the turns, without the space around them, and the source the task, as in the
// reference's split_data_job.py. A record must begin with "human", and the two must take turns.
// "id" and "source" may be missing, so ShareGPT reads too. Errors are those of ReadJSONL; in a list
// the field says which record, counted from 0: "[17].conversations[1].from". A list is read as a
// stream: memory holds the examples and one record.
func ReadFlan(path string) ([]Example, error) {
	var examples []Example
	add := func(record []byte) error {
		e, err := parseFlan(record)
		examples = append(examples, e)
		return err
	}
	err := withFile(path, func(r *bufio.Reader) error {
		if opensList(r) {
			if err := eachMember(r, add); err != nil {
				return fmt.Errorf("read %s: %w", path, err)
			}
			return nil
		}
		return eachLine(r, func(number int, line []byte) error {
			if err := add(line); err != nil {
				return fmt.Errorf("read %s:%d: %w", path, number, err)
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return examples, nil
}

func parseFlan(record []byte) (e Example, err error) {
	err = decode(record, func(d *decoder) {
		d.object(func(key string) {
			switch key {
			case "id":
				e.ID = d.optional(d.identifier)
			case "source":
				e.Task = d.optional(d.string)
			case "conversations":
				d.list("turns", func() { e.Data = append(e.Data, d.turn(len(e.Data))) })
				d.atLeastOne(len(e.Data))
			default:
				d.skip()
			}
		}, "conversations")
	})
	return e, err
}

// turn reads turn i of a conversation, and returns what is said after checking who says it.
func (d *decoder) turn(i int) string {
	var value string
	d.object(func(key string) {
		switch key {
		case "from":
			from, want := d.string(), [2]string{"human", "gpt"}[i%2]
			if from != want {
				d.fail(fmt.Errorf("want %q, got %q: human begins, then the two take turns", want, from))
			}
		case "value":
			value = strip(d.string())
		default:
			d.skip()
		}
	}, "from", "value")
	return value
}

// strip takes white space off both ends, as Python's str.strip does: it counts four control
// characters more than Go.
func strip(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f
	})
}

// opensList tells whether the first byte that is not white space is a '['. It reads nothing.
func opensList(r *bufio.Reader) bool {
	for n := 1; ; n++ {
		head, err := r.Peek(n)
		if err != nil {
			return false
		}
		if c := head[n-1]; !isSpace(c) {
			return c == '['
		}
	}
}

// eachMember calls f with the text of each member of the JSON list that r holds. The slice is used
// again for the next.
func eachMember(r *bufio.Reader, f func(member []byte) error) error {
	if _, err := afterSpace(r); err != nil { // the '['
		return err
	}
	var member []byte
	for i := 0; ; i++ {
		c, err := afterSpace(r)
		switch {
		case err != nil:
		case c == ']':
			return onlySpace(r)
		case i == 0:
			err = r.UnreadByte()
		case c != ',':
			err = fmt.Errorf("not JSON: %q before it: want a comma or ']'", c)
		}
		if err == nil {
			member, err = nextValue(r, member[:0])
		}
		if err == nil {
			err = f(member)
		}
		if err != nil {
			return within(fmt.Sprintf("[%d]", i), err)
		}
	}
}

// nextValue appends to buf the next JSON value of r, as far as brackets and quotes tell, so one
// byte of a number. That is enough for f to see what it is.
func nextValue(r *bufio.Reader, buf []byte) ([]byte, error) {
	if _, err := afterSpace(r); err != nil {
		return buf, err
	}
	r.UnreadByte()
	var b brackets
	for !b.closed {
		if _, err := r.Peek(1); err == io.EOF {
			return buf, errCutShort
		} else if err != nil {
			return buf, err
		}
		buffered, _ := r.Peek(r.Buffered())
		n := b.scan(buffered)
		buf = append(buf, buffered[:n]...)
		r.Discard(n)
	}
	return buf, nil
}

// brackets follows the structure of a JSON value from its first byte until it is closed.
type brackets struct {
	depth           int
	quoted, escaped bool
	closed          bool
}

// scan goes on through text and returns how much of it belongs to the value.
func (b *brackets) scan(text []byte) int {
	for i, c := range text {
		switch {
		case b.escaped:
			b.escaped = false
		case b.quoted && c == '\\':
			b.escaped = true
		case c == '"':
			b.quoted = !b.quoted
		case b.quoted:
		case c == '{' || c == '[':
			b.depth++
		case c == '}' || c == ']':
			b.depth--
		}
		if b.depth <= 0 && !b.quoted {
			b.closed = true
			return i + 1
		}
	}
	return len(text)
}

// afterSpace reads the next byte that is not white space.
func afterSpace(r *bufio.Reader) (byte, error) {
	for {
		c, err := r.ReadByte()
		if err == io.EOF {
			err = errCutShort
		}
		if err != nil || !isSpace(c) {
			return c, err
		}
	}
}

// onlySpace refuses anything but white space until the end of r.
func onlySpace(r *bufio.Reader) error {
	if c, err := afterSpace(r); err != errCutShort {
		return cmp.Or(err, fmt.Errorf("%q after the end of the list: want one list, or one record per line", c))
	}
	return nil
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n'
}
