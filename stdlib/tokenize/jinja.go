package tokenize

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// The library that renders chat templates does not treat the white space between
// tags as Jinja does, and knows few escapes in strings. So a template is
// rewritten first, into one that says the same without either: text becomes a
// string that is printed, tags lose their signs.

// The marks of what the assistant writes, which a template that has generation
// blocks can be made to print. Unicode promises never to give them a meaning.
const (
	answerBegins = "\ufdd0"
	answerEnds   = "\ufdd1"
)

// rewriter walks over a template as Jinja's lexer does, with the settings that
// transformers has: trim_blocks, lstrip_blocks, no keep_trailing_newline.
type rewriter struct {
	rest      string
	lineStart bool // nothing but white space since the last newline that was taken
	mark      bool // generation blocks are marked
	marked    bool // there were some
	out       strings.Builder
}

// rewriteJinja rewrites a template; marked tells whether it has generation blocks,
// which print marks around them where mark is set and nothing where not.
func rewriteJinja(source string, mark bool) (template string, marked bool, err error) {
	source = strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n")
	r := rewriter{rest: strings.TrimSuffix(source, "\n"), lineStart: true, mark: mark}
	for r.rest != "" {
		at := nextTag(r.rest)
		if at < 0 {
			r.text(r.rest)
			break
		}
		text := r.rest[:at]
		r.rest = r.rest[at:]
		if err := r.tag(text); err != nil {
			return "", false, fmt.Errorf("line %d: %w", 1+strings.Count(source[:len(source)-len(r.rest)], "\n"), err)
		}
	}
	return r.out.String(), r.marked, nil
}

// nextTag returns where the first tag of a text begins, or -1.
func nextTag(text string) int {
	for i := range len(text) - 1 {
		if text[i] == '{' && strings.IndexByte("{%#", text[i+1]) >= 0 {
			return i
		}
	}
	return -1
}

// text prints a text.
func (r *rewriter) text(text string) {
	if text != "" {
		r.out.WriteString("{{ " + quoteJinja(text) + " }}")
	}
}

// tag rewrites the tag at the head of the rest and the text before it.
func (r *rewriter) tag(before string) error {
	kind := r.rest[1]
	r.rest = r.rest[2:]
	switch sign := r.rest[:min(1, len(r.rest))]; {
	case sign == "-":
		before = strings.TrimRightFunc(before, unicode.IsSpace)
		r.rest = r.rest[1:]
	case sign == "+" && kind != '{':
		r.rest = r.rest[1:]
	case kind != '{':
		before = r.withoutIndent(before)
	}
	r.text(before)
	if kind == '#' {
		return r.comment()
	}
	body, err := r.body(kind)
	if err != nil {
		return err
	}
	switch word := strings.TrimSpace(body); {
	case kind == '{':
		r.out.WriteString("{{ " + body + " }}")
	case word == "raw":
		return fmt.Errorf("raw blocks are not supported")
	case word == "generation":
		r.boundary(answerBegins)
	case word == "endgeneration":
		r.boundary(answerEnds)
	default:
		r.out.WriteString("{% " + body + " %}")
	}
	return nil
}

// boundary marks where a generation block begins or ends.
func (r *rewriter) boundary(mark string) {
	r.marked = true
	if r.mark {
		r.text(mark)
	}
}

// withoutIndent drops the white space that stands between a line's beginning and
// a tag.
func (r *rewriter) withoutIndent(before string) string {
	line := strings.LastIndexByte(before, '\n') + 1
	if (line > 0 || r.lineStart) && strings.TrimSpace(before[line:]) == "" {
		return before[:line]
	}
	return before
}

// comment skips the rest of a comment.
func (r *rewriter) comment() error {
	end := strings.Index(r.rest, "#}")
	if end < 0 {
		return fmt.Errorf("a comment does not end")
	}
	sign := r.rest[max(0, end-1):end]
	r.rest = r.rest[end+2:]
	r.after(sign, true)
	return nil
}

// after drops what a tag drops behind it, by the sign before its end.
func (r *rewriter) after(sign string, block bool) {
	whole := r.rest
	switch {
	case sign == "-":
		r.rest = strings.TrimLeftFunc(r.rest, unicode.IsSpace)
	case block && sign != "+":
		r.rest = strings.TrimPrefix(r.rest, "\n")
	}
	r.lineStart = strings.HasSuffix(whole[:len(whole)-len(r.rest)], "\n")
}

// body returns the inside of a tag, its strings written anew, and skips it.
func (r *rewriter) body(kind byte) (string, error) {
	closing := "%}"
	if kind == '{' {
		closing = "}}"
	}
	var body strings.Builder
	for depth := 0; r.rest != ""; {
		c := r.rest[0]
		if depth == 0 {
			sign, ok := r.ending(closing, kind == '%')
			if ok {
				r.after(sign, kind == '%')
				return body.String(), nil
			}
		}
		switch c {
		case '\'', '"':
			text, err := r.quoted(c)
			if err != nil {
				return "", err
			}
			body.WriteString(quoteJinja(text))
			continue
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		body.WriteByte(c)
		if r.rest = r.rest[1:]; c == '}' {
			body.WriteByte(' ') // two of them would end the tag
		}
	}
	return "", fmt.Errorf("a tag does not end with %s", closing)
}

// ending skips the end of a tag, if it is next, and returns its sign.
func (r *rewriter) ending(closing string, plus bool) (sign string, ok bool) {
	for _, sign := range []string{"", "-", "+"} {
		if rest, ok := strings.CutPrefix(r.rest, sign+closing); ok && (sign != "+" || plus) {
			r.rest = rest
			return sign, true
		}
	}
	return "", false
}

// quoted skips a string and returns what it stands for, Python's escapes read.
func (r *rewriter) quoted(quote byte) (string, error) {
	var text strings.Builder
	for i := 1; i < len(r.rest); i++ {
		switch c := r.rest[i]; {
		case c == quote:
			r.rest = r.rest[i+1:]
			return text.String(), nil
		case c == '\\' && i+1 < len(r.rest):
			escaped, n := unescape(r.rest[i:])
			text.WriteString(escaped)
			i += n - 1
		default:
			text.WriteByte(c)
		}
	}
	return "", fmt.Errorf("a string does not end")
}

// unescape reads the escape at the head of text and returns its length. As in
// Python, one without a meaning stands for itself.
func unescape(text string) (string, int) {
	digits := 0
	switch text[1] {
	case '\n':
		return "", 2
	case '\\', '\'', '"':
		return text[1:2], 2
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		if at := strings.IndexByte("abfnrtv", text[1]); at >= 0 {
			return "\a\b\f\n\r\t\v"[at : at+1], 2
		}
		return text[:2], 2
	}
	if len(text) >= 2+digits {
		if r, err := strconv.ParseUint(text[2:2+digits], 16, 32); err == nil {
			return string(rune(r)), 2 + digits
		}
	}
	return text[:2], 2
}

// quoteJinja writes a string with the escapes that the library knows.
func quoteJinja(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
