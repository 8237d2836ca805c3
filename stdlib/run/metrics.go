package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// metrics is metrics.jsonl, open for rows to come.
type metrics struct {
	file *os.File
	size int64 // of the rows that are whole
}

// openMetrics opens the file of a run that goes on with its first n rows, or as many as there are,
// which it returns. What comes after them, whole or cut short, is removed: it will be computed again.
func openMetrics(dir string, n int) (*metrics, []Row, error) {
	path := in(dir, metricsFile)
	rows, ends, _ := readMetrics(path) // what cannot be read comes after what can
	n = min(n, len(rows))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, nil, err
	}
	m := &metrics{file: file}
	if n > 0 {
		m.size = ends[n-1]
	}
	if err := file.Truncate(m.size); err != nil {
		file.Close()
		return nil, nil, err
	}
	return m, rows[:n], nil
}

// readMetrics returns the rows of the file, and where each ends. None, and a last one that is cut
// short, are no errors.
func readMetrics(path string) (rows []Row, ends []int64, err error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	end := int64(0)
	for len(text) > 0 {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		var row Row
		err := json.Unmarshal(line, &row)
		if err == nil && len(rows) > 0 && row.Step != rows[len(rows)-1].Step+1 {
			err = fmt.Errorf("step %d comes after step %d", row.Step, rows[len(rows)-1].Step)
		}
		if !whole || err != nil && len(rest) == 0 {
			break
		}
		if err != nil {
			return rows, ends, fmt.Errorf("%s:%d: %w", path, len(rows)+1, err)
		}
		end += int64(len(line)) + 1
		rows, ends = append(rows, row), append(ends, end)
		text = rest
	}
	return rows, ends, nil
}

// append writes a row: whole, or not at all if that fails.
func (m *metrics) append(row Row) error {
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if _, err := m.file.WriteAt(text, m.size); err != nil {
		return errors.Join(err, m.file.Truncate(m.size))
	}
	m.size += int64(len(text))
	return nil
}

// sync has the rows on disk.
func (m *metrics) sync() error { return m.file.Sync() }

func (m *metrics) close() { m.file.Close() }
