package shard

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
)

// Texts reads the texts of rows from lines, which Spark writes by to_json(struct(row, text)):
//
//	{"row": 17, "text": "…"}
//
// A line without one of the two, or of another form, is an error that names it.
func Texts(r io.Reader) (index []int, texts []string, err error) {
	lines := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	for {
		var line struct {
			Row  *int    `json:"row"`
			Text *string `json:"text"`
		}
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			return index, texts, nil
		}
		if err == nil && (line.Row == nil || *line.Row < 0 || line.Text == nil) {
			err = errors.New(`want {"row": a number from 0, "text": …}`)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("shard: read texts: line %d: %w", len(index)+1, err)
		}
		index, texts = append(index, *line.Row), append(texts, *line.Text)
	}
}

// WriteRows writes rows as Lines reads them: the row, a tab, and base64 of its vector.
func WriteRows(w io.Writer, rows iter.Seq2[Rows, error]) error {
	out := bufio.NewWriterSize(w, 1<<16) // keeps the first error
	var line, raw []byte
	for block, err := range rows {
		if err != nil {
			return fmt.Errorf("shard: write rows: %w", err)
		}
		for i, row := range block.Index {
			raw = raw[:0]
			for _, x := range block.Vectors.Row(i) {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
			}
			line = append(strconv.AppendInt(line[:0], int64(row), 10), '\t')
			line = base64.StdEncoding.AppendEncode(line, raw)
			out.Write(append(line, '\n'))
		}
	}
	return out.Flush()
}
