package render

import "strings"

// String writes the table: the names of the columns over a rule, the rows, and the shape of the whole.
func (t table) String() string {
	var lines []string
	line := func(label string, cell func(c *column) string) {
		var parts []string
		if t.labels != nil {
			parts = append(parts, label)
		}
		for i := range t.columns {
			parts = append(parts, cell(&t.columns[i]))
		}
		lines = append(lines, strings.TrimRight(strings.Join(parts, blanks(between)), " "))
	}
	if t.names != nil {
		line(blanks(t.label.width), (*column).header)
		line(strings.Repeat("─", t.label.width), func(c *column) string { return strings.Repeat("─", c.width) })
	}
	for i := range t.rows {
		if i == t.gap && i > 0 {
			line(t.label.text(field{text: "⋮"}), (*column).dots)
		}
		line(t.rowLabel(i), func(c *column) string { return c.row(i) })
	}
	if t.gap > 0 && t.gap == t.rows {
		line(t.label.text(field{text: "⋮"}), (*column).dots)
	}
	return strings.Join(append(lines, t.shape), "\n")
}

func (t table) rowLabel(i int) string {
	if t.labels == nil {
		return ""
	}
	return t.label.text(t.label.fields[i])
}

func (c *column) header() string {
	if c.gap {
		return "…"
	}
	return c.text(field{text: c.name})
}

func (c *column) dots() string {
	if c.gap {
		return " "
	}
	if c.number {
		return padLeft("⋮"+blanks(c.shape.after), c.width)
	}
	return c.text(field{text: "⋮"})
}

func (c *column) row(i int) string {
	if c.gap {
		return "…"
	}
	return c.text(c.fields[i])
}
