package render

import (
	"bytes"
	"strings"
)

// indent is how far the parts of a value in several lines stand to the right of it.
const indent = 2

// printer writes text of some width.
type printer struct {
	text  []byte
	width int
}

// write lays out n, which begins in column at. Its further lines are indented by margin.
func (p *printer) write(n *node, margin, at int) {
	switch {
	case at+n.width <= p.width, n.isLeaf() && n.width < manyLines, !n.isLeaf() && len(n.items) == 0:
		p.add(n.oneLine())
	case n.isLeaf():
		p.block(n.text, margin)
	default:
		p.add(n.open)
		p.parts(n, margin, at+columns(n.open))
		p.add(n.shut + n.note)
	}
}

func (p *printer) add(s string) { p.text = append(p.text, s...) }

// block writes several lines below each other.
func (p *printer) block(text string, margin int) {
	if margin > 0 {
		margin += indent
		p.newline(margin)
	}
	p.add(strings.ReplaceAll(text, "\n", "\n"+blanks(margin)))
}

func (p *printer) newline(margin int) {
	p.trim()
	p.add("\n" + blanks(margin))
}

// trim drops the blanks at the end.
func (p *printer) trim() { p.text = bytes.TrimRight(p.text, " ") }

func (p *printer) parts(n *node, margin, at int) {
	switch {
	case n.labels != nil:
		p.labelled(n, margin+indent)
	case n.areShort():
		p.filled(n, at)
		return
	default:
		for i := range n.items {
			p.newline(margin + indent)
			p.write(&n.items[i], margin+indent, margin+indent)
		}
	}
	p.newline(margin)
}

// labelled writes an item a line, with the values below each other but for those with a long label.
func (p *printer) labelled(n *node, margin int) {
	const long = 24
	wide := 0
	for _, label := range n.labels {
		if w := columns(label); w <= long {
			wide = max(wide, w)
		}
	}
	numbers := n.aligned()
	for i := range n.items {
		p.newline(margin)
		at := margin
		if label := n.label(i); label != "" {
			label = pad(label, wide) + " "
			p.add(label)
			at += columns(label)
		}
		if numbers[i] != n.items[i].text {
			p.add(numbers[i])
			continue
		}
		p.write(&n.items[i], margin, at)
	}
}

// areShort tells whether n's items are better placed beside each other.
func (n *node) areShort() bool {
	const short = 30
	for i := range n.items {
		if !n.items[i].isLeaf() || n.items[i].width > short {
			return false
		}
	}
	return true
}

// filled writes as many items a line as there is room for, from column start. Numbers are aligned.
func (p *printer) filled(n *node, start int) {
	texts := n.aligned()
	at := start
	for i, text := range texts {
		room := p.width - at - 1 - columns(text)
		if i == len(texts)-1 {
			room -= columns(n.shut + n.note)
		}
		switch {
		case i == 0:
			at--
		case n.items[i].isGap() || n.items[i-1].isGap() || room < 0:
			p.newline(start)
			at = start - 1
		default:
			p.add(" ")
		}
		p.add(text)
		at += 1 + columns(text)
	}
	p.trim()
}

// aligned returns the texts of n's items, of one width if they are numbers.
func (n *node) aligned() []string {
	var shape point
	numbers := true
	texts := make([]string, len(n.items))
	for i := range n.items {
		texts[i] = n.items[i].text
		if n.items[i].number {
			shape.include(texts[i])
		} else if !n.items[i].isGap() {
			numbers = false
		}
	}
	for i := range texts {
		if numbers && n.items[i].number {
			texts[i] = shape.align(texts[i])
		}
	}
	return texts
}
