package engine

import (
	"reflect"
)

// assign executes an assignment or definition of one value.
func (g *generator) assign(n *node) {
	if n.nleft != 1 {
		panic("core assigns one value at a time, or the results of a call")
	}
	dest, src, next := n.child[0], n.child[len(n.child)-1], execOf(n.tnext)
	set, value := destination(dest), converted(src, typeOf(dest.typ))
	n.exec = func(f *frame) bltn {
		set(f, value(f))
		return next
	}
}

// converted says how to get the value of a node whose type may still be that of an untyped expression.
func converted(n *node, t reflect.Type) getter {
	value := operand(n, t)
	if n.typ.untyped && !n.rval.IsValid() && t.Kind() != reflect.Interface {
		return func(f *frame) reflect.Value { return value(f).Convert(t) }
	}
	return value
}

// lookUp is m[key], and nothing where that is assigned to, which the assignment does.
func (g *generator) lookUp(n *node) {
	a := n.anc
	if a.action == aAssign && a.child[0] == n || a.action == aAssignX && a.child[len(a.child)-1] != n {
		g.nothing(n)
		return
	}
	n.gen(n)
}

// lookUpOk executes v, ok = m[key]. Yaegi leaves v as it is if there is no such key.
func (g *generator) lookUpOk(n *node) {
	typ := typeOf(n.child[0].typ)
	m, key := genValue(n.child[0]), operand(n.child[1], typ.Key())
	dest, ok := destination(n.anc.child[0]), destination(n.anc.child[1])
	zero, next := reflect.Zero(typ.Elem()), execOf(n.tnext)
	n.exec = func(f *frame) bltn {
		v := m(f).MapIndex(key(f))
		found := v.IsValid()
		if !found {
			v = zero
		}
		dest(f, v)
		ok(f, truth[found])
		return next
	}
}

var truth = map[bool]reflect.Value{false: reflect.ValueOf(false), true: reflect.ValueOf(true)}

// reset executes the declaration of variables without values. Nothing refers to their old ones: variables that are
// shared have boxes.
func (g *generator) reset(n *node) {
	next := execOf(n.tnext)
	var index []int
	for _, c := range n.child[:len(n.child)-1] {
		index = append(index, c.findex)
	}
	n.exec = func(f *frame) bltn {
		for _, i := range index {
			f.data[i].SetZero()
		}
		return next
	}
}

// appends executes append.
func (g *generator) appends(n *node) {
	typ := typeOf(n.child[1].typ)
	slice, dest, next := operand(n.child[1], typ), genValue(n), execOf(n.tnext)
	if n.action == aCallSlice {
		more := operand(n.child[2], typ)
		n.exec = func(f *frame) bltn {
			dest(f).Set(reflect.AppendSlice(slice(f), asSlice(more(f), typ)))
			return next
		}
		return
	}
	values := make([]getter, len(n.child)-2)
	for i := range values {
		values[i] = converted(n.child[2+i], typ.Elem())
	}
	n.exec = func(f *frame) bltn {
		more := make([]reflect.Value, len(values))
		for i, value := range values {
			more[i] = value(f)
		}
		dest(f).Set(reflect.Append(slice(f), more...))
		return next
	}
}

// asSlice converts the second argument of append, which can be a string.
func asSlice(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Kind() == reflect.String {
		return v.Convert(t)
	}
	return v
}
