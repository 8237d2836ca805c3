package render

import (
	"bytes"
	"image"
	"io"
	"reflect"
)

// The size of a drawing of gonum.org/v1/plot, in its unit of 1/72 inch.
const drawingWidth, drawingHeight = 460.8, 288

// drawing has a plot of gonum.org/v1/plot draw itself, which is known by its method
// WriterTo(w, h vg.Length, format string) (io.WriterTo, error).
func drawing(v any, format string) ([]byte, bool, error) {
	m := reflect.ValueOf(v)
	if m.Kind() != reflect.Pointer || m.IsNil() {
		return nil, false, nil
	}
	if m = m.MethodByName("WriterTo"); !m.IsValid() || !draws(m.Type()) {
		return nil, false, nil
	}
	length := m.Type().In(0)
	out := m.Call([]reflect.Value{
		reflect.ValueOf(drawingWidth).Convert(length), reflect.ValueOf(float64(drawingHeight)).Convert(length), reflect.ValueOf(format),
	})
	if err, ok := out[1].Interface().(error); ok {
		return nil, false, err
	}
	var b bytes.Buffer
	_, err := out[0].Interface().(io.WriterTo).WriteTo(&b)
	return data(b.Bytes(), err)
}

// isPicture tells whether v can be drawn, which it is not asked to do.
func isPicture(v any) bool {
	switch v.(type) {
	case nil, image.Image: // which has a text of ours
		return false
	case interface{ PNG() ([]byte, error) }, interface{ PNG() []byte }, interface{ SVG() ([]byte, error) }, interface{ SVG() string }:
		return true
	}
	m := reflect.ValueOf(v).MethodByName("WriterTo")
	return m.IsValid() && draws(m.Type())
}

// draws tells whether a method has the signature of gonum's.
func draws(t reflect.Type) bool {
	return t.NumIn() == 3 && t.In(0).Kind() == reflect.Float64 && t.In(0) == t.In(1) && t.In(2).Kind() == reflect.String &&
		t.NumOut() == 2 && t.Out(0) == reflect.TypeFor[io.WriterTo]() && t.Out(1) == reflect.TypeFor[error]()
}
