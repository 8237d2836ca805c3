package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write puts text into a file of the test's own and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantError checks an error's text, in which DIR stands for the directory of path.
func wantError(t *testing.T, err error, path, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", want)
	} else if got := strings.ReplaceAll(err.Error(), filepath.Dir(path)+string(filepath.Separator), "DIR/"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReadJSONL(t *testing.T) {
	one := []Example{{Data: []string{"Q", "A"}}}
	for name, c := range map[string]struct {
		text string
		want []Example
	}{
		"all fields":        {`{"id":"x1","data":["Q","A","Q2","A2"],"task":"t"}` + "\n", []Example{{"x1", []string{"Q", "A", "Q2", "A2"}, "t"}}},
		"nulls":             {`{"id":null,"data":["Q","A"],"task":null}`, one},
		"number as id":      {`{"id":-17.50,"data":["Q","A"]}`, []Example{{ID: "-17.50", Data: []string{"Q", "A"}}}},
		"unknown fields":    {`{"x":{"data":[1]},"data":["Q","A"],"Data":7,"y":[null,true]}`, one},
		"odd turns":         {`{"data":["Q"]}` + "\n" + `{"data":["Q","A","Q"]}`, []Example{{Data: []string{"Q"}}, {Data: []string{"Q", "A", "Q"}}}},
		"empty turns":       {`{"data":["",""]}`, []Example{{Data: []string{"", ""}}}},
		"escapes":           {`{"data":["a\n\u00e9\ud83d\ude00","\ud83d!"]}`, []Example{{Data: []string{"a\né😀", "\uFFFD!"}}}},
		"byte order mark":   {"\ufeff" + `{"data":["Q","A"]}`, one},
		"windows":           {`{"data":["Q","A"]}` + "\r\n\r\n" + `{"data":["Q","A"]}` + "\r\n", append(one, one...)},
		"blank lines":       {"\n  \n" + `{"data":["Q","A"]}` + "\n\t\n\n", one},
		"no last line end":  {`{"data":["Q","A"]}`, one},
		"space within":      {" { \"data\" : [ \"Q\" ,\t\"A\" ] } ", one},
		"line separators":   {"{\"data\":[\"a\u2028b\",\"\u0085\"]}", []Example{{Data: []string{"a\u2028b", "\u0085"}}}},
		"empty file":        {"", nil},
		"only a line end":   {"\n", nil},
		"last field counts": {`{"data":["old"],"data":["Q","A"]}`, one},
	} {
		got, err := ReadJSONL(write(t, "in.jsonl", c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadJSONLErrors(t *testing.T) {
	const good = `{"data":["Q","A"]}` + "\n"
	for _, c := range [][2]string{
		{good + "\n" + `{"data":7}`, `:3: field "data": want a list of strings, got a number`},
		{`{"data":"Q"}`, `:1: field "data": want a list of strings, got a string`},
		{`{"data":null}`, `:1: field "data": want a list of strings, got null`},
		{`{"data":[]}`, `:1: field "data": the list is empty: want at least one member`},
		{`{"task":"t"}`, `:1: field "data": it is missing`},
		{`{"data":["Q",null]}`, `:1: field "data[1]": want a string, got null`},
		{`{"data":["Q",["A"]]}`, `:1: field "data[1]": want a string, got a list`},
		{`{"data":["Q"],"task":["t"]}`, `:1: field "task": want a string, got a list`},
		{`{"data":["Q"],"id":true}`, `:1: field "id": want a string, got a truth value`},
		{`[{"data":["Q"]}]`, `:1: want an object, got a list`},
		{`hello`, `:1: not JSON: byte 1 is 'h': want an object`},
		{good + `{"data":["Q" "A"]}`, `:2: field "data": not JSON: byte 14 is '"': want a comma or ']'`},
		{`{"data":["Q"],}`, `:1: not JSON: byte 15 is '}': want a string`},
		{`{"data":["Q"]} {"data":["Q"]}`, `:1: not JSON: byte 16 is '{': want nothing more`},
		{`{"data":["Q"],"x":tru}`, `:1: field "x": not JSON: byte 19 is 't': want a value`},
		{`{"data":["Q"],"x":01}`, `:1: not JSON: byte 20 is '1': want a comma or '}'`},
		{`{"data":["a` + "\x01" + `"]}`, `:1: field "data[0]": not JSON: byte 12 is '\x01': want no control character within a string`},
		{`{"data":["\q"]}`, `:1: field "data[0]": "\\q" is no escape that JSON knows`},
		{`{"data":["\u12"]}`, `:1: field "data[0]": "\\u12" is no escape that JSON knows`},
		{good + "{\"data\":[\"a\xff\"]}", `:2: byte 12 is 0xff: not UTF-8`},
		{good + `{"data":["Q","A`, `:2: field "data[1]": the JSON breaks off in the middle: is the file cut short?`},
		{good + `{"data":["Q","A"]`, `:2: the JSON breaks off in the middle: is the file cut short?`},
		{good + "\ufeff" + good, `:2: not JSON: byte 1 is '\ufeff': want an object`},
	} {
		path := write(t, "in.jsonl", c[0])
		got, err := ReadJSONL(path)
		if got != nil {
			t.Errorf("%q: got %v beside the error", c[0], got)
		}
		wantError(t, err, path, "data: read DIR/in.jsonl"+c[1])
	}
	path := filepath.Join(t.TempDir(), "none.jsonl")
	_, err := ReadJSONL(path)
	wantError(t, err, path, "data: open DIR/none.jsonl: no such file or directory")
	_, err = ReadJSONL(filepath.Dir(path))
	if err == nil {
		t.Error("a directory was read")
	}
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("Wörter, \"quoted\"\n", 1<<18) // four million bytes
	want := []Example{{ID: "1", Data: []string{"Q", long}}, {ID: "2", Data: []string{long, "A"}}, {ID: "3", Data: []string{"Q"}}}
	path := filepath.Join(t.TempDir(), "long.jsonl")
	if err := WriteJSONL(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadJSONL(path)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(want, got) {
		t.Error("long lines changed on the way")
	}
}

func TestWriteJSONLFormat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.jsonl")
	examples := []Example{
		{ID: "x", Data: []string{"1 < 2 & \"é\"\t😀", "A"}, Task: "t"},
		{Data: []string{"Q", ""}},
	}
	if err := WriteJSONL(path, examples); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"x","data":["1 < 2 & \"é\"\t😀","A"],"task":"t"}` + "\n" + `{"data":["Q",""]}` + "\n"
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	back, err := ReadJSONL(path)
	if d := cmp.Diff(examples, back); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestWriteJSONLIsAllOrNothing(t *testing.T) {
	path := write(t, "out.jsonl", "what was there")
	good := Example{Data: []string{"Q", "A"}}
	for _, c := range []struct {
		bad  Example
		want string
	}{
		{Example{}, "it has no turns"},
		{Example{Data: []string{"Q", "\xff"}}, "turn 1 is not UTF-8"},
		{Example{ID: "\xff", Data: []string{"Q"}}, `its id "\xff" or task "" is not UTF-8`},
	} {
		err := WriteJSONL(path, []Example{good, good, c.bad})
		wantError(t, err, path, "data: write DIR/out.jsonl: example 2: "+c.want)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	if text, err := os.ReadFile(path); string(text) != "what was there" {
		t.Errorf("the file now holds %q, %v", text, err)
	}
	if err := WriteJSONL(path, []Example{good}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); string(text) != `{"data":["Q","A"]}`+"\n" {
		t.Errorf("the file now holds %q, %v", text, err)
	}
	if err := WriteJSONL(filepath.Join(path, "below"), nil); err == nil {
		t.Error("wrote below a file")
	}
}
