package data

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"

	"kairos/stdlib/arrange"
)

// groupRows are the rows of a group of the file: what a reader, and the writer, hold at once.
const groupRows = 10_000

// writeParquet writes an arrangement as one file whose rows are in its order. Every column can be
// null, so that records need not have the same fields.
func (a Arrangement) writeParquet(w io.Writer) error {
	t, err := tableOf(a)
	if err != nil {
		return err
	}
	schema := parquet.NewSchema("arranged", t.root())
	out := parquet.NewGenericWriter[any](w, schema, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(groupRows))
	r := &rowWriter{columns: make([][]parquet.Value, len(schema.Columns()))}
	for order, p := range a.Places {
		row, err := a.row(t, r, order, p)
		if err != nil {
			return fmt.Errorf("record %d: %w", p.Index, err)
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return out.Close()
}

// root is the type of a row.
func (t *table) root() parquet.Node {
	g := orderedGroup{Group: parquet.Group{}}
	add := func(name string, c *column) {
		g.names = append(g.names, name)
		g.Group[name] = c.node()
	}
	for _, name := range t.names {
		add(name, t.columns[name])
	}
	add("order", integers())
	add("index", integers())
	add("round", integers())
	add("distance", &column{kind: fraction})
	if t.columns["task"] == nil {
		add("task", &column{kind: words})
	}
	return g
}

// orderedGroup has its fields in the order of their names in the list; a Group sorts them.
type orderedGroup struct {
	parquet.Group
	names []string
}

func (g orderedGroup) Fields() []parquet.Field {
	fields := g.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int {
		return slices.Index(g.names, a.Name()) - slices.Index(g.names, b.Name())
	})
	return fields
}

// node is a column's type as Parquet has it.
func (c *column) node() parquet.Node {
	switch c.kind {
	case truth:
		return parquet.Optional(parquet.Leaf(parquet.BooleanType))
	case integer:
		return parquet.Optional(parquet.Int(64))
	case fraction:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case list:
		return parquet.Optional(parquet.List(c.member.node()))
	case object:
		g := parquet.Group{}
		for name, field := range c.fields {
			g[name] = field.node()
		}
		return parquet.Optional(g)
	}
	return parquet.Optional(parquet.String())
}

// row is a record with its place.
func (a Arrangement) row(t *table, r *rowWriter, order int, p arrange.Place) (parquet.Row, error) {
	record := a.Records[p.Index]
	values, err := t.values(record.Raw)
	if err != nil {
		return nil, err
	}
	r.begin()
	for _, name := range t.names {
		r.put(t.columns[name], values[name], level{})
	}
	there := level{defined: 1}
	r.add(parquet.Int64Value(int64(order)), there)
	r.add(parquet.Int64Value(int64(p.Index)), there)
	if p.Round < 0 {
		r.add(parquet.NullValue(), level{})
	} else {
		r.add(parquet.Int64Value(int64(p.Round)), there)
	}
	if a.Unscored {
		r.add(parquet.NullValue(), level{})
	} else {
		r.add(parquet.DoubleValue(p.Distance), there)
	}
	if t.columns["task"] == nil {
		r.add(parquet.ByteArrayValue([]byte(record.Task)), there)
	}
	return r.row(), nil
}

func integers() *column { return &column{kind: integer} }

// level is where a value stands among lists and nulls: Dremel's repetition and definition levels
// (Melnik et al. 2010), as Parquet has them.
type level struct {
	repeated int // the outermost list that this value goes on with
	defined  int // how many of the parts above it that could be missing are there
	lists    int // that it lies in
}

// rowWriter takes one row apart into its leaves.
type rowWriter struct {
	columns [][]parquet.Value // by leaf
	leaf    int               // that comes next
}

func (r *rowWriter) begin() {
	for i := range r.columns {
		r.columns[i] = r.columns[i][:0]
	}
	r.leaf = 0
}

func (r *rowWriter) row() parquet.Row { return slices.Concat(r.columns...) }

// put puts a value, or null, into the leaves of a column.
func (r *rowWriter) put(c *column, v any, l level) {
	switch {
	case c.kind == list:
		r.list(c, v, l)
	case c.kind == object:
		fields, there := v.(map[string]any)
		if there {
			l.defined++
		}
		for _, name := range c.names() {
			if there {
				r.put(c.fields[name], fields[name], l)
			} else {
				r.absent(c.fields[name], l)
			}
		}
	default:
		value := parquet.NullValue()
		if v != nil {
			value = c.leaf(v)
			l.defined++
		}
		r.add(value, l)
	}
}

// list puts the members of a list one after the other into the same leaves.
func (r *rowWriter) list(c *column, v any, l level) {
	members, there := v.([]any)
	if there {
		l.defined++
	}
	if len(members) == 0 {
		r.absent(c.member, l)
		return
	}
	l.defined++
	l.lists++
	leaf := r.leaf
	for i, member := range members {
		if r.leaf = leaf; i > 0 {
			l.repeated = l.lists
		}
		r.put(c.member, member, l)
	}
}

// absent puts null into all leaves of a column: something above it is not there.
func (r *rowWriter) absent(c *column, l level) {
	switch c.kind {
	case list:
		r.absent(c.member, l)
	case object:
		for _, name := range c.names() {
			r.absent(c.fields[name], l)
		}
	default:
		r.add(parquet.NullValue(), l)
	}
}

func (r *rowWriter) add(v parquet.Value, l level) {
	r.columns[r.leaf] = append(r.columns[r.leaf], v.Level(l.repeated, l.defined, r.leaf))
	r.leaf++
}

// leaf is a value as Parquet has it.
func (c *column) leaf(v any) parquet.Value {
	switch c.kind {
	case truth:
		return parquet.BooleanValue(v.(bool))
	case integer:
		n, _ := v.(json.Number).Int64() // see looked at it
		return parquet.Int64Value(n)
	case fraction:
		return parquet.DoubleValue(float(v.(json.Number)))
	case words:
		return parquet.ByteArrayValue([]byte(v.(string)))
	}
	return parquet.ByteArrayValue(jsonText(v))
}
