package forge

import (
	"fmt"
	"go/types"
	"slices"
)

// Grow gives forged types, and those that embed them, the methods that
// go/types lists by now, and takes away those that it does not list any more.
// The new ones wait for Bind; replaced ones of the same signature keep their
// code until then. Types that are not forged yet have them anyway, but may
// only be forged once those that they embed have grown.
//
// Once one is bound, interfaces that a type implements hold it even where an
// assertion to them failed before. What stays is what packages like
// encoding/json remember about a type.
func (w *World) Grow(named ...*types.Named) error {
	if len(named) == 0 {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var grown []*methodTable
	before := map[*methodTable][]*method{}
	err := w.attempt(func() {
		for _, table := range w.tables {
			if list, ok := w.outgrown(table, named); ok {
				before[table], table.methods = table.methods, list
				grown = append(grown, table)
			}
		}
		for _, table := range grown {
			table.code()
		}
	})
	if err != nil {
		for table, methods := range before {
			table.methods = methods
		}
		return fmt.Errorf("forge: add methods: %w", err)
	}
	w.enter(grown, before)
	return nil
}

// outgrown lists the methods of a type if they are others than before.
func (w *World) outgrown(table *methodTable, named []*types.Named) ([]*method, bool) {
	d := table.of
	if s, ok := d.under.(*types.Struct); !slices.Contains(named, d.named) && (!ok || !embedsAny(s)) {
		return nil, false
	}
	claimed := len(w.claimed)
	list := w.methodsOf(d.key(), table)
	if len(list) > table.room {
		fail("%s has no room for more than %d methods: declare the type again, with its methods", d.text, table.room)
	}
	return list, len(w.claimed) > claimed || len(list) < len(table.methods)
}

// enter writes the methods of types that have got new ones.
func (w *World) enter(grown []*methodTable, before map[*methodTable][]*method) {
	for _, table := range grown {
		for _, m := range before[table] {
			if now := table.find(m.fn.Pkg(), m.fn.Name()); now == nil || now.pointer != m.pointer {
				table.past = append(table.past, m)
			}
		}
		table.write()
		w.changed[table.of.typ], w.changed[table.of.pointer()] = true, true
	}
}

// announce makes the runtime look at the methods of types again that have
// changed. It is Bind that does so: a cell whose methods are not bound failed,
// and what it declared may be taken back as long as nobody has called it.
func (w *World) announce() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.changed) > 0 {
		refill(w.changed)
		forget(w.changed)
		clear(w.changed)
	}
}
