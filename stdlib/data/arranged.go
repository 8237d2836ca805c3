package data

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"

	"kairos/internal/atomicfile"
	"kairos/stdlib/arrange"
)

// Arrangement is a training set in its order: which records, from which round, how far.
type Arrangement struct {
	Records []Record
	Places  []arrange.Place

	// Unscored says that the method looked at no distances: they are then written as null.
	Unscored bool
}

// added is the field that WriteArranged adds.
const added = "kairos"

// WriteArranged writes records in the order of an arrangement, to a file that any trainer reads
// from front to back, by its name as JSON lines or as Parquet. The file appears whole or not at all;
// one that was there is replaced.
//
// In a .jsonl file each line is the record as it was read, its fields in their order, and behind
// them
//
//	"kairos": {"index": 17, "round": 0, "distance": -0.71}
//
// the record's number among those that were read, TMA's round or null, and the distance or null. A
// field "kairos" that the record has already, because it was arranged before, is replaced.
//
// A .parquet file has a column for every field of the records, in the order in which they first
// occur, and behind them order (the row's own number), index, round, distance, and task, unless the
// records have a field of this name. Values of a field that fit no common type, such as numbers
// here and texts there, become texts of JSON. A field that is called as one of the added columns is
// an error.
func WriteArranged(path string, a Arrangement) error {
	err := a.check()
	if err == nil {
		switch filepath.Ext(path) {
		case ".jsonl":
			err = atomicfile.Write(path, a.writeLines)
		case ".parquet":
			err = atomicfile.Write(path, a.writeParquet)
		default:
			err = errors.New("want a name that ends in .jsonl or .parquet")
		}
	}
	if err != nil {
		return fmt.Errorf("data: write %s: %w", path, err)
	}
	return nil
}

func (a Arrangement) check() error {
	for k, p := range a.Places {
		if p.Index < 0 || p.Index >= len(a.Records) {
			return fmt.Errorf("place %d is record %d: there are %d", k, p.Index, len(a.Records))
		}
		if math.IsNaN(p.Distance) || math.IsInf(p.Distance, 0) {
			return fmt.Errorf("place %d, record %d: its distance is %v: want a finite number", k, p.Index, p.Distance)
		}
	}
	return nil
}

func (a Arrangement) writeLines(w io.Writer) error {
	var line []byte
	for _, p := range a.Places {
		var err error
		if line, err = a.appendLine(line[:0], p); err != nil {
			return fmt.Errorf("record %d: %w", p.Index, err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// appendLine appends a record with its place.
func (a Arrangement) appendLine(line []byte, p arrange.Place) ([]byte, error) {
	fields, err := fieldsOf(a.Records[p.Index].Raw)
	if err != nil {
		return nil, err
	}
	line = append(line, '{')
	for _, f := range fields {
		if f.name != added {
			line = append(append(line, f.text...), ',')
		}
	}
	line = append(line, `"`+added+`":{"index":`...)
	line = strconv.AppendInt(line, int64(p.Index), 10)
	line = append(line, `,"round":`...)
	if p.Round < 0 {
		line = append(line, "null"...)
	} else {
		line = strconv.AppendInt(line, int64(p.Round), 10)
	}
	line = append(line, `,"distance":`...)
	if a.Unscored {
		line = append(line, "null"...)
	} else {
		line = strconv.AppendFloat(line, p.Distance, 'g', -1, 64)
	}
	return append(line, "}}"...), nil
}
