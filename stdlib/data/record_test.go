package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadRecords(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Record
	}{
		{
			`{"data": ["Q", "A"], "task": "t", "kairos": {"index": 3}, "\"x\\": [1.50, "é\u00e9<&>"]}` + "\n\n" + `{"id": 7, "data":["Q"]}`,
			[]Record{
				{Example{"", []string{"Q", "A"}, "t"}, []byte(`{"data":["Q","A"],"task":"t","kairos":{"index":3},"\"x\\":[1.50,"é\u00e9<&>"]}`)},
				{Example{"7", []string{"Q"}, ""}, []byte(`{"id":7,"data":["Q"]}`)},
			},
		},
		{
			"[\n{\"conversations\": [{\"from\": \"human\", \"value\": \" Q\"},\n {\"from\": \"gpt\", \"value\": \"A \"}], \"source\": \"s\"}]",
			[]Record{{Example{"", []string{"Q", "A"}, "s"}, []byte(`{"conversations":[{"from":"human","value":" Q"},{"from":"gpt","value":"A "}],"source":"s"}`)}},
		},
		{
			`{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}`,
			[]Record{{Example{"", []string{"S\nQ", "A"}, ""}, []byte(`{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}`)}},
		},
		{
			`{"instruction":"I","input":"","output":"O","source":"s"}` + "\n" + `{"instruction":"I","input":"in","output":"O","task":"t"}` + "\n" + `{"question":"Q","answer":["A","B"],"source":{"url":"u"}}` + "\n" + `{"text":"T"}`,
			[]Record{
				{Example{"", []string{"I", "O"}, "s"}, []byte(`{"instruction":"I","input":"","output":"O","source":"s"}`)},
				{Example{"", []string{"I\nin", "O"}, "t"}, []byte(`{"instruction":"I","input":"in","output":"O","task":"t"}`)},
				{Example{"", []string{"Q", "A"}, ""}, []byte(`{"question":"Q","answer":["A","B"],"source":{"url":"u"}}`)},
				{Example{"", []string{"T"}, ""}, []byte(`{"text":"T"}`)},
			},
		},
		{
			`{"description": "d", "name": "n", "examples": [{"input": "i", "target": "t<"}]}`,
			[]Record{{Example{"n-0", []string{"Definition: d.\n\nNow complete the following example -\nInput: i.\nOutput: ", "t<"}, "n"},
				[]byte(`{"id":"n-0","data":["Definition: d.\n\nNow complete the following example -\nInput: i.\nOutput: ","t<"],"task":"n"}`)}},
		},
		{"", nil},
	} {
		got, err := ReadRecords(write(t, "records", c.text))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.text, d)
		}
	}
}

func TestReadRecordsOfTasks(t *testing.T) {
	records, err := ReadRecords("testdata/bigbench")
	if err != nil || len(records) != 3 || records[2].ID == "" {
		t.Fatalf("%v, %v", records, err)
	}
	path := filepath.Join(t.TempDir(), "again.jsonl")
	if err := WriteJSONL(path, Examples(records)); err != nil {
		t.Fatal(err)
	}
	again, err := ReadRecords(path)
	if d := cmp.Diff(records, again); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
}

func TestReadRecordsErrors(t *testing.T) {
	for _, c := range [][2]string{
		{`{"data": ["Q"]}` + "\n" + `{"data": 7}`, `data: read DIR/records:2: field "data": want a list of strings, got a number`},
		{`{"x": 1}`, `data: read DIR/records:1: it has none of the fields that tell what it says: "data", "conversations", "messages", "instruction" and "output" (or their like), "text"`},
		{`{"instruction": "x"}`, `data: read DIR/records:1: it has none of the fields that tell what it says: "data", "conversations", "messages", "instruction" and "output" (or their like), "text"`},
		{`{"messages": [{"role": "assistant", "content": ""}]}`, `data: read DIR/records:1: field "messages[0].role": want "user", got "assistant": user begins, then the two take turns`},
		{`{"data": ["Q"]`, `data: read DIR/records:1: the JSON breaks off in the middle: is the file cut short?`},
		{`[{"data": ["Q"]}, 5]`, `data: read DIR/records: field "[1]": want an object, got a number`},
		{`{"name": "n", "examples": [{"input": "i"}]}`, `data: read DIR/records: field "examples[0].target": it is missing`},
	} {
		path := write(t, "records", c[0])
		_, err := ReadRecords(path)
		wantError(t, err, path, c[1])
	}
	if _, err := ReadRecords(filepath.Join(t.TempDir(), "missing")); !os.IsNotExist(unwrapAll(err)) {
		t.Errorf("missing: %v", err)
	}
	if _, err := ReadRecords(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no *.json") {
		t.Errorf("an empty directory: %v", err)
	}
}

// unwrapAll is the innermost error.
func unwrapAll(err error) error {
	for {
		inner, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		if _, path := err.(*os.PathError); path {
			return err
		}
		err = inner.Unwrap()
	}
}
