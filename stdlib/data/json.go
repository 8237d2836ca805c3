package data

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder reads a JSON text once from front to back, so that reading a corpus costs little more
// than looking at its bytes, and an error knows its field and its place; encoding/json is several
// times slower when the fields are kept apart for that. Whoever decodes says what it expects next.
// The first error stays in err; what is read after it does not count.
type decoder struct {
	text  []byte
	at    int // of the next byte
	depth int
	err   error
}

const maxDepth = 1000 // of lists and objects in each other, so that no file can exhaust the stack

// decode runs f over a text, which must hold one JSON value that f reads.
func decode(text []byte, f func(d *decoder)) error {
	d := &decoder{text: text}
	d.checkUTF8()
	f(d)
	if d.peek(); d.err == nil && d.at < len(text) {
		d.unexpected("nothing more")
	}
	return d.err
}

// object reads an object, calling member with each key to read its value. The keys that are
// required must occur.
func (d *decoder) object(member func(key string), required ...string) {
	var found uint
	d.group('{', '}', "an object", func(int) {
		key := d.string()
		if d.peek() != ':' {
			d.unexpected("a colon")
		}
		if d.err != nil {
			return
		}
		d.at++
		for k, name := range required {
			if key == name {
				found |= 1 << k
			}
		}
		member(key)
		d.err = within(key, d.err)
	})
	for k, name := range required {
		if found&(1<<k) == 0 {
			d.fail(within(name, errors.New("it is missing")))
		}
	}
}

// list reads a list, calling member at the start of each of its members to read it.
func (d *decoder) list(of string, member func()) {
	d.group('[', ']', "a list of "+of, func(i int) {
		if member(); d.err != nil {
			d.err = within(fmt.Sprintf("[%d]", i), d.err)
		}
	})
}

// group reads members between brackets, with commas between them.
func (d *decoder) group(opening, closing byte, want string, member func(i int)) {
	if !d.starts(opening, want) {
		return
	}
	d.at++
	if d.depth++; d.depth > maxDepth {
		d.fail(fmt.Errorf("more than %d lists and objects in each other", maxDepth))
	}
	for i := 0; d.err == nil; i++ {
		next := d.peek()
		if next == closing {
			d.at++
			break
		}
		if i > 0 {
			if next != ',' {
				d.unexpected(fmt.Sprintf("a comma or %q", closing))
				break
			}
			d.at++
		}
		member(i)
	}
	d.depth--
}

// string reads a string.
func (d *decoder) string() string {
	if !d.starts('"', "a string") {
		return ""
	}
	d.at++
	begin, escapes := d.at, false
	for ; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; {
		case c == '"':
			quoted := d.text[begin:d.at]
			d.at++
			if escapes {
				return d.unescape(quoted)
			}
			return string(quoted)
		case c == '\\':
			escapes = true
			d.at++
		case c < ' ':
			d.unexpected("no control character within a string")
			return ""
		}
	}
	d.fail(errCutShort)
	return ""
}

// strings reads a list of strings.
func (d *decoder) strings() (list []string) {
	d.list("strings", func() { list = append(list, d.string()) })
	return list
}

// stringOrStrings reads a string, or a list of at least one.
func (d *decoder) stringOrStrings() []string {
	if d.peek() == '"' {
		return []string{d.string()}
	}
	list := d.strings()
	d.atLeastOne(len(list))
	return list
}

// identifier reads an id, which some files give as a number: that is kept as it is written.
func (d *decoder) identifier() string {
	if c := d.peek(); c == '-' || '0' <= c && c <= '9' {
		begin := d.at
		d.number()
		return string(d.text[begin:d.at])
	}
	return d.string()
}

// atLeastOne refuses a list that was just read if it had no members.
func (d *decoder) atLeastOne(members int) {
	if members == 0 {
		d.fail(errors.New("the list is empty: want at least one member"))
	}
}

// optional reads a string by the given method, or a null, which is "".
func (d *decoder) optional(read func() string) string {
	if d.peek() == 'n' {
		d.literal("null")
		return ""
	}
	return read()
}

// skip reads any value.
func (d *decoder) skip() {
	switch c := d.peek(); {
	case c == '{':
		d.object(func(string) { d.skip() })
	case c == '[':
		d.list("values", d.skip)
	case c == '"':
		d.string()
	case c == 'n':
		d.literal("null")
	case c == 't':
		d.literal("true")
	case c == 'f':
		d.literal("false")
	default:
		d.number()
	}
}

func (d *decoder) literal(word string) {
	if !bytes.HasPrefix(d.text[d.at:], []byte(word)) {
		d.unexpected("a value")
		return
	}
	d.at += len(word)
}

func (d *decoder) number() {
	if d.next() == '-' {
		d.at++
	}
	if d.next() == '0' {
		d.at++
	} else {
		d.digits()
	}
	if d.next() == '.' {
		d.at++
		d.digits()
	}
	if c := d.next(); c == 'e' || c == 'E' {
		d.at++
		if c := d.next(); c == '+' || c == '-' {
			d.at++
		}
		d.digits()
	}
}

// digits reads one or more.
func (d *decoder) digits() {
	begin := d.at
	for c := d.next(); '0' <= c && c <= '9'; c = d.next() {
		d.at++
	}
	if d.at == begin {
		d.unexpected("a value")
	}
}

// unescape resolves the escapes of what stands between two quotes. Half a surrogate pair becomes
// U+FFFD.
func (d *decoder) unescape(quoted []byte) string {
	plain := make([]byte, 0, len(quoted))
	for {
		i := bytes.IndexByte(quoted, '\\')
		if i < 0 {
			return string(append(plain, quoted...))
		}
		plain = append(plain, quoted[:i]...)
		quoted = quoted[i:]
		length := 2
		if k := strings.IndexByte(`"\/bfnrt`, quoted[1]); k >= 0 {
			plain = append(plain, "\"\\/\b\f\n\r\t"[k])
		} else if r := codeUnit(quoted); r >= 0 {
			length = 6
			if utf16.IsSurrogate(r) {
				r = utf16.DecodeRune(r, codeUnit(quoted[6:]))
				if r != utf8.RuneError {
					length = 12
				}
			}
			plain = utf8.AppendRune(plain, r)
		} else {
			d.fail(fmt.Errorf("%.6q is no escape that JSON knows", quoted))
			return ""
		}
		quoted = quoted[length:]
	}
}

// codeUnit returns the value of a \uXXXX at the start of text, -1 if there is none.
func codeUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	value, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(value)
}

// next returns the next byte, 0 at the end.
func (d *decoder) next() byte {
	if d.at < len(d.text) {
		return d.text[d.at]
	}
	return 0
}

// peek returns the next byte that is not white space, and goes there.
func (d *decoder) peek() byte {
	for isSpace(d.next()) {
		d.at++
	}
	return d.next()
}

// starts tells whether the value that comes next opens with the byte first; if not, it is not what
// is wanted.
func (d *decoder) starts(first byte, want string) bool {
	if d.peek() == first && d.err == nil {
		return true
	}
	if kind := kind(d.next()); kind != "" {
		d.fail(fmt.Errorf("want %s, got %s", want, kind))
	} else {
		d.unexpected(want)
	}
	return false
}
