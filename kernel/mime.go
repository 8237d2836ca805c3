package kernel

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"kairos/repl"
	"kairos/stdlib/cell/render"
)

// bundle is how Jupyter has the forms of one thing: text as it is, JSON as it is, and everything else in base64.
func bundle(b repl.Bundle) map[string]any {
	forms := map[string]any{render.Plain: ""}
	for mime, data := range b {
		forms[mime] = form(mime, data)
	}
	return forms
}

func form(mime string, data []byte) any {
	switch kind, _, _ := strings.Cut(mime, ";"); {
	case (kind == "application/json" || strings.HasSuffix(kind, "+json")) && json.Valid(data):
		return json.RawMessage(data)
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "+xml"), strings.HasSuffix(kind, "json"),
		kind == "application/javascript":
		return string(data)
	}
	return base64.StdEncoding.EncodeToString(data)
}

// metadata is that of a display, with the sizes of pictures that say at what resolution they were drawn.
func metadata(b repl.Bundle, meta map[string]json.RawMessage) map[string]json.RawMessage {
	valid := map[string]json.RawMessage{}
	if width, height, ok := size(b[render.PNG]); ok {
		valid[render.PNG] = fmt.Appendf(nil, `{"width": %d, "height": %d}`, width, height)
	}
	for mime, data := range meta {
		if json.Valid(data) {
			valid[mime] = data
		}
	}
	return valid
}

// size is how large a browser should show a PNG, at 96 of its pixels an inch: what the chunk pHYs before the picture's data
// says (PNG specification, 11.3.5.3).
func size(picture []byte) (width, height int, ok bool) {
	const signature, head, header = 8, 8, 13
	if len(picture) < signature+head+header || string(picture[signature+4:signature+head]) != "IHDR" {
		return 0, 0, false
	}
	width = int(binary.BigEndian.Uint32(picture[signature+head:]))
	height = int(binary.BigEndian.Uint32(picture[signature+head+4:]))
	rest := picture[signature:]
	for len(rest) >= head+9 && string(rest[4:head]) != "IDAT" {
		if string(rest[4:head]) == "pHYs" && rest[head+8] == 1 {
			perMetre := float64(binary.BigEndian.Uint32(rest[head:]))
			scale := 96 / 0.0254 / perMetre
			return int(float64(width)*scale + 0.5), int(float64(height)*scale + 0.5), perMetre > 0
		}
		next := head + int(binary.BigEndian.Uint32(rest)) + 4
		rest = rest[min(next, len(rest)):]
	}
	return 0, 0, false
}
