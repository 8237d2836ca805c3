package highlight

import "strings"

// Style is the parameters of an SGR code, such as "1;32". The empty style is the terminal's own.
type Style string

// The palette: of the terminal's sixteen colours those that can be read on dark and on light.
const (
	Prompt       Style = "32"
	PromptNumber Style = "1;32"
	Out          Style = "31"
	OutNumber    Style = "1;31"
	Error        Style = "31"
	ErrorHead    Style = "1;31"
	Warning      Style = "35" // yellow is faint on white
	Title        Style = "1;36"
	Strong       Style = "1"
	Dim          Style = "2"
	Selected     Style = "7"   // of a menu's rows
	Match        Style = "1;4" // a bracket and its partner
	Found        Style = "7"   // by a search
	Ghost        Style = "2"   // text that is only proposed
	Faint        Style = "2;3" // comments
	Reset              = "\x1b[0m"
)

// Style is how a kind looks.
func (k Kind) Style() Style {
	switch k {
	case Keyword:
		return "35"
	case Type, Builtin:
		return "36"
	case Func:
		return "94"
	case Constant, Number:
		return "33"
	case String:
		return "32"
	case Comment:
		return Faint
	case Command:
		return "95"
	case Illegal:
		return "31"
	}
	return ""
}

// Code is the escape sequence that turns a style on after a reset.
func (s Style) Code() string {
	if s == "" {
		return ""
	}
	return "\x1b[" + string(s) + "m"
}

// Paint puts a style around a text, around each line of its own so that the lines can be taken apart.
func (s Style) Paint(text string) string {
	if s == "" || text == "" {
		return text
	}
	if !strings.Contains(text, "\n") {
		return s.Code() + text + Reset
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = s.Paint(line)
	}
	return strings.Join(lines, "\n")
}

// ANSI is a source in colours.
func ANSI(src string) string {
	var b strings.Builder
	at := 0
	for _, span := range Go(src) {
		b.WriteString(src[at:span.From])
		b.WriteString(span.Kind.Style().Paint(src[span.From:span.To]))
		at = span.To
	}
	b.WriteString(src[at:])
	return b.String()
}
