package shard

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"

	"kairos/stdlib/matrix"
)

// blockRows are so many that the work on a block hides what begins it, and so few that a shard of
// any size needs some megabytes.
const blockRows = 512

// Rows are some training rows: their indices in the whole set, and a vector of each. They are valid
// until the next ones.
type Rows struct {
	Index   []int
	Vectors *matrix.Dense
}

// Blocks gives the rows from to to of a matrix, such as a file of vectors that each of many
// processes has a part of.
func Blocks(ctx context.Context, m matrix.Blocks, from, to int) iter.Seq2[Rows, error] {
	return func(yield func(Rows, error) bool) {
		if n, _ := m.Dims(); from < 0 || to < from || to > n {
			yield(Rows{}, fmt.Errorf("rows %d to %d: want a part of 0 to %d", from, to, n))
			return
		}
		index := make([]int, to-from)
		for i := range index {
			index[i] = from + i
		}
		inBlocks(ctx, m, from, index, yield)
	}
}

// Indexed gives all rows of a matrix, which in the whole set have these indices.
func Indexed(ctx context.Context, m matrix.Blocks, index []int) iter.Seq2[Rows, error] {
	return func(yield func(Rows, error) bool) {
		if n, _ := m.Dims(); n != len(index) {
			yield(Rows{}, fmt.Errorf("%d rows with %d indices", n, len(index)))
			return
		}
		inBlocks(ctx, m, 0, index, yield)
	}
}

// inBlocks yields the rows of m from the first one on that have indices.
func inBlocks(ctx context.Context, m matrix.Blocks, first int, index []int, yield func(Rows, error) bool) {
	buf := new(matrix.Dense)
	for at := 0; at < len(index); at += blockRows {
		end := min(at+blockRows, len(index))
		block, err := m.Block(ctx, first+at, first+end, buf)
		if !yield(Rows{index[at:end], block}, err) || err != nil {
			return
		}
	}
}

// Lines reads rows from lines of any of these forms, where a vector is base64 of its float32
// values, little-endian, or a list of numbers in brackets, and its row is its index in the whole
// set, from 0:
//
//	row TAB vector
//	{"row": row, "vector": vector}
//
// The first are what TRANSFORM of Spark and Hive gives. A null, which it writes as \N, a line that
// cannot be read, and vectors of more than one length are errors that name the line.
func Lines(r io.Reader) iter.Seq2[Rows, error] {
	return func(yield func(Rows, error) bool) {
		in := bufio.NewReaderSize(r, 1<<16)
		d := decoder{rows: Rows{Vectors: new(matrix.Dense)}}
		for number := 1; ; number++ {
			line, err := in.ReadBytes('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Rows{}, err)
				return
			}
			last := err != nil
			if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
				if err := d.add(line); err != nil {
					yield(Rows{}, fmt.Errorf("line %d: %w", number, err))
					return
				}
			}
			if n := len(d.rows.Index); n == blockRows || last && n > 0 {
				if !yield(d.rows, nil) {
					return
				}
				d.reset()
			}
			if last {
				return
			}
		}
	}
}

// decoder collects the rows of lines.
type decoder struct {
	rows Rows
	raw  []byte
}

func (d *decoder) reset() {
	d.rows.Index = d.rows.Index[:0]
	d.rows.Vectors.Data, d.rows.Vectors.Rows = d.rows.Vectors.Data[:0], 0
}

func (d *decoder) add(line []byte) error {
	row, vector, err := split(line)
	if err != nil {
		return err
	}
	m := d.rows.Vectors
	before := len(m.Data)
	if m.Data, err = d.vector(m.Data, vector); err != nil {
		return fmt.Errorf("row %d: %w", row, err)
	}
	switch n := len(m.Data) - before; {
	case n == 0:
		return fmt.Errorf("row %d: the vector is empty", row)
	case m.Cols == 0:
		m.Cols = n
	case m.Cols != n:
		return fmt.Errorf("row %d: the vector has %d dimensions, those before have %d", row, n, m.Cols)
	}
	d.rows.Index = append(d.rows.Index, row)
	m.Rows++
	return nil
}

// split finds a line's row and the text of its vector.
func split(line []byte) (row int, vector []byte, err error) {
	if line[0] == '{' {
		var record struct {
			Row    *int            `json:"row"`
			Vector json.RawMessage `json:"vector"`
		}
		if err := json.Unmarshal(line, &record); err != nil {
			return 0, nil, err
		}
		if record.Row == nil || *record.Row < 0 || record.Vector == nil {
			return 0, nil, errors.New(`want {"row": a number from 0, "vector": …}`)
		}
		return *record.Row, bytes.Trim(record.Vector, `"`), nil
	}
	number, vector, ok := bytes.Cut(line, []byte{'\t'})
	if !ok {
		return 0, nil, errors.New("want a row, a tab and a vector, or a JSON object")
	}
	row, err = strconv.Atoi(string(number))
	if err != nil || row < 0 {
		return 0, nil, fmt.Errorf("the row is %q: want a number from 0", number)
	}
	return row, vector, nil
}

// vector appends the values that text holds.
func (d *decoder) vector(to []float32, text []byte) ([]float32, error) {
	switch {
	case string(text) == `\N` || string(text) == "null" || len(text) == 0:
		return to, errors.New("there is no vector")
	case text[0] == '[':
		return list(to, text)
	}
	raw, err := base64.StdEncoding.AppendDecode(d.raw[:0], text)
	d.raw = raw
	if err != nil {
		return to, fmt.Errorf("the vector is neither base64 nor a list: %w", err)
	}
	if len(raw)%4 != 0 {
		return to, fmt.Errorf("the vector has %d bytes: want float32 values, four bytes each", len(raw))
	}
	for k := 0; k < len(raw); k += 4 {
		to = append(to, math.Float32frombits(binary.LittleEndian.Uint32(raw[k:])))
	}
	return to, nil
}

// list appends the numbers of a list in brackets.
func list(to []float32, text []byte) ([]float32, error) {
	if text[len(text)-1] != ']' {
		return to, errors.New("the vector is cut off: want ] at its end")
	}
	before := len(to)
	for number := range bytes.SplitSeq(text[1:len(text)-1], []byte{','}) {
		x, err := strconv.ParseFloat(string(bytes.TrimSpace(number)), 32)
		if err != nil {
			return to, fmt.Errorf("value %d of the vector is %q: want a float32", len(to)-before, number)
		}
		to = append(to, float32(x))
	}
	return to, nil
}
