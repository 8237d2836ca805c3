package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
)

// forms are the MIME types beside Plain and what asks a value for them. A form's function reports false if the value
// has no such method.
var forms = []struct {
	mime string
	of   func(v any) ([]byte, bool, error)
}{
	{JSON, object}, {Latex, latex}, {Markdown, markdown}, {HTML, html}, {JPEG, jpeg}, {PNG, portable}, {SVG, svg},
}

// Form returns v in one form other than Plain, and whether it has it by a method of its own.
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

func object(v any) ([]byte, bool, error) {
	switch v := v.(type) {
	case interface{ JSON() string }:
		return valid([]byte(v.JSON()), nil)
	case interface{ JSON() (string, error) }:
		s, err := v.JSON()
		return valid([]byte(s), err)
	case interface{ JSON() []byte }:
		return valid(v.JSON(), nil)
	case interface{ JSON() ([]byte, error) }:
		return valid(v.JSON())
	case interface{ JSON() any }:
		return data(json.Marshal(v.JSON()))
	case interface{ JSON() (any, error) }:
		x, err := v.JSON()
		if err != nil {
			return nil, false, err
		}
		return data(json.Marshal(x))
	}
	return nil, false, nil
}

func valid(encoded []byte, err error) ([]byte, bool, error) {
	if err == nil && !json.Valid(encoded) {
		err = errors.New("the method JSON returns no JSON")
	}
	return data(encoded, err)
}
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
	return drawing(v, "svg")
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
	return drawing(v, "png")
}
