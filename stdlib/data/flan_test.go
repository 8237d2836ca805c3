package data

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readFlanText(t *testing.T, text string) ([]Example, error) {
	t.Helper()
	return ReadFlan(write(t, "flan.json", text))
}

const (
	flanOne = `{"id": "identity_1", "source": "task061_ropes", "conversations": [
		{"from": "human", "value": " Q: who?\nA: "}, {"from": "gpt", "value": "\u001cMichelle.\u00a0"}]}`
	flanTwo = `{"conversations": [{"value": "a ] } \" \\", "from": "human"}, {"from": "gpt", "value": "b"}, {"from": "human", "value": "c"}], "model": "x"}`
)

var flanExamples = []Example{
	{"identity_1", []string{"Q: who?\nA:", "Michelle."}, "task061_ropes"},
	{Data: []string{`a ] } " \`, "b", "c"}},
}

func TestReadFlan(t *testing.T) {
	flat := strings.NewReplacer("\n", "", "\t", "")
	for name, c := range map[string]struct {
		text string
		want []Example
	}{
		"list":            {"[" + flanOne + ",\n " + flanTwo + "]\n", flanExamples},
		"lines":           {flat.Replace(flanOne) + "\n" + flat.Replace(flanTwo) + "\n", flanExamples},
		"blank first":     {"\n\n" + flat.Replace(flanTwo), flanExamples[1:]},
		"byte order mark": {"\ufeff [" + flanTwo + "]", flanExamples[1:]},
		"empty list":      {" [ ] ", nil},
		"empty file":      {"", nil},
	} {
		got, err := readFlanText(t, c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// Records far longer than any buffer, with everything in them that a splitter could stumble over.
func TestReadFlanLongRecords(t *testing.T) {
	said := strings.Repeat(`x"]}\`, 40_001)
	quoted := strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(said)
	record := `{"conversations":[{"from":"human","value":"` + quoted + `"}]}`
	got, err := readFlanText(t, "["+strings.Repeat(record+",", 9)+record+"]")
	if err != nil || len(got) != 10 {
		t.Fatalf("got %d records, %v; want 10", len(got), err)
	}
	for i, e := range got {
		if len(e.Data) != 1 || e.Data[0] != said {
			t.Errorf("record %d changed on the way", i)
		}
	}
}

func TestReadFlanErrors(t *testing.T) {
	turn := func(from string) string { return `{"from": "` + from + `", "value": "v"}` }
	record := func(turns ...string) string { return `{"conversations": [` + strings.Join(turns, ", ") + `]}` }
	good := record(turn("human"), turn("gpt"))
	const alternate = `: human begins, then the two take turns`
	for _, c := range [][2]string{
		{record(turn("gpt"), turn("human")), `:1: field "conversations[0].from": want "human", got "gpt"` + alternate},
		{good + "\n" + record(turn("human"), turn("human")), `:2: field "conversations[1].from": want "gpt", got "human"` + alternate},
		{record(turn("system")), `:1: field "conversations[0].from": want "human", got "system"` + alternate},
		{record(), `:1: field "conversations": the list is empty: want at least one member`},
		{`{"id": "1", "source": "t"}`, `:1: field "conversations": it is missing`},
		{record(`{"from": "human"}`), `:1: field "conversations[0].value": it is missing`},
		{record(`{"value": "v"}`), `:1: field "conversations[0].from": it is missing`},
		{record(`{"from": "human", "value": 3}`), `:1: field "conversations[0].value": want a string, got a number`},
		{record(`"v"`), `:1: field "conversations[0]": want an object, got a string`},
		{"[" + good + "," + record(turn("gpt")) + "]", `: field "[1].conversations[0].from": want "human", got "gpt"` + alternate},
		{"[" + good + ", 17]", `: field "[1]": want an object, got a number`},
		{"[" + good + ", null]", `: field "[1]": want an object, got null`},
		{"[" + good + ",]", `: field "[1]": not JSON: byte 1 is ']': want an object`},
		{"[" + good + " " + good + "]", `: field "[1]": not JSON: '{' before it: want a comma or ']'`},
		{"[" + good + "}", `: field "[1]": not JSON: '}' before it: want a comma or ']'`},
		{"[" + good + "," + good[:20], `: field "[1]": the JSON breaks off in the middle: is the file cut short?`},
		{"[" + good + ",", `: field "[1]": the JSON breaks off in the middle: is the file cut short?`},
		{"[" + good, `: field "[1]": the JSON breaks off in the middle: is the file cut short?`},
		{"[", `: field "[0]": the JSON breaks off in the middle: is the file cut short?`},
		{"[" + good + "]\n" + good, `: '{' after the end of the list: want one list, or one record per line`},
		{"[" + strings.Replace(good, `"v"`, "\"\xfe\"", 1) + "]", `: field "[0]": byte 48 is 0xfe: not UTF-8`},
	} {
		path := write(t, "flan.json", c[0])
		got, err := ReadFlan(path)
		if got != nil {
			t.Errorf("%q: got %v beside the error", c[0], got)
		}
		wantError(t, err, path, "data: read DIR/flan.json"+c[1])
	}
}
