package spark

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"

	"kairos/internal/atomicfile"
	"kairos/stdlib/matrix"
)

// groupRows are the rows of a row group, by which Spark splits a file into tasks: a few seconds of
// work each, for some thousand test vectors.
const groupRows = 1 << 14

// tableRow is a row of the tables that Write makes.
type tableRow struct {
	Row    int64  `parquet:"row"`
	Vector []byte `parquet:"vector"`
}

// Write writes vectors as a Parquet file with the columns row, the index from 0, and vector, float32
// values as binary, little-endian, which is the shortest way through Spark. The file appears whole
// or not at all. No rows, and a value that is NaN or infinite, are errors. ctx is looked at every
// 512 rows.
func Write(ctx context.Context, path string, m matrix.Blocks) error {
	err := atomicfile.Write(path, func(w io.Writer) error { return writeTable(ctx, w, m) })
	if err != nil {
		return fmt.Errorf("spark: write %s: %w", path, err)
	}
	return nil
}

func writeTable(ctx context.Context, w io.Writer, m matrix.Blocks) error {
	rows, _ := m.Dims()
	if rows == 0 {
		return errors.New("there are no rows")
	}
	out := parquet.NewGenericWriter[tableRow](w, parquet.MaxRowsPerRowGroup(groupRows))
	table := make([]tableRow, 0, 512)
	buf := new(matrix.Dense)
	for from := 0; from < rows; from += cap(table) {
		if err := ctx.Err(); err != nil {
			return err
		}
		block, err := m.Block(ctx, from, min(from+cap(table), rows), buf)
		if err != nil {
			return err
		}
		table = table[:0]
		for i := range block.Rows {
			raw, err := encode(block.Row(i))
			if err != nil {
				return fmt.Errorf("row %d: %w", from+i, err)
			}
			table = append(table, tableRow{int64(from + i), raw})
		}
		if _, err := out.Write(table); err != nil {
			return err
		}
	}
	return out.Close()
}

func encode(vector []float32) ([]byte, error) {
	raw := make([]byte, 0, 4*len(vector))
	for k, x := range vector {
		if x-x != 0 { // NaN or infinite
			return nil, fmt.Errorf("value %d is %v: want a finite number", k, x)
		}
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return raw, nil
}
