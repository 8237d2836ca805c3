package engine

import (
	"reflect"
	"unicode/utf8"
)

// iteration is where a range loop over a slice, an array or a string is. It lies in a slot of the frame that yaegi keeps
// for the loop: the program may change the loop's variables.
type iteration struct {
	over reflect.Value
	text string
	next int
}

// ranges executes a range loop: first the node of the key, which begins it, then the node of the loop, again and again.
func (g *generator) ranges(n *node) {
	key, over := n.child[0], n.child[len(n.child)-2]
	var value *node
	if len(n.child) == 4 {
		value = n.child[1]
	}
	kind := typeOf(over.typ).Kind()
	at := key.findex - 1
	n.exec = g.step(n, kind, at, slotOf(key), slotOf(value))
	step, from := n.exec, genValue(over)
	key.exec = func(f *frame) bltn {
		it := &iteration{over: from(f)}
		switch {
		case kind == reflect.String:
			it.text = it.over.String()
		case kind == reflect.Slice || value != nil:
			it.over = reflect.ValueOf(it.over.Interface()) // a copy, which assignments in the loop do not change
		}
		f.data[at] = reflect.ValueOf(it)
		return step
	}
}

// step makes the exec that goes on to the next element.
func (g *generator) step(n *node, kind reflect.Kind, at, key, value int) bltn {
	body, done := execOf(n.tnext), execOf(n.fnext)
	if kind == reflect.String {
		return func(f *frame) bltn {
			it := (*iteration)(placeOf(f.data[at]))
			if it.next >= len(it.text) {
				return done
			}
			r, size := utf8.DecodeRuneInString(it.text[it.next:])
			f.setInt(key, it.next)
			f.setInt(value, int(r))
			it.next += size
			return body
		}
	}
	return func(f *frame) bltn {
		it := (*iteration)(placeOf(f.data[at]))
		i := it.next
		if i >= it.over.Len() {
			return done
		}
		f.setInt(key, i)
		if value >= 0 {
			f.data[value].Set(it.over.Index(i))
		}
		it.next++
		return body
	}
}

func (f *frame) setInt(i, x int) {
	if i >= 0 {
		f.data[i].SetInt(int64(x))
	}
}

// slotOf is where in the frame a variable lies; -1 if there is none.
func slotOf(n *node) int {
	if n == nil || n.ident == "_" {
		return -1
	}
	return n.findex
}
