package term

import (
	"bytes"
	"image"
	_ "image/jpeg" // pictures in either form
	_ "image/png"
	"regexp"
	"strings"

	"kairos/repl"
	"kairos/repl/highlight"
	"kairos/stdlib/cell/render"
)

// value is the text that shows the value of a cell: beside Out[n] if it is one line, and else below it.
func (t *terminal) value(r repl.Result) string {
	out, data := t.look.out(r.Number), r.Bundle()
	if isPicture(data) {
		text, _ := t.shown("", data)
		return out + "\n" + text
	}
	text, kind := strings.TrimRight(r.Text(), "\n"), t.kind(r)
	if strings.Contains(text, "\n") {
		if kind != "" {
			out += " " + t.look.paint(highlight.Dim, kind)
		}
		return out + "\n" + text + "\n"
	}
	columns, _ := t.editor.Size()
	if kind != "" && widthOf(out)+widthOf(text)+widthOf(kind)+4 <= columns {
		text += "  " + t.look.paint(highlight.Dim, kind)
	}
	return out + " " + text + "\n"
}

// kind is the static type of a result where its text does not tell.
func (t *terminal) kind(r repl.Result) string {
	text, kind := r.Text(), strings.ReplaceAll(r.Type(), "main.", "")
	if tells(text, kind) {
		return ""
	}
	return kind
}

// container is what may stand before the type of elements.
var container = regexp.MustCompile(`^(?:\[\d*\]|map\[(?:string|int|rune|bool)\]|untyped )+`)

// tells whether who reads a text knows its type.
func tells(text, kind string) bool {
	if strings.Contains(text, kind) {
		return true
	}
	switch of := container.ReplaceAllString(kind, ""); of {
	case "int", "string", "bool", "error":
		return text != "nil" && !strings.HasSuffix(text, "[]") && !strings.HasSuffix(text, "{}")
	case "float64", "float":
		return strings.ContainsAny(text, ".eN") || strings.Contains(text, "Inf")
	}
	return false
}

func isPicture(data repl.Bundle) bool {
	return data[render.PNG] != nil || data[render.SVG] != nil || data[render.JPEG] != nil
}

// shown is the text that shows something: a picture with the names of its files, or text. Rows is how many rows it takes,
// or 0 if that has to be counted. The id names what may be shown again in another state.
func (t *terminal) shown(id string, data repl.Bundle) (text string, rows int) {
	if !isPicture(data) {
		return strings.TrimRight(data.Text(), "\n") + "\n", 0
	}
	text, rows = t.drawn(id, data)
	paths, err := t.figures.save(id, data)
	line := t.look.paint(highlight.Dim, strings.Join(paths, ", "))
	if err != nil {
		line = t.style.Error(err)
	}
	columns, _ := t.editor.Size()
	return text + line + "\n", rows + rowsOf(widthOf(line), columns)
}

// drawn is the picture itself, if the terminal can show it, or its drawing in text where that has more to it than blocks.
func (t *terminal) drawn(id string, data repl.Bundle) (text string, rows int) {
	encoded := data[render.PNG]
	if encoded == nil {
		encoded = data[render.JPEG]
	}
	screen := t.images(t.editor.Size())
	if chart := strings.TrimRight(data.Text(), "\n"); t.look.charts && screen.IsCoarse() && strings.Contains(chart, "\n") {
		return chart + "\n", strings.Count(chart, "\n") + 1
	}
	img, _, err := image.Decode(bytes.NewReader(encoded))
	if err != nil {
		return "", 0 // an SVG, or not what it says: the file remains
	}
	return screen.Draw(img, t.figures.number(id))
}
