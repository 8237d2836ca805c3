package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadTaskNIV2(t *testing.T) {
	got, err := ReadTask("testdata/niv2/task9001_opposites.json")
	if err != nil {
		t.Fatal(err)
	}
	want := Task{
		Name:       "task9001_opposites",
		Categories: []string{"Question Answering", "Word Relation"},
		Definition: "  Name the opposite of the given word. Answer with one word ",
		Positive: []Demonstration{
			{" hot ", "cold", "Both speak of temperature"},
			{`Is it "big"?`, "small!", ""},
			{"forêt brûlé", "vert", "French works too »"},
		},
		Negative: []Demonstration{
			{"wet", "damp", "That means nearly the same (not the opposite)"},
			{"up", "left", "-"},
		},
		Instances: []Instance{
			{"task9001-1", " early \n", []string{" late ", "tardy"}},
			{"task9001-2", "", []string{"nothing"}},
			{"task9001-3", "été", []string{"hiver", "winter", "invierno"}},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReadTaskBigBench(t *testing.T) {
	got, err := ReadTask("testdata/bigbench/subtask003/task.json")
	if err != nil {
		t.Fatal(err)
	}
	const name = "subtask003_mctaco_question_generation_event_duration"
	if !strings.HasPrefix(got.Definition, "In this task, we ask you to write a question that involves “event duration\", based") {
		t.Errorf("definition: %s", got.Definition)
	}
	want := Task{
		Name:       name,
		Categories: []string{"questions", "commonsense", "understanding", "event", "duration"},
		Definition: got.Definition,
		Instances: []Instance{
			{name + "-0", "Sentence: He also promises to `` come to '' him .", []string{`How long does it take for him to "come to" him?`}},
			{name + "-1", "Sentence: Jud replies , `` Christ on His throne , no. .", []string{"How long was Jud in church?"}},
			{name + "-2", "Sentence: They woke up and the sun was beginning to set.", []string{"How long did they sleep?"}},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTaskIsNamedAfterItsFile(t *testing.T) {
	dir := t.TempDir()
	const text = `{"description": "d", "examples": [{"input": "i", "target": "t"}]}`
	for path, want := range map[string]string{"task7_x.json": "task7_x", "subtask8_y/task.json": "subtask8_y"} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := ReadTask(path)
		if err != nil || got.Name != want || got.Instances[0].ID != want+"-0" {
			t.Errorf("got %v, %v; want the name %s", got, err, want)
		}
	}
	tasks, err := ReadTasks(dir)
	if err != nil || len(tasks) != 2 || tasks[0].Name != "subtask8_y" || tasks[1].Name != "task7_x" {
		t.Errorf("got %v, %v; want both tasks in the order of their paths", tasks, err)
	}
}

func TestReadTaskErrors(t *testing.T) {
	niv2 := func(instances, more string) string {
		return `{"Definition": "d", "Instances": ` + instances + more + `}`
	}
	for _, c := range [][2]string{
		{`{"name": "x"}`, `it is no task: neither "Instances" (NIV2) nor "examples" (BIG-bench) is there`},
		{`["x"]`, `want an object, got a list`},
		{niv2(`[]`, ``), `field "Instances": the list is empty: want at least one member`},
		{niv2(`[{"input": "i", "output": []}]`, ``), `field "Instances[0].output": the list is empty: want at least one member`},
		{niv2(`[{"input": "i", "output": ["o"]}, {"input": "i"}]`, ``), `field "Instances[1].output": it is missing`},
		{niv2(`[{"input": 5, "output": ["o"]}]`, ``), `field "Instances[0].input": want a string, got a number`},
		{niv2(`[{"input": "i", "output": ["o", 6]}]`, ``), `field "Instances[0].output[1]": want a string, got a number`},
		{niv2(`[{"input": "i", "output": "o"}]`, `, "Positive Examples": [{"output": "o"}]`), `field "Positive Examples[0].input": it is missing`},
		{niv2(`[{"input": "i", "output": "o"}]`, `, "Negative Examples": {}`), `field "Negative Examples": want a list of worked examples, got an object`},
		{`{"Instances": [{"input": "i", "output": "o"}]}`, `field "Definition": it is missing or blank`},
		{`{"Definition": [], "Instances": []}`, `field "Definition": the list is empty: want at least one member`},
		{`{"description": " ", "examples": [{"input": "i", "target": "t"}]}`, `field "description": it is missing or blank`},
		{`{"description": "d", "examples": [{"input": "i", "target_scores": {"a": 1}}]}`, `field "examples[0].target": it is missing`},
		{"{\n  \"examples\": [\n    {\"input\" \"i\"}]}", `field "examples[0]": not JSON: line 3, byte 14 is '"': want a colon`},
		{"{\n\"name\": \"\xff\"}", `line 2, byte 10 is 0xff: not UTF-8`},
	} {
		path := write(t, "task.json", c[0])
		_, err := ReadTask(path)
		wantError(t, err, path, "data: read DIR/task.json: "+c[1])
		tasks, again := ReadTasks(filepath.Dir(path))
		if tasks != nil || again == nil || again.Error() != err.Error() {
			t.Errorf("ReadTasks: got %v, %v", tasks, again)
		}
	}
	empty := filepath.Join(t.TempDir(), "x")
	_, err := ReadTasks(filepath.Dir(empty))
	wantError(t, err, empty, "data: read tasks of "+filepath.Dir(empty)+": no *.json and no */task.json there")
}
