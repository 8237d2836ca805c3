// Package render says how a value looks: as text always, and as a table, picture, HTML or the like if it knows how.
//
//	Of         all forms of a value
//	Form       one of them that the value makes itself
//	Text       its text: one line if that is short, else several, or a table
//	Quoted     the same, with a string in quotes
//	Summary    what it is, in one short line
//	Config     how wide all these are
//	Bundle     forms by MIME type
//
// Nothing has to be imported to be shown well. A value knows a form by a method without arguments that returns a string
// or a []byte, and an error if it may fail: HTML, Markdown, Latex, SVG, PNG, JPEG, and JSON, which may return any value.
// An image.Image is a PNG. The text of an error, a fmt.Stringer and a fmt.Formatter is what fmt prints.
//
// Tables are what has rows: slices and maps of structs, slices of maps with the same keys, lists of lists of numbers or
// strings, and whatever has the methods of a matrix, Dims() (rows, columns int) and At(i, j int) of some number. A type
// with a method Columns() (names []string, values []any) chooses the columns of the table its values are rows of.
//
// All text is bounded, and so is the time it takes: of long values the first and last parts are shown, a value is read
// only as far as it is shown, but for the keys of maps, which are in order. Control characters in strings are escaped.
//
// In the package a value becomes a tree of nodes (build.go), which is laid out (layout.go), or a sheet of rows
// (sheet.go), which becomes a table (table.go) and is written as text or HTML (tabletext.go, tablehtml.go).
package render

import (
	"fmt"
	"image"
)

// The MIME types of the forms, the richest last.
const (
	Plain    = "text/plain"
	JSON     = "application/json"
	Latex    = "text/latex"
	Markdown = "text/markdown"
	HTML     = "text/html"
	JPEG     = "image/jpeg"
	PNG      = "image/png"
	SVG      = "image/svg+xml"
)

// Bundle is one thing in several forms, by MIME type.
type Bundle map[string][]byte

// Text returns the plain text, which every bundle made here has.
func (b Bundle) Text() string { return string(b[Plain]) }

// Config says how values are shown. The zero value is the default.
type Config struct {
	Width int // columns of text; 0: 100, of a summary 80
}

// Of returns all forms of v. When one cannot be made, the error says so and the bundle holds the others.
func Of(v any) (Bundle, error) { return Config{}.Of(v) }

// Text writes a value for reading: as fmt's %+v if that is short, but with nested strings in quotes. What is longer is
// laid out in several lines, or as a table, and shortened. A string is its own text.
func Text(v any) string { return Config{}.Text(v) }

// Quoted is Text, but for a string quoted as inside of other values.
func Quoted(v any) string { return Config{}.Quoted(v) }

// Summary says in one line of at most 80 columns what v is: its text if that is short, else its shape or beginning.
func Summary(v any) string { return Config{}.Summary(v) }

// Of is as the function Of.
func (c Config) Of(v any) (Bundle, error) {
	plain, sheet := c.plain(v)
	b := Bundle{Plain: []byte(plain)}
	if sheet != nil {
		b[HTML] = []byte(sheet.html())
	}
	var failed error
	for _, form := range forms {
		data, ok, err := ask(v, form.of)
		if err != nil {
			failed = fmt.Errorf("render: %s of %T: %w", form.mime, v, err)
		} else if ok {
			b[form.mime] = data
		}
	}
	if (b[PNG] != nil || b[SVG] != nil) && sheet == nil && !saysItself(v) {
		b[Plain] = fmt.Appendf(nil, "%T", v) // what a picture is made of is of no interest
	}
	return b, failed
}

// saysItself tells whether v has a method for its text.
func saysItself(v any) bool {
	switch v.(type) {
	case fmt.Stringer, error, image.Image: // which has a text of ours
		return true
	}
	return false
}

// Text is as the function Text.
func (c Config) Text(v any) string {
	text, _ := c.plain(v)
	return text
}

func (c Config) width() int {
	if c.Width <= 0 {
		return 100
	}
	return max(c.Width, 20)
}
