package data

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kairos/stdlib/arrange"
)

// columnKind is what the values of a column have in common.
type columnKind int

const (
	nothing columnKind = iota // only null
	truth
	integer
	fraction
	words
	list
	object
	mixed // no common type: JSON
)

// column is the type of a column, or of a part of one.
type column struct {
	kind   columnKind
	member *column            // of a list
	fields map[string]*column // of an object
}

// valueOf reads the JSON of a value; numbers stay as they are written.
func valueOf(text []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// see makes room in the type for one more value.
func (c *column) see(v any) {
	kind := kindOfValue(v)
	switch {
	case kind == nothing:
		return
	case c.kind == nothing:
		c.kind = kind
	case c.kind == integer && kind == fraction:
		c.kind = fraction
	case c.kind == fraction && kind == integer:
	case c.kind != kind:
		*c = column{kind: mixed}
	}
	switch c.kind {
	case list:
		if c.member == nil {
			c.member = new(column)
		}
		for _, member := range v.([]any) {
			c.member.see(member)
		}
	case object:
		if c.fields == nil {
			c.fields = map[string]*column{}
		}
		for name, value := range v.(map[string]any) {
			if c.fields[name] == nil {
				c.fields[name] = new(column)
			}
			c.fields[name].see(value)
		}
	}
}

func kindOfValue(v any) columnKind {
	switch v := v.(type) {
	case nil:
		return nothing
	case bool:
		return truth
	case string:
		return words
	case []any:
		return list
	case map[string]any:
		return object
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return integer
		}
		if strings.ContainsAny(v.String(), ".eE") {
			return fraction
		}
	}
	return mixed // an integer of more than 64 bits
}

// settle is called when all values were seen. Parquet has no object without fields.
func (c *column) settle() {
	switch {
	case c.kind == list:
		c.member.settle()
	case c.kind == object && len(c.fields) == 0:
		c.kind = mixed
	}
	for _, field := range c.fields {
		field.settle()
	}
}

// names are the fields of an object, in the order of their columns.
func (c *column) names() []string { return slices.Sorted(maps.Keys(c.fields)) }

// table is what the columns of records are.
type table struct {
	names   []string // in the order in which they first occur
	columns map[string]*column
}

// tableOf looks at all records of an arrangement.
func tableOf(a Arrangement) (*table, error) {
	t := &table{columns: map[string]*column{}}
	for _, index := range slices.Sorted(slices.Values(arrange.Order(a.Places))) { // the same columns for every order
		fields, err := fieldsOf(a.Records[index].Raw)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", index, err)
		}
		for _, f := range fields {
			if f.name == added {
				continue
			}
			v, err := valueOf(f.value())
			if err != nil {
				return nil, fmt.Errorf("record %d: field %q: %w", index, f.name, err)
			}
			if t.columns[f.name] == nil {
				t.names = append(t.names, f.name)
				t.columns[f.name] = new(column)
			}
			t.columns[f.name].see(v)
		}
	}
	for _, c := range t.columns {
		c.settle()
	}
	for _, name := range []string{"order", "index", "round", "distance"} {
		if t.columns[name] != nil {
			return nil, fmt.Errorf("the records have a field %q, as a column that is added is called: write .jsonl, or rename the field", name)
		}
	}
	return t, nil
}

// values are the fields of a record by name.
func (t *table) values(raw []byte) (map[string]any, error) {
	fields, err := fieldsOf(raw)
	values := make(map[string]any, len(fields))
	for _, f := range fields {
		if f.name == added {
			continue
		}
		v, err := valueOf(f.value())
		if err != nil {
			return nil, err
		}
		values[f.name] = v
	}
	return values, err
}

// jsonText is a value as JSON.
func jsonText(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // it was read from JSON
	}
	return bytes.TrimSpace(b.Bytes())
}

// float is a number as a float64; one beyond its range is infinite.
func float(n json.Number) float64 {
	f, _ := strconv.ParseFloat(n.String(), 64)
	return f
}
