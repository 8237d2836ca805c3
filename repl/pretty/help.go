package pretty

import (
	"go/doc/comment"
	"strings"
	"unicode/utf8"

	"kairos/repl"
	"kairos/repl/highlight"
)

// Inspection writes help: the declaration, the doc comment, and a line for each other thing that is known.
func (s Style) Inspection(i repl.Inspection) string {
	var parts []string
	if declaration := orElse(i.Type, i.Name); declaration != "" {
		parts = append(parts, s.code(declaration))
	}
	if strings.TrimSpace(i.Doc) != "" {
		parts = append(parts, indented(s.doc(i.Doc)))
	}
	if facts := s.facts(i); facts != "" {
		parts = append(parts, facts)
	}
	if i.Source != "" {
		parts = append(parts, s.title("Source:")+"\n"+indented(s.code(strings.Trim(i.Source, "\n"))))
	}
	if len(parts) == 0 && i.Call != nil {
		return s.code(i.Call.Signature)
	}
	return strings.Join(parts, "\n\n")
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 80
	}
	return max(s.Width, 30)
}

func (s Style) title(text string) string { return s.paint(highlight.Title, text) }

// doc wraps a doc comment as go doc does.
func (s Style) doc(text string) string {
	printer := comment.Printer{TextWidth: s.width() - 4}
	parser := comment.Parser{LookupSym: func(string, string) bool { return true }} // links lose their brackets
	return strings.TrimRight(string(printer.Text(parser.Parse(text))), "\n")
}

// facts lists what is short: value, place, members.
func (s Style) facts(i repl.Inspection) string {
	var lines []string
	add := func(title, text string) {
		if text == "" {
			return
		}
		if strings.Contains(text, "\n") {
			text = "\n" + indented(text)
		} else {
			text = strings.Repeat(" ", len("Members: ")-len(title)) + text
		}
		lines = append(lines, s.title(title)+text)
	}
	add("Value:", i.Value)
	add("Where:", i.Where)
	add("Members:", strings.TrimPrefix(s.columns(i.Members), "    "))
	return strings.Join(lines, "\n")
}

// columns arranges words in columns, read downwards as ls has them.
func (s Style) columns(words []string) string {
	if line := strings.Join(words, ", "); utf8.RuneCountInString(line) < s.width()-len("Members: ") {
		return s.code(line)
	}
	widest := 0
	for _, w := range words {
		widest = max(widest, utf8.RuneCountInString(w)+2)
	}
	columns := max((s.width()-4)/widest, 1)
	rows := (len(words) + columns - 1) / columns
	lines := make([]strings.Builder, rows)
	for i, w := range words {
		line := &lines[i%rows]
		line.WriteString(s.code(w))
		if i+rows < len(words) {
			line.WriteString(strings.Repeat(" ", widest-utf8.RuneCountInString(w)))
		}
	}
	texts := make([]string, rows)
	for i := range lines {
		texts[i] = lines[i].String()
	}
	return strings.Join(texts, "\n")
}
