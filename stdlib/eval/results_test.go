package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The file that Python's json wrote is read, and written again byte for byte.
func TestFilesAreTheReferences(t *testing.T) {
	for name, n := range map[string]int{"odd.json": 19, "test_results.json": 5} {
		path := filepath.Join("testdata", name)
		results, err := ReadResults(path)
		if err != nil || len(results) != n {
			t.Fatalf("%s: %d results, %v", name, len(results), err)
		}
		again := filepath.Join(t.TempDir(), name)
		if err := WriteResults(again, results); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(again)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s: %s", name, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
		}
	}
}

func TestReadByHand(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Result
	}{
		{`{"cnt": 0, "data": []}`, []Result{}},
		{`{"cnt": 2, "data": [{"prompt": "p", "pred": "a NaN \" NaN", "label": "l", "loss": NaN, "task": "t"}, {"loss": -Infinity}]}`,
			[]Result{{"t", math.NaN(), "p", "a NaN \" NaN", "l"}, {Loss: math.Inf(-1)}}},
		{`{"data": [{"prompt": "p", "pred": "x", "label": "l", "more": [1, {}]}], "step": 3}`, []Result{{"", math.NaN(), "p", "x", "l"}}},
		{"{\"data\":[{\"loss\":2e-3}]}\n", []Result{{Loss: 0.002}}},
	} {
		path := filepath.Join(t.TempDir(), "results.json")
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := ReadResults(path)
		if d := cmp.Diff(c.want, got, cmpopts.EquateNaNs()); d != "" || err != nil {
			t.Errorf("%s: %v %s", c.text, err, d)
		}
	}
}

func TestReadErrors(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "results.json")
	for text, want := range map[string]string{
		`{"cnt": 3, "data": [{"loss": 1}]}`:    `"cnt" is 3, but there are 1 results`,
		`{"cnt": 3}`:                           `not a file of results: it has no "data"`,
		`{"cnt": 1, "data": [{"loss": "x"}]}`:  `result 0: "x" is no number`,
		`{"data": [{"loss": 1}, {"task": 1}]}`: `result 1: json: cannot unmarshal number into Go struct field row.task of type string`,
		`{"data": [{"loss": 1`:                 "not a file of results: unexpected end of JSON input",
		`[1, 2]`:                               "not a file of results: json: cannot unmarshal array into Go value of type",
		`{"data": [{"task": "`:                 "not a file of results: unexpected end of JSON input",
		`{"data": [{"task": "\`:                "not a file of results: ",
		``:                                     "not a file of results: unexpected end of JSON input",
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadResults(path); err == nil || !strings.HasPrefix(err.Error(), "eval: read results: "+path+": "+want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	missing := filepath.Join(dir, "missing.json")
	_, err := ReadResults(missing)
	if !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), missing) != 1 {
		t.Errorf("a missing file: %v", err)
	}
}

// What cannot be written leaves what was there.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "none", "results.json")
	if err := WriteResults(path, byHand); err == nil || !strings.HasPrefix(err.Error(), "eval: write results: ") {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Whatever the texts are, Go's reader finds them again, and all is ASCII.
func FuzzQuoted(f *testing.F) {
	for _, s := range []string{"", "a\"b\\c", "\x00\x7f\u2028\ufffd", "\xff\xfe", "🧀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := quoted(nil, s)
		var back string
		if err := json.Unmarshal(b, &back); err != nil || back != string([]rune(s)) {
			t.Errorf("%q became %s and %q, %v", s, b, back, err)
		}
		for _, c := range b {
			if c < ' ' || c > '~' {
				t.Errorf("%q became %q", s, b)
			}
		}
		if !bytes.Equal(strict(b), b) {
			t.Errorf("strict changes %s", b)
		}
	})
}

func ExampleWriteResults() {
	dir, err := os.MkdirTemp("", "kairos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "test_results.json")
	err = WriteResults(path, []Result{{Task: "capital", Loss: 0.25, Prompt: "User: Capital of France?\nAssistant: ", Prediction: "Lyon", Label: "Paris"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := os.ReadFile(path)
	fmt.Println(string(text), err)
	// Output:
	// {
	//     "cnt": 1,
	//     "data": [
	//         {
	//             "prompt": "User: Capital of France?\nAssistant: ",
	//             "pred": "Lyon",
	//             "label": "Paris",
	//             "loss": 0.25,
	//             "task": "capital"
	//         }
	//     ]
	// } <nil>
}

func ExampleReadResults() {
	results, err := ReadResults("testdata/test_results.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d results, mean loss %.3f\n", len(results), Mean(results))
	fmt.Printf("%q: %q, want %q\n", results[0].Prompt, results[0].Prediction, results[0].Label)
	// Output:
	// 5 results, mean loss 3.157
	// "User: What is 2 + 3?\nAssistant: ": "2 + 3 = a5.", want "2 + 3 is 5."
}
