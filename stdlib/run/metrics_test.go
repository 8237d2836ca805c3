package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lines are n rows as a file has them.
func lines(t *testing.T, n int) (text string) {
	t.Helper()
	for i := range n {
		row := Row{Step: i, Evaluated: i%2 == 0, UnseenLoss: 1.5, UnseenByTask: map[string]float64{"a": 1.5}, TrainLoss: 0.25}
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		text += string(line) + "\n"
	}
	return text
}

func TestMetricsInAnyState(t *testing.T) {
	path := filepath.Join(t.TempDir(), metricsFile)
	five := lines(t, 5)
	for _, c := range []struct {
		name, text string
		rows       int
		err        string
	}{
		{"empty", "", 0, ""},
		{"whole", five, 5, ""},
		{"cut within the last line", five[:len(five)-9], 4, ""},
		{"cut before the last line's end", five[:len(five)-1], 4, ""},
		{"a beginning", five + `{"st`, 5, ""},
		{"zeros, as a machine leaves them that lost its power", five + "\x00\x00\x00", 5, ""},
		{"rubbish in between", strings.Replace(five, `"step":3`, `"step:3`, 1), 3, metricsFile + ":4: "},
		{"a step twice", five + five, 5, metricsFile + ":6: step 0 comes after step 4"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		rows, ends, err := readMetrics(path)
		if len(rows) != c.rows || len(ends) != c.rows || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %d rows, error %v, want %d and %q", c.name, len(rows), err, c.rows, c.err)
		}
	}
}

// What comes after the rows of a checkpoint goes, and rows that come anew are where it was.
func TestMetricsGoOn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, metricsFile)
	five := lines(t, 5)
	for _, left := range []string{five, five[:len(five)-3], lines(t, 3) + "\x00\x00", lines(t, 3)} {
		if err := os.WriteFile(path, []byte(left), 0o666); err != nil {
			t.Fatal(err)
		}
		m, rows, err := openMetrics(dir, 3)
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		more, _, _ := readMetrics(path)
		if len(more) != 3 {
			t.Errorf("%d rows are left, want 3", len(more))
		}
		for i := 3; i < 5; i++ {
			row := Row{Step: i, Evaluated: i%2 == 0, UnseenLoss: 1.5, UnseenByTask: map[string]float64{"a": 1.5}, TrainLoss: 0.25}
			if err := m.append(row); err != nil {
				t.Fatal(err)
			}
		}
		m.close()
		if text, _ := os.ReadFile(path); string(text) != five {
			t.Errorf("the file is\n%s, want\n%s", text, five)
		}
		if err := m.append(Row{}); err == nil {
			t.Error("a closed file takes rows")
		}
	}
	if _, rows, err := openMetrics(t.TempDir(), 3); err != nil || len(rows) != 0 {
		t.Errorf("no file: %d rows, %v", len(rows), err)
	}
}

func TestRowsSurviveTheirLines(t *testing.T) {
	for _, want := range []Row{
		{Evaluated: true, UnseenLoss: 3.25, UnseenByTask: map[string]float64{"": 3.25}},
		{Step: 1, Tokens: 9, Seconds: 0.1},
		{Step: 7, TrainLoss: 1.0 / 3, LR: 1e-6, GradNorm: 2, Tokens: 3, Seconds: 4, Evaluated: true, UnseenLoss: 0, UnseenByTask: map[string]float64{"a": 0}},
	} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Row
		if err := json.Unmarshal(text, &got); err != nil || fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
			t.Errorf("%s is read as %+v, %v, want %+v", text, got, err, want)
		}
		if training := strings.Contains(string(text), "train_loss"); training != (want.Step > 0) {
			t.Errorf("step %d: %s", want.Step, text)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "there is no run") {
		t.Errorf("an empty directory: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, configFile), []byte(`{"steps": 3, "train": {"sha256": "ab"}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if r, err := Read(dir); err != nil || r.Total != 3 || r.Done() != 0 || r.Complete {
		t.Errorf("a run that has just begun: %+v, %v", r, err)
	}
	if err := os.WriteFile(filepath.Join(dir, summaryFile), []byte(`{}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "ends at step 0 of 3, and the run is complete") {
		t.Errorf("a complete run without rows: %v", err)
	}
}
