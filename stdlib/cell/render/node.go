package render

import "strings"

// node is a value to be laid out: a leaf, which has text, or a list of other nodes between brackets.
type node struct {
	text        string // of a leaf
	number      bool   // to be aligned with others
	open, shut  string // of a list
	labels      []string
	items       []node // each with its label, if there are any
	note        string // after the list: how long it really is
	width, size int    // columns in one line, manyLines if it has more; nodes of the tree
}

// manyLines is the width of what does not fit into one line.
const manyLines = 1 << 20

func leaf(text string) node {
	n := node{text: text, width: columns(text), size: 1}
	if strings.Contains(text, "\n") {
		n.width = manyLines
	}
	return n
}

// gap stands for what is left out.
func gap() node { return leaf("…") }

func (n *node) isGap() bool { return n.text == "…" }

func (n *node) isLeaf() bool { return n.open == "" }

// add appends an item.
func (n *node) add(label string, item node) {
	if label != "" || n.labels != nil {
		n.labels = append(n.labels, label)
	}
	n.items = append(n.items, item)
	n.size += item.size
}

// sealed knows its width.
func (n node) sealed() node {
	if n.isLeaf() {
		return n
	}
	n.width = columns(n.open) + columns(n.shut) + columns(n.note) + max(0, len(n.items)-1)
	for i := range n.items {
		n.width = min(manyLines, n.width+n.items[i].width+columns(n.label(i)))
	}
	return n
}

func (n *node) label(i int) string {
	if n.labels == nil {
		return ""
	}
	return n.labels[i]
}

// pointedAt is the node of a pointer to n's value.
func (n node) pointedAt() node {
	switch {
	case !n.isLeaf():
		n.open = "&" + n.open
	case n.text != "nil":
		n.text = "&" + n.text
	}
	if n.width < manyLines {
		n.width++
	}
	return n
}

// line writes n in one line.
func (n *node) line(b *strings.Builder) {
	b.WriteString(n.text)
	b.WriteString(n.open)
	for i := range n.items {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(n.label(i))
		n.items[i].line(b)
	}
	b.WriteString(n.shut)
	b.WriteString(n.note)
}

func (n *node) oneLine() string {
	var b strings.Builder
	n.line(&b)
	return b.String()
}
