package shard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kairos/stdlib/arrange"
)

// WritePlaces writes an arrangement as lines of three numbers between tabs: the row, its round, −1
// where there are none, and its distance.
func WritePlaces(w io.Writer, places []arrange.Place) error {
	out := bufio.NewWriter(w) // keeps the first error
	var line []byte
	for _, p := range places {
		line = strconv.AppendInt(line[:0], int64(p.Index), 10)
		line = strconv.AppendInt(append(line, '\t'), int64(p.Round), 10)
		line = strconv.AppendFloat(append(line, '\t'), p.Distance, 'g', -1, 64)
		out.Write(append(line, '\n'))
	}
	return out.Flush()
}

// ReadPlaces reads what WritePlaces wrote. A line of another form is an error that names it.
func ReadPlaces(r io.Reader) ([]arrange.Place, error) {
	var places []arrange.Place
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("shard: read places: line %d: want a row, a round and a distance between tabs", len(places)+1)
		}
		row, err1 := strconv.Atoi(fields[0])
		round, err2 := strconv.Atoi(fields[1])
		distance, err3 := strconv.ParseFloat(fields[2], 64)
		if err := errors.Join(err1, err2, err3); err != nil || row < 0 || round < -1 {
			return nil, fmt.Errorf("shard: read places: line %d: %q: want a row, a round and a distance", len(places)+1, lines.Text())
		}
		places = append(places, arrange.Place{Index: row, Round: round, Distance: distance})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("shard: read places: %w", err)
	}
	return places, nil
}
