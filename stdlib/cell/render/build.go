package render

import "reflect"

// Of the lists, maps, strings and trees that are too long or deep, so much is shown.
const (
	deepest = 8        // values inside of values
	largest = 1 << 10  // nodes of a tree
	longest = 64 << 10 // bytes of text

	alone  = 4 << 10 // columns of a string that is the value
	inside = 240     // of one inside of another value
	listed = 80      // of one among many others

	fewItems = 4
)

// builder makes the node of a value.
type builder struct {
	path map[visit]bool // to the value at hand
}

// visit is a reference that may lead back to itself.
type visit struct {
	at, length int
	of         reflect.Type
}

// build returns the node of v, of about size nodes at most. Of strings it keeps some columns.
func (b *builder) build(v reflect.Value, depth, size, text int) node {
	if !v.IsValid() {
		return leaf("nil")
	}
	if depth > deepest || size <= 0 {
		return gap()
	}
	if held, ok := heldBy(v); ok {
		return b.build(held, depth+1, size-1, text)
	}
	if own, ok := ownText(v, depth == 0); ok {
		return own
	}
	switch v.Kind() {
	case reflect.Interface:
		return b.build(v.Elem(), depth, size-1, text)
	case reflect.Pointer:
		return b.pointer(v, depth, size, text)
	case reflect.Slice, reflect.Map:
		return b.once(v, v.Len(), func() node { return b.composite(v, depth, size, text) })
	case reflect.Array, reflect.Struct:
		return b.composite(v, depth, size, text)
	}
	return scalar(v, text)
}

// heldBy is the value in a reflect.Value.
func heldBy(v reflect.Value) (held reflect.Value, ok bool) {
	if v.Type() == reflect.TypeFor[reflect.Value]() && v.CanInterface() {
		held, ok = v.Interface().(reflect.Value)
	}
	return held, ok
}

func (b *builder) pointer(v reflect.Value, depth, size, text int) node {
	if v.IsNil() {
		return leaf("nil")
	}
	return b.once(v, 0, func() node { return b.build(v.Elem(), depth, size-1, text).pointedAt() })
}

// once builds what a reference leads to, unless that is where it comes from.
func (b *builder) once(v reflect.Value, length int, build func() node) node {
	at := visit{int(v.Pointer()), length, v.Type()}
	if b.path[at] {
		return leaf("↻")
	}
	if b.path == nil {
		b.path = map[visit]bool{}
	}
	b.path[at] = true
	defer delete(b.path, at)
	return build()
}

func (b *builder) composite(v reflect.Value, depth, size, text int) node {
	switch v.Kind() {
	case reflect.Struct:
		return b.structure(v, depth, size)
	case reflect.Map:
		return b.mapping(v, depth, size)
	}
	if n, ok := bytesText(v, text); ok {
		return n
	}
	return b.list(v, depth, size)
}

func (b *builder) structure(v reflect.Value, depth, size int) node {
	n := node{open: "{", shut: "}", size: 1}
	for i := range v.NumField() {
		share := (size - n.size) / (v.NumField() - i)
		n.add(v.Type().Field(i).Name+":", b.build(v.Field(i), depth+1, share, inside))
	}
	return n.sealed()
}

// mapping shows the entries with the least keys.
func (b *builder) mapping(v reflect.Value, depth, size int) node {
	n := node{open: "map[", shut: "]", size: 1}
	show := v.Len()
	if show > shownAll {
		show = shownHead
		n.note = " (" + count(v.Len(), "entry") + ")"
	}
	for i, e := range leastEntries(v, show) {
		share := (size - n.size) / (show - i)
		label := b.build(e.key, depth+1, share/2, listed)
		value := b.build(e.value, depth+1, share-label.size, inside)
		n.add(clip(label.oneLine(), listed)+":", value)
		n.size += label.size
	}
	if show < v.Len() {
		n.add("", gap())
	}
	return n.sealed()
}

func (b *builder) list(v reflect.Value, depth, size int) node {
	n := node{open: "[", shut: "]", size: 1}
	head, tail := ends(v, depth)
	text := listed
	if head+tail <= fewItems {
		text = inside
	}
	for i := range head + tail {
		at := i
		if i >= head {
			at = v.Len() - tail + i - head
		}
		if i == head && head+tail < v.Len() {
			n.add("", gap())
		}
		n.add("", b.build(v.Index(at), depth+1, (size-n.size)/(head+tail-i), text))
	}
	if head+tail < v.Len() {
		n.note = " (" + count(v.Len(), "value") + ")"
	}
	return n.sealed()
}

// ends returns how many of the first and of the last elements of a list are shown.
func ends(v reflect.Value, depth int) (head, tail int) {
	all, head, tail := shownAll, shownHead, shownTail
	scalars := isScalar(v.Type().Elem().Kind())
	switch {
	case depth == 0 && scalars && (isNumber(v.Type().Elem().Kind()) || areShort(v)):
		all, head, tail = 100, 30, 10
	case depth > 0 && scalars:
		tail = 1
	case depth > 0:
		all, head, tail = 8, 5, 1
	}
	if v.Len() <= all {
		return v.Len(), 0
	}
	return head, tail
}

// Of rows so many are shown: all if they are no more than that, or so many at either end.
const (
	shownAll  = 20
	shownHead = 10
	shownTail = 5
)

// areShort tells whether several elements fit into a line, by the first ones.
func areShort(v reflect.Value) bool {
	total := 0
	for i := range min(v.Len(), shownHead) {
		if v.Index(i).Kind() == reflect.String {
			total += min(v.Index(i).Len(), listed)
		}
	}
	return total < shownHead*shownAll
}
