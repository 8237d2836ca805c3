package data_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell/render"
	"kairos/stdlib/data"
)

// inTempDir writes a file for an example to read.
func inTempDir(name, text string) string {
	dir, err := os.MkdirTemp("", "kairos")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		panic(err)
	}
	return path
}

func ExampleReadJSONL() {
	path := inTempDir("train.jsonl", `{"id": "1", "data": ["What is 2+2?", "Four."], "task": "sums"}
{"data": ["Hello!", "Hello.", "How are you?", "Fine."], "source": "chat"}
`)
	defer os.RemoveAll(filepath.Dir(path))
	examples, err := data.ReadJSONL(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range examples {
		fmt.Printf("%q %q %q\n", e.ID, e.Data, e.Task)
	}
	// Output:
	// "1" ["What is 2+2?" "Four."] "sums"
	// "" ["Hello!" "Hello." "How are you?" "Fine."] ""
}

func ExampleReadJSONL_malformed() {
	path := inTempDir("train.jsonl", "{\"data\": [\"Q\", \"A\"]}\n{\"data\": 7}\n")
	defer os.RemoveAll(filepath.Dir(path))
	_, err := data.ReadJSONL(path)
	fmt.Println(strings.Replace(err.Error(), filepath.Dir(path)+"/", "", 1))
	// Output: data: read train.jsonl:2: field "data": want a list of strings, got a number
}

func ExampleWriteJSONL() {
	path := inTempDir("arranged.jsonl", "")
	defer os.RemoveAll(filepath.Dir(path))
	err := data.WriteJSONL(path, []data.Example{
		{ID: "1", Data: []string{"Is 1 < 2?", "Yes."}, Task: "sums"},
		{Data: []string{"Bonjour !", "Hello!"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := os.ReadFile(path)
	fmt.Print(string(text))
	// Output:
	// {"id":"1","data":["Is 1 < 2?","Yes."],"task":"sums"}
	// {"data":["Bonjour !","Hello!"]}
}

func ExampleReadFlan() {
	path := inTempDir("flan_mini.json", `[{"id": "identity_flan_7", "source": "task061_ropes_answer_generation", "conversations": [
		{"from": "human", "value": "Q: Sandra or Michelle?\nA:"},
		{"from": "gpt", "value": " Michelle. "}]}]`)
	defer os.RemoveAll(filepath.Dir(path))
	examples, err := data.ReadFlan(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n%s\n", examples[0].Data, examples[0].Task)
	// Output:
	// ["Q: Sandra or Michelle?\nA:" "Michelle."]
	// task061_ropes_answer_generation
}

func ExampleReadTask() {
	task, err := data.ReadTask("testdata/niv2/task9001_opposites.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(task.Name, task.Categories)
	fmt.Println(len(task.Positive), "positive examples,", len(task.Negative), "negative,", len(task.Instances), "instances")
	fmt.Printf("%q\n", task.Instances[0].Outputs)
	// Output:
	// task9001_opposites [Question Answering Word Relation]
	// 3 positive examples, 2 negative, 3 instances
	// [" late " "tardy"]
}

func ExampleReadTasks() {
	tasks, err := data.ReadTasks("testdata/bigbench")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range tasks {
		fmt.Println(task.Name, len(task.Instances))
	}
	// Output: subtask003_mctaco_question_generation_event_duration 3
}

func ExampleReadChatterBot() {
	conversations, err := data.ReadChatterBot("testdata/chatterbot")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range conversations {
		fmt.Println(c.ID, c.Data)
	}
	// Output:
	// animals-0 [How many legs has a spider? 8]
	// animals-1 [What is a whale? A mammal that swims.]
	// weather-0 [Will it rain? Take an umbrella.]
	// weather-1 [Is it cold? - 'Yes.']
}

func ExampleChatterBot() {
	conversations, err := data.ChatterBot()
	if err != nil {
		fmt.Println(err)
		return
	}
	last := conversations[len(conversations)-1]
	fmt.Println(last.ID, last.Data)
	// Output:
	// trivia-260 [On every continent there is a city named what? Rome]
}

func ExampleNaturalInstructions() {
	tasks, err := data.NaturalInstructions()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(tasks), "tasks")
	fmt.Println(tasks[35].Name)
	fmt.Println(tasks[35].Instances[0].Input)
	// Output:
	// 61 tasks
	// subtask036_qasc_topic_word_to_generate_related_fact
	// Fact: nerves can be used to feel heat and pressure on the skin.
}

func ExampleTask_Examples() {
	task := data.Task{
		Name:       "task9001_opposites",
		Definition: "Name the opposite of the given word",
		Positive:   []data.Demonstration{{Input: "hot", Output: "cold", Explanation: "Both speak of temperature."}},
		Instances:  []data.Instance{{ID: "1", Input: "early", Outputs: []string{"late", "tardy"}}},
	}
	e := task.Examples(data.PromptConfig{})[0]
	fmt.Printf("%s%s\n", e.Data[0], e.Data[1])
	// Output:
	// Definition: Name the opposite of the given word.
	//
	//  Positive Example 1 -
	// Input: hot.
	//  Output: cold.
	//
	// Now complete the following example -
	// Input: early.
	// Output: late
}

func ExampleSamplePerTask() {
	var pool []data.Example
	for i := range 10 {
		task := []string{"sums", "rhymes"}[i%2]
		pool = append(pool, data.Example{ID: fmt.Sprint(i), Data: []string{"Q", "A"}, Task: task})
	}
	for _, e := range data.SamplePerTask(pool, 2, 1) {
		fmt.Println(e.Task, e.ID)
	}
	// Output:
	// rhymes 1
	// sums 4
	// sums 6
	// rhymes 9
}

func ExampleSplit() {
	examples := []data.Example{
		{Data: []string{"2+2?", "4"}, Task: "sums"},
		{Data: []string{"cat?", "hat"}, Task: "rhymes"},
		{Data: []string{"3+3?", "6"}, Task: "sums"},
	}
	train, test, err := data.Split(examples, []string{"rhymes"})
	fmt.Println(len(train), len(test), err)
	_, _, err = data.Split(examples, []string{"rhyme"})
	fmt.Println(err)
	// Output:
	// 2 1 <nil>
	// data: split: no example has the task "rhyme"
}

func ExampleReadSplit() {
	train, test, err := data.ReadSplit("testdata/train_eval_key_list.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train[0])
	fmt.Println(test[0])
	// Output:
	// task150_afs_argument_quality_gun_control
	// quoref_Answer_Friend_Question
}

func ExamplePick() {
	pool := []data.Example{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	arranged, err := data.Pick(pool, []int{2, 0, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(arranged[0].ID, arranged[1].ID, arranged[2].ID)
	_, err = data.Pick(pool, []int{0, 3})
	fmt.Println(err)
	// Output:
	// c a b
	// data: pick: order[1] is 3: there are 3 examples
}

// A cell shows examples as a table.
func ExampleExample_Columns() {
	fmt.Println(render.Text([]data.Example{
		{ID: "1", Data: []string{"What is 2+2?", "Four."}, Task: "sums"},
		{ID: "2", Data: []string{"Hello!", "Hello.", "How are you?", "Fine."}, Task: "chat"},
	}))
	// Output:
	//    ID  Task  Turns  Text
	// ─  ──  ────  ─────  ────────────
	// 0  1   sums      2  What is 2+2?
	// 1  2   chat      4  Hello!
	// 2 rows × 4 columns  []data.Example
}

func ExampleTexts() {
	fmt.Println(data.Texts([]data.Example{{Data: []string{"What is 2+2?", "Four.", "And 3+3?", "Six."}}}))
	// Output: [What is 2+2? Four.]
}

func ExampleTaskNames() {
	fmt.Println(data.TaskNames([]data.Example{{Task: "sums"}, {Task: "rhymes"}, {Task: "sums"}}))
	// Output: [sums rhymes]
}

func ExampleFirstTurns() {
	short := data.FirstTurns([]data.Example{{Data: []string{"What is 2+2?", "Four.", "And 3+3?", "Six."}}})
	fmt.Printf("%q\n", short[0].Data)
	// Output: ["What is 2+2?" "Four."]
}

func ExampleWriteJSON() {
	dir, err := os.MkdirTemp("", "data")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "results.json")
	if err := data.WriteJSON(path, map[string]float64{"NFT": 2.5, "RT": 2.625}); err != nil {
		fmt.Println(err)
		return
	}
	text, _ := os.ReadFile(path)
	fmt.Print(string(text))
	// Output:
	// {
	//   "NFT": 2.5,
	//   "RT": 2.625
	// }
}

func ExampleReadRecords() {
	path := inTempDir("chat.jsonl", `{"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}], "licence": "CC0"}`)
	defer os.RemoveAll(filepath.Dir(path))
	records, err := data.ReadRecords(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n%s\n", records[0].Data, records[0].Raw)
	// Output:
	// ["2+2?" "4"]
	// {"messages":[{"role":"user","content":"2+2?"},{"role":"assistant","content":"4"}],"licence":"CC0"}
}

func ExampleExamples() {
	fmt.Println(data.Examples([]data.Record{{Example: data.Example{ID: "1", Data: []string{"Q", "A"}}}}))
	// Output: [{1 [Q A] }]
}

func ExampleWriteArranged() {
	path := inTempDir("train.jsonl", `{"text": "far", "licence": "CC0"}
{"text": "near", "licence": "MIT"}
`)
	defer os.RemoveAll(filepath.Dir(path))
	records, err := data.ReadRecords(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	places, err := arrange.Places([]int{1, 0}, []float64{-0.25, -0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := data.WriteArranged(path, data.Arrangement{Records: records, Places: places}); err != nil {
		fmt.Println(err)
		return
	}
	text, _ := os.ReadFile(path)
	fmt.Print(string(text))
	// Output:
	// {"text":"near","licence":"MIT","kairos":{"index":1,"round":null,"distance":-0.5}}
	// {"text":"far","licence":"CC0","kairos":{"index":0,"round":null,"distance":-0.25}}
}
