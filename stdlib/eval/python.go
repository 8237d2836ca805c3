package eval

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// field is a member of a JSON object: a string, a list of strings, an int or a float64.
type field struct {
	name  string
	value any
}

// object appends fields as Python's json.dumps writes them with an indent of 4: in ASCII, with floats
// as Python prints them, which may be NaN.
func object(b []byte, fields []field, indent string) []byte {
	b = append(b, '{')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n"+indent+"    "...)
		b = append(quoted(b, f.name), ": "...)
		b = value(b, f.value, indent+"    ")
	}
	return append(b, "\n"+indent+"}"...)
}

func value(b []byte, v any, indent string) []byte {
	switch v := v.(type) {
	case string:
		return quoted(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return append(b, float(v)...)
	case []string:
		return list(b, len(v), indent, func(b []byte, i int) []byte { return quoted(b, v[i]) })
	case [][]field:
		return list(b, len(v), indent, func(b []byte, i int) []byte { return object(b, v[i], indent+"    ") })
	}
	panic(fmt.Sprintf("eval: no JSON of %T", v))
}

func list(b []byte, n int, indent string, member func(b []byte, i int) []byte) []byte {
	if n == 0 {
		return append(b, "[]"...)
	}
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = member(append(b, "\n"+indent+"    "...), i)
	}
	return append(b, "\n"+indent+"]"...)
}

// quoted appends a string in quotes. Bytes that are not UTF-8 become U+FFFD.
func quoted(b []byte, s string) []byte {
	const short = "\"\\\n\r\t\b\f"
	b = append(b, '"')
	for _, r := range s {
		switch i := strings.IndexRune(short, r); {
		case i >= 0:
			b = append(b, '\\', `"\nrtbf`[i])
		case ' ' <= r && r <= '~':
			b = append(b, byte(r))
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				b = fmt.Appendf(b, `\u%04x`, unit)
			}
		}
	}
	return append(b, '"')
}

// float is Python's repr of a float, or what its json writes of those that have none in JSON.
func float(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 0):
		return strings.Replace(strconv.FormatFloat(x, 'g', -1, 64), "+", "", 1) + "inity"
	case x != 0 && (math.Abs(x) < 1e-4 || math.Abs(x) >= 1e16):
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// number reads a float as Python's json may have written it, see strict.
type number float64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(text []byte) error {
	x, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	*n = number(x)
	if err != nil {
		return fmt.Errorf("%s is no number", text)
	}
	return nil
}

// strict puts the words NaN, Infinity and -Infinity, which are no JSON, in quotes.
func strict(text []byte) []byte {
	var out []byte
	for len(text) > 0 {
		switch n := wordOf(text); {
		case text[0] == '"':
			n := stringEnd(text)
			out, text = append(out, text[:n]...), text[n:]
		case n > 0:
			out, text = append(append(append(out, '"'), text[:n]...), '"'), text[n:]
		default:
			out, text = append(out, text[0]), text[1:]
		}
	}
	return out
}

// wordOf is the length of the word that text begins with, 0 if it is none of the three.
func wordOf(text []byte) int {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(text, []byte(word)) {
			return len(word)
		}
	}
	return 0
}

// stringEnd is the length of the string in quotes that text begins with.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
