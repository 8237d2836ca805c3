package render

// Widths of tables in columns of text.
const (
	widest    = 240 // that a field is ever
	narrowest = 12  // that a text is made to save room
	labelled  = 24  // of a label

	longNumber = 40 // is treated as text
	between    = 2  // columns
	gapWidth   = 1 + between
)

// table is a sheet laid out for some width.
type table struct {
	*sheet
	label   column
	columns []column
}

// column is a column of a table: the fields of the rows that are shown.
type column struct {
	gap    bool // it stands for those left out
	name   string
	fields []field
	number bool
	shape  point // of numbers
	width  int
	least  int // width
}

// layOut chooses the columns for which there is room, and narrows those of text.
func (s *sheet) layOut(width int) table {
	t := table{sheet: s, label: s.labelColumn()}
	room := width
	if s.labels != nil {
		room -= t.label.width + between
	}
	var first, last []column
	for len(first)+len(last) < s.cols {
		isLast := len(last) < len(first)/2
		j := len(first)
		if isLast {
			j = s.cols - 1 - len(last)
		}
		next := s.column(j)
		need := next.least
		if left := s.cols - len(first) - len(last) - 1; left > 0 {
			need += gapWidth
		}
		if need > room && len(first) > 0 {
			break
		}
		room -= next.least + between
		if isLast {
			last = append([]column{next}, last...)
		} else {
			first = append(first, next)
		}
	}
	if len(first)+len(last) < s.cols {
		first = append(first, column{gap: true, width: 1, least: 1})
		room -= gapWidth
	}
	t.columns = append(first, last...)
	t.widen(room + between)
	return t
}

func (s *sheet) labelColumn() column {
	c := column{number: true}
	for _, label := range s.labels {
		label = clip(label, labelled)
		c.fields = append(c.fields, field{text: label})
		c.width = max(c.width, columns(label))
		c.number = c.number && label != "" && label[len(label)-1] <= '9'
	}
	return c
}

// column reads column j. Its width is what it would like.
func (s *sheet) column(j int) column {
	c := column{number: true}
	if s.names != nil {
		c.name = oneLine(s.names[j], labelled)
	}
	text := 0
	for i := range s.rows {
		f := s.at(i, j)
		c.fields = append(c.fields, f)
		if f.number {
			c.shape.include(f.text)
		} else {
			text = max(text, columns(clip(f.text, widest)))
			c.number = c.number && (f.text == "" || f.text == "nil")
		}
	}
	c.number = c.number && c.shape.width() > 0 && c.shape.width() <= longNumber
	switch {
	case !c.number:
		c.width = min(widest, max(text, c.shape.width(), columns(c.name)))
		c.least = min(c.width, narrowest)
	default:
		values := max(c.shape.width(), text)
		c.width = max(values, columns(c.name))
		c.least = max(values, min(c.width, narrowest/2))
	}
	return c
}

// widen gives the room that the columns leave to those that would like more, the narrowest first.
func (t *table) widen(room int) {
	for level := 1; level <= widest && room > 0; level++ {
		for i := range t.columns {
			if c := &t.columns[i]; c.least < min(c.width, level) && room > 0 {
				c.least++
				room--
			}
		}
	}
	for i := range t.columns {
		t.columns[i].width = t.columns[i].least
	}
}

// text is a field of c padded to its width.
func (c *column) text(f field) string {
	switch {
	case f.number && c.number:
		return padLeft(c.shape.align(f.text), c.width)
	case c.number:
		return padLeft(clip(f.text, c.width), c.width)
	}
	return pad(clip(f.text, c.width), c.width)
}
