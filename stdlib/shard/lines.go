package shard

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strconv"

	"kairos/stdlib/arrange"
	"kairos/stdlib/similarity"
)

// Mark begins every line of a part; its digit is the version of the format.
const Mark = "kairos1"

// trailer is the line that a part's lines are checked against.
type trailer struct {
	setting
	Rows  spans  `json:"rows"`
	Lines int    `json:"lines"` // beside this one
	Sum   uint64 `json:"sum,string"`
}

// sum is the hash of a line. Those of all lines are added up, because lines may come in any order.
func sum(line []byte) uint64 {
	h := fnv.New64a()
	h.Write(line)
	return h.Sum64()
}

// sign completes the trailer with the sum over the lines and itself.
func (t trailer) signature(lines uint64) uint64 {
	t.Sum = 0
	raw, err := json.Marshal(t)
	if err != nil {
		panic(err) // numbers and strings
	}
	return lines + sum(raw)
}

// Write writes p as lines, each of which begins with Mark and the number of p's first row, as its
// name, so that the lines of many parts may come in any order:
//
//	kairos1 17 row 18 -0.71 -0.2              a row's least and mean distance
//	kairos1 17 column 4 18:-0.71 17:-0.64 …   the best rows of a test column
//	kairos1 17 end {"rows":"17-18", …}        settings, rows, how many lines, a sum over them
//
// Numbers have as many digits as give the same bits again. A part that knows of no row gives no
// line.
func (p *Part) Write(w io.Writer) error {
	if len(p.rows) == 0 {
		return nil
	}
	out := lineWriter{w: bufio.NewWriterSize(w, 1<<16), end: trailer{setting: p.setting, Rows: p.rows}}
	out.prefix = fmt.Appendf(nil, "%s %d ", Mark, p.name())
	slices.SortFunc(p.terms, func(a, b rowTerms) int { return cmp.Compare(a.row, b.row) })
	for _, t := range p.terms {
		out.row(t)
	}
	if p.Depth > 0 {
		for j := range p.Columns {
			out.column(j, p.best.Column(j))
		}
	}
	return out.finish()
}

type lineWriter struct {
	w      *bufio.Writer // keeps the first error
	prefix []byte
	line   []byte
	end    trailer
}

func (out *lineWriter) row(t rowTerms) {
	line := append(out.line[:0], out.prefix...)
	line = strconv.AppendInt(append(line, "row "...), int64(t.row), 10)
	line = strconv.AppendFloat(append(line, ' '), t.Min, 'g', -1, 64)
	out.put(strconv.AppendFloat(append(line, ' '), t.Mean, 'g', -1, 64))
}

func (out *lineWriter) column(j int, list []arrange.Candidate) {
	if len(list) == 0 {
		return
	}
	line := append(out.line[:0], out.prefix...)
	line = strconv.AppendInt(append(line, "column "...), int64(j), 10)
	for _, c := range list {
		line = strconv.AppendInt(append(line, ' '), int64(c.Row), 10)
		line = strconv.AppendFloat(append(line, ':'), float64(c.Distance), 'g', -1, 32)
	}
	out.put(line)
}

func (out *lineWriter) put(line []byte) {
	out.end.Lines++
	out.end.Sum += sum(line)
	out.line = line
	out.w.Write(line)
	out.w.WriteByte('\n')
}

func (out *lineWriter) finish() error {
	out.end.Sum = out.end.signature(out.end.Sum)
	raw, err := json.Marshal(out.end)
	if err != nil {
		return err
	}
	fmt.Fprintf(out.w, "%send %s\n", out.prefix, raw)
	return out.w.Flush()
}

// Read merges the parts that r holds as lines, in any order. A part that was cut off or changed, and
// one that comes twice, are errors that name it; so is a line that is none of a part. No lines at
// all give a part of no rows.
func Read(r io.Reader) (*Part, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	all := reader{open: map[int]*draft{}, done: map[int]bool{}, merged: new(Part)}
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("shard: read: %w", err)
		}
		last := err != nil
		if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
			if err := all.line(line); err != nil {
				return nil, fmt.Errorf("shard: read: line %d: %w", number, err)
			}
		}
		if last {
			return all.close()
		}
	}
}

// reader puts the lines of parts together.
type reader struct {
	open   map[int]*draft
	done   map[int]bool
	merged *Part
}

// draft is a part of which lines are missing.
type draft struct {
	terms   []rowTerms
	columns []column
	lines   int
	sum     uint64
	end     *trailer
}

type column struct {
	number int
	list   []arrange.Candidate
}

func (r *reader) line(line []byte) error {
	mark, rest, _ := bytes.Cut(line, []byte{' '})
	number, rest, _ := bytes.Cut(rest, []byte{' '})
	kind, rest, ok := bytes.Cut(rest, []byte{' '})
	name, err := strconv.Atoi(string(number))
	if string(mark) != Mark || !ok || err != nil {
		return fmt.Errorf("%.60q is no line of a shard, or one cut off: want %s, a number, and more", line, Mark)
	}
	if r.done[name] {
		return fmt.Errorf("shard %d comes twice: want each once", name)
	}
	if r.open[name] == nil {
		r.open[name] = new(draft)
	}
	d := r.open[name]
	if err := d.line(string(kind), rest); err != nil {
		return fmt.Errorf("shard %d: %w", name, err)
	}
	if string(kind) != "end" {
		d.lines++
		d.sum += sum(line)
	}
	if d.end == nil || d.lines < d.end.Lines {
		return nil
	}
	p, err := d.part()
	if err != nil {
		return fmt.Errorf("shard %d: %w", name, err)
	}
	delete(r.open, name)
	r.done[name] = true
	return r.merged.Merge(p)
}

func (r *reader) close() (*Part, error) {
	if len(r.open) == 0 {
		return r.merged, nil
	}
	name := slices.Min(slices.Collect(maps.Keys(r.open)))
	d, of := r.open[name], "and no last one"
	if d.end != nil {
		of = fmt.Sprintf("of %d", d.end.Lines)
	}
	return nil, fmt.Errorf("shard: read: shard %d was cut off: it has %d lines %s; compute it again", name, d.lines, of)
}

func (d *draft) line(kind string, rest []byte) error {
	switch kind {
	case "row":
		t, err := parseRow(rest)
		d.terms = append(d.terms, t)
		return err
	case "column":
		c, err := parseColumn(rest)
		d.columns = append(d.columns, c)
		return err
	case "end":
		if d.end != nil {
			return errors.New("it ends twice: want each shard once")
		}
		d.end = new(trailer)
		known := json.NewDecoder(bytes.NewReader(rest))
		known.DisallowUnknownFields()
		if err := known.Decode(d.end); err != nil {
			return fmt.Errorf("its last line was cut off: %w", err)
		}
		if len(d.end.Rows) == 0 || d.end.Columns < 1 || d.end.Depth < 0 {
			return errors.New("its last line names no rows")
		}
		return nil
	}
	return fmt.Errorf("%.20q is no kind of line", kind)
}

var errLine = errors.New("a line was cut off or changed")

func parseRow(text []byte) (t rowTerms, err error) {
	fields := bytes.Fields(text)
	if len(fields) != 3 {
		return t, errLine
	}
	row, err1 := strconv.Atoi(string(fields[0]))
	least, err2 := strconv.ParseFloat(string(fields[1]), 64)
	mean, err3 := strconv.ParseFloat(string(fields[2]), 64)
	if errors.Join(err1, err2, err3) != nil {
		return t, errLine
	}
	return rowTerms{row, similarity.Terms{Min: least, Mean: mean}}, nil
}

func parseColumn(text []byte) (c column, err error) {
	first, rest, _ := bytes.Cut(text, []byte{' '})
	if c.number, err = strconv.Atoi(string(first)); err != nil {
		return c, errLine
	}
	c.list = make([]arrange.Candidate, 0, bytes.Count(rest, []byte{':'}))
	for pair := range bytes.SplitSeq(rest, []byte{' '}) {
		row, distance, _ := bytes.Cut(pair, []byte{':'})
		i, err1 := strconv.Atoi(string(row))
		d, err2 := strconv.ParseFloat(string(distance), 32)
		if errors.Join(err1, err2) != nil {
			return c, errLine
		}
		c.list = append(c.list, arrange.Candidate{Row: i, Distance: float32(d)})
	}
	return c, nil
}

// part checks the lines against the trailer and makes a part of them.
func (d *draft) part() (*Part, error) {
	if d.lines != d.end.Lines || d.end.signature(d.sum) != d.end.Sum {
		return nil, errors.New("its lines were changed, or are of two runs: compute it again")
	}
	p := &Part{setting: d.end.setting, rows: d.end.Rows, terms: d.terms}
	if p.WithScores && len(p.terms) != p.Rows() {
		return nil, errors.New("it has not one line for each row")
	}
	if p.Depth == 0 {
		return p, nil
	}
	p.best = arrange.NewCandidates(p.Columns, p.Depth, p.Farthest)
	for _, c := range d.columns {
		if c.number < 0 || c.number >= p.Columns {
			return nil, fmt.Errorf("it has a column %d of %d", c.number, p.Columns)
		}
		if err := p.best.Put(c.number, c.list); err != nil {
			return nil, err
		}
	}
	return p, nil
}
