package render

import (
	"fmt"
	htmltext "html"
	"strings"
)

// pageWidth is how wide a table may be on a page, which can be scrolled.
const pageWidth = 240

// html writes the rows as a table of a page, without colours: those of the page are used.
func (s *sheet) html() string {
	t := s.layOut(pageWidth)
	var b strings.Builder
	b.WriteString(`<table class="kairos" style="border-collapse:collapse">` + "\n")
	fmt.Fprintf(&b, `<caption style="caption-side:bottom;text-align:left;opacity:.7">%s</caption>`+"\n", htmltext.EscapeString(s.shape))
	if t.names != nil {
		b.WriteString("<thead>")
		t.htmlRow(&b, "", func(c *column) string { return c.htmlCell("th", field{text: strings.TrimSpace(c.header())}) })
		b.WriteString("</thead>\n")
	}
	b.WriteString("<tbody>\n")
	for i := range t.rows {
		if i == t.gap && i > 0 {
			t.htmlRow(&b, "⋮", (*column).htmlDots)
		}
		label := ""
		if t.labels != nil {
			label = t.label.fields[i].text
		}
		t.htmlRow(&b, label, func(c *column) string { return c.htmlField(i) })
	}
	if t.gap > 0 && t.gap == t.rows {
		t.htmlRow(&b, "⋮", (*column).htmlDots)
	}
	b.WriteString("</tbody>\n</table>")
	return b.String()
}

func (t table) htmlRow(b *strings.Builder, label string, cell func(c *column) string) {
	b.WriteString("<tr>")
	if t.labels != nil {
		b.WriteString(t.label.htmlCell("th", field{text: label}))
	}
	for i := range t.columns {
		b.WriteString(cell(&t.columns[i]))
	}
	b.WriteString("</tr>\n")
}

// longText keeps a text of more than long columns in one line of a page, of which the beginning is seen.
const (
	long     = 40
	longText = ";max-width:36em;white-space:nowrap;overflow:hidden;text-overflow:ellipsis"
)

// htmlCell is one cell. Digits are as wide as each other, so that numbers are aligned by blanks.
func (c *column) htmlCell(tag string, f field) string {
	text := clip(f.text, widest)
	style := "text-align:left"
	if c.number || f.number {
		style = "text-align:right"
	}
	if f.number {
		if _, rest := split(text); c.number {
			text += blanks(c.shape.after - columns(rest))
		}
		style += ";font-family:monospace;white-space:pre"
	} else if columns(text) > long {
		style += longText
	}
	return fmt.Sprintf(`<%s style="%s">%s</%[1]s>`, tag, style, htmltext.EscapeString(text))
}

func (c *column) htmlField(i int) string {
	if c.gap {
		return c.htmlCell("td", field{text: "…"})
	}
	return c.htmlCell("td", c.fields[i])
}

func (c *column) htmlDots() string {
	if c.gap {
		return c.htmlCell("td", field{})
	}
	return c.htmlCell("td", field{text: "⋮"})
}
