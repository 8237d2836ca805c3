package term

import (
	"fmt"
	"strings"
	"time"

	"kairos/repl/highlight"
	"kairos/repl/line"
)

// paint colours text if the terminal has colours.
func (l look) paint(s highlight.Style, text string) string {
	if !l.color {
		return text
	}
	return s.Paint(text)
}

// pick returns the first text where the terminal has Unicode, and else the second.
func (l look) pick(unicode, ascii string) string {
	if l.unicode {
		return unicode
	}
	return ascii
}

// prompt is that of a cell.
func (l look) prompt(number int) line.Prompt {
	digits := fmt.Sprint(number)
	return line.Prompt{
		First: l.paint(highlight.Prompt, "In [") + l.paint(highlight.PromptNumber, digits) + l.paint(highlight.Prompt, "]: "),
		More:  l.paint(highlight.Prompt, strings.Repeat(" ", len(digits)+2)+"...: "),
	}
}

// out is what stands before the value of a cell.
func (l look) out(number int) string {
	return l.paint(highlight.Out, "Out[") + l.paint(highlight.OutNumber, fmt.Sprint(number)) + l.paint(highlight.Out, "]:")
}

// banner is the first lines: of the first one the first word stands out.
func (l look) banner(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	for i, text := range lines {
		if !l.unicode {
			text = ascii(text)
		}
		name, rest, _ := strings.Cut(text, " ")
		if i > 0 {
			name, rest = "", text
		} else {
			name = l.paint(highlight.Strong, name)
			rest = " " + rest
		}
		b.WriteString(strings.TrimRight(name+l.paint(highlight.Dim, rest), " ") + "\n")
	}
	return b.String() + "\n"
}

// ascii writes the signs of banners without Unicode.
func ascii(text string) string {
	text = strings.NewReplacer("·", "-", "…", "...", "—", "-", "–", "-", "’", "'", "→", "->", "×", "x").Replace(text)
	return strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, text)
}

// clock writes a length of time as 0:07, 12:34 or 1:02:03.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// took writes how long a cell took: 840 µs, 3.2 s, 2:05.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d/time.Microsecond)
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return clock(d)
}
