package data

import "bytes"

// field is a member of an object: its name and its text.
type field struct {
	name string
	text []byte // "name": value
	at   int    // of the value, within text
}

func (f field) value() []byte { return f.text[f.at:] }

// fieldsOf takes an object apart.
func fieldsOf(text []byte) (fields []field, err error) {
	err = decode(text, func(d *decoder) {
		begin := 0
		d.object(func(key string) {
			begin = d.at
			d.peek()
			value := d.at
			d.skip()
			if d.err == nil {
				name := bytes.LastIndexByte(d.text[:begin], '"')
				name = d.openingQuote(name)
				fields = append(fields, field{key, d.text[name:d.at], value - name})
			}
		})
	})
	return fields, err
}

// openingQuote returns where the string begins whose closing quote is at end.
func (d *decoder) openingQuote(end int) int {
	for at := end - 1; ; at-- {
		if d.text[at] != '"' {
			continue
		}
		slashes := 0
		for d.text[at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return at
		}
	}
}
