// Package render says how a value looks: as text always, and as a picture, HTML or the like if it knows how.
//
//	Of         all forms of a value
//	Form       one of them
//	Text       its text, bounded: long lists, deep values and long strings are shortened
//	Bundle     forms by MIME type
//
// A value knows a form by a method without arguments that returns a string or a []byte, and an error if it may fail:
// HTML, Markdown, Latex, SVG, PNG, JPEG. An image.Image is a PNG. Nothing has to be imported for it.
package render

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

// The MIME types of the forms, the richest last.
const (
	Plain    = "text/plain"
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

// forms are the MIME types beside Plain and what asks a value for them. A form's function reports false if the value
// has no such method.
var forms = []struct {
	mime string
	of   func(v any) ([]byte, bool, error)
}{
	{Latex, latex}, {Markdown, markdown}, {HTML, html}, {JPEG, jpeg}, {PNG, portable}, {SVG, svg},
}

// Of returns all forms of v. When one cannot be made, the error says so and the bundle holds the others.
func Of(v any) (Bundle, error) {
	b := Bundle{Plain: []byte(Text(v))}
	var failed error
	for _, form := range forms {
		data, ok, err := ask(v, form.of)
		if err != nil {
			failed = fmt.Errorf("render: %s of %T: %w", form.mime, v, err)
		} else if ok {
			b[form.mime] = data
		}
	}
	return b, failed
}

// Form returns v in one form other than Plain, and whether it has it.
func Form(v any, mime string) (data []byte, ok bool, err error) {
	for _, form := range forms {
		if form.mime == mime {
			return ask(v, form.of)
		}
	}
	return nil, false, nil
}

// ask makes an error of a panic of the value's method.
func ask(v any, of func(any) ([]byte, bool, error)) (data []byte, ok bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			data, ok, err = nil, false, fmt.Errorf("panic: %v", r)
		}
	}()
	return of(v)
}

func text(s string, err error) ([]byte, bool, error)    { return []byte(s), err == nil, err }
func data(data []byte, err error) ([]byte, bool, error) { return data, err == nil, err }

func html(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ HTML() string }:
		return text(v.HTML(), nil)
	case interface{ HTML() (string, error) }:
		return text(v.HTML())
	case interface{ HTML() []byte }:
		return data(v.HTML(), nil)
	case interface{ HTML() ([]byte, error) }:
		return data(v.HTML())
	}
	return nil, false, nil
}

func markdown(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ Markdown() string }:
		return text(v.Markdown(), nil)
	case interface{ Markdown() (string, error) }:
		return text(v.Markdown())
	case interface{ Markdown() []byte }:
		return data(v.Markdown(), nil)
	case interface{ Markdown() ([]byte, error) }:
		return data(v.Markdown())
	}
	return nil, false, nil
}

func latex(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ Latex() string }:
		return text(v.Latex(), nil)
	case interface{ Latex() (string, error) }:
		return text(v.Latex())
	case interface{ Latex() []byte }:
		return data(v.Latex(), nil)
	case interface{ Latex() ([]byte, error) }:
		return data(v.Latex())
	}
	return nil, false, nil
}

func svg(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ SVG() string }:
		return text(v.SVG(), nil)
	case interface{ SVG() (string, error) }:
		return text(v.SVG())
	case interface{ SVG() []byte }:
		return data(v.SVG(), nil)
	case interface{ SVG() ([]byte, error) }:
		return data(v.SVG())
	}
	return nil, false, nil
}

func jpeg(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ JPEG() []byte }:
		return data(v.JPEG(), nil)
	case interface{ JPEG() ([]byte, error) }:
		return data(v.JPEG())
	}
	return nil, false, nil
}

func portable(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ PNG() []byte }:
		return data(v.PNG(), nil)
	case interface{ PNG() ([]byte, error) }:
		return data(v.PNG())
	case image.Image:
		var b bytes.Buffer
		err := png.Encode(&b, v)
		return data(b.Bytes(), err)
	}
	return nil, false, nil
}
