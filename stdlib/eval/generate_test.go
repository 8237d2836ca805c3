package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/score"
	"kairos/stdlib/tokenize"
	"kairos/stdlib/train"
)

// learned is a model that has learned the examples by heart.
func learned(t testing.TB) *model.Model {
	t.Helper()
	m := tiny(t)
	var often []data.Example
	for range 120 {
		often = append(often, examples...)
	}
	if _, err := train.Run(context.Background(), m, often, train.Config{LR: 3e-3, Batch: 3}); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGenerate(t *testing.T) {
	m := learned(t)
	progress := ""
	answers, err := Generate(context.Background(), m, examples, GenerateConfig{
		Decoding: model.GenerateConfig{MaxNew: 10, Progress: func(done, total int) { progress += fmt.Sprint(done, total, " ") }},
		Category: func(task string) string { return "of " + task },
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range answers {
		e := examples[i]
		want := Answer{e.Task, "of " + e.Task, e.Data[0], e.Data[1], []string{e.Data[1]}, 1, 1, 1}
		if d := cmp.Diff(want, a); d != "" {
			t.Error(d)
		}
	}
	if progress != "1 3 2 3 3 3 " {
		t.Errorf("progress: %s", progress)
	}
	scores := Scores(answers)
	if got := score.OverTasks(scores); got != (score.Mean{Count: 2, Rouge1: 1, RougeL: 1, ExactMatch: 1}) {
		t.Errorf("%+v", got)
	}
	if got := score.ByCategory(scores)["of sum"].Count; got != 2 {
		t.Errorf("%d answers of a category, want 2", got)
	}
}

func TestGenerateTakesTheBestReference(t *testing.T) {
	m := learned(t)
	questions := []data.Example{{Task: "sum", Data: examples[0].Data[:1]}, examples[1]}
	answers, err := Generate(context.Background(), m, questions, GenerateConfig{
		Decoding:   model.GenerateConfig{MaxNew: 10},
		References: [][]string{{"five", "5"}, {"Paris, the capital", "Rome"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := answers[0]; a.ExactMatch != 1 || a.Rouge1 != 1 || len(a.References) != 2 {
		t.Errorf("%+v", a)
	}
	if a := answers[1]; a.ExactMatch != 0 || a.Rouge1 != 0.5 { // one of one word, and one of three
		t.Errorf("%+v", a)
	}
}

// A greedy answer is what transformers generates.
func TestAnswersAgreeWithTransformers(t *testing.T) {
	m, err := smol()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := Generate(context.Background(), m, dialogues(t), GenerateConfig{Decoding: model.GenerateConfig{MaxNew: 24}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/generated.json")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for i, a := range answers {
		if a.Text != want[i] {
			t.Errorf("answer %d is %q, want %q", i, a.Text, want[i])
		}
	}
	t.Logf("eval: %d greedy answers equal transformers'", len(want))
}

// The prompt is what training puts before an answer.
func TestPrompts(t *testing.T) {
	m := tiny(t)
	bos, _ := m.Tokenizer().BOS()
	prompts, err := GenerateConfig{}.prompts(m, examples[:1])
	if err != nil {
		t.Fatal(err)
	}
	want := append([]int32{bos}, m.Tokenizer().Encode("User: 2 + 3?\nAssistant: ")...)
	if d := cmp.Diff(want, prompts[0]); d != "" {
		t.Error(d)
	}
	seq, err := m.Sequences(examples[:1], tokenize.DialogueConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(seq[0].IDs[:len(want)], prompts[0]); d != "" {
		t.Error(d)
	}
	// A long question loses its end.
	long := []data.Example{{Data: []string{strings.Repeat("long ", 600), "yes"}}}
	for _, c := range []struct {
		cfg  GenerateConfig
		want int
	}{
		{GenerateConfig{}, 1024},
		{GenerateConfig{MaxLen: 50}, 50},
		{GenerateConfig{MaxLen: 4000}, 2048 - 128},
		{GenerateConfig{MaxLen: 4000, Decoding: model.GenerateConfig{MaxNew: 48}}, 2000},
	} {
		prompts, err := c.cfg.prompts(m, long)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(prompts[0]); n != c.want {
			t.Errorf("%+v: %d tokens, want %d", c.cfg, n, c.want)
		}
		if text := m.Tokenizer().Decode(prompts[0]); !strings.HasSuffix(text, "\nAssistant: ") {
			t.Errorf("the prompt ends in %q", text[len(text)-20:])
		}
	}
}

func TestGenerateErrors(t *testing.T) {
	m := tiny(t)
	untokenized, err := model.New(model.Config{Vocab: 8, Hidden: 4, FFN: 4, Layers: 1, Heads: 1, MaxLen: 8}, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer untokenized.Close()
	for _, c := range []struct {
		m        *model.Model
		examples []data.Example
		cfg      GenerateConfig
		want     string
	}{
		{untokenized, examples, GenerateConfig{}, "the model has no tokenizer to read examples with"},
		{m, nil, GenerateConfig{}, "model: generate: no prompts"},
		{m, []data.Example{examples[0], {Task: "x"}}, GenerateConfig{}, `example 1 (task "x") has no question`},
		{m, []data.Example{{Task: "x", Data: []string{"?"}}}, GenerateConfig{}, `example 0 (task "x") has no reference`},
		{m, examples, GenerateConfig{References: [][]string{{"5"}}}, "references of 1 examples, but 3 examples"},
		{m, examples[:1], GenerateConfig{References: [][]string{{}}}, `example 0 (task "sum") has no reference`},
		{m, examples, GenerateConfig{Decoding: model.GenerateConfig{MaxNew: 2048}}, "MaxLen is 0, and answers leave room for prompts of 0 of the model's 2048 tokens"},
		{m, examples, GenerateConfig{MaxLen: 3}, `example 0 (task "sum"): tokenize: dialogue: MaxLen is 10 short of room for the answer`},
	} {
		answers, err := Generate(context.Background(), c.m, c.examples, c.cfg)
		if answers != nil || err == nil || err.Error() != "eval: generate: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Generate(ctx, m, examples, GenerateConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

var task = data.Task{Name: "capital", Definition: "Name the capital.", Instances: []data.Instance{
	{ID: "capital-0", Input: "France", Outputs: []string{"Paris", "paris"}},
	{ID: "capital-1", Input: "Italy", Outputs: []string{"Rome"}},
	{ID: "capital-2", Input: "Spain", Outputs: []string{"Madrid"}},
	{ID: "capital-2", Input: "Japan", Outputs: []string{"Tokyo"}},
}}

func TestReferences(t *testing.T) {
	all := task.Examples(data.PromptConfig{})
	got, err := References([]data.Task{task}, []data.Example{all[1], all[0]})
	if d := cmp.Diff([][]string{{"Rome"}, {"Paris", "paris"}}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for _, c := range []struct {
		example data.Example
		want    string
	}{
		{all[2], `2 instances of task "capital" have the id "capital-2"`},
		{data.Example{ID: "capital-0", Task: "other"}, `0 instances of task "other" have the id "capital-0"`},
		{data.Example{ID: "capital-9", Task: "capital"}, `0 instances of task "capital" have the id "capital-9"`},
	} {
		if _, err := References([]data.Task{task}, []data.Example{c.example}); err == nil || err.Error() != "eval: references: example 0: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// Every example of the real tasks is found.
func TestReferencesOfNaturalInstructions(t *testing.T) {
	tasks, err := data.NaturalInstructions()
	if err != nil {
		t.Fatal(err)
	}
	var all []data.Example
	for _, task := range tasks {
		all = append(all, task.Examples(data.PromptConfig{})...)
	}
	references, err := References(tasks, all)
	if err != nil {
		t.Fatal(err)
	}
	several := 0
	for i, r := range references {
		if strings.TrimSpace(r[0]) != all[i].Data[1] {
			t.Fatalf("example %d: %q are not the outputs for %q", i, r, all[i].Data[1])
		}
		if len(r) > 1 {
			several++
		}
	}
	if several == 0 {
		t.Error("no example has several outputs")
	}
}

// judge gives the number of tokens.
type judge struct{ sizes []int }

func (j *judge) Score(_ context.Context, ids [][]int32) ([]float64, error) {
	j.sizes = append(j.sizes, len(ids))
	var scores []float64
	for _, text := range ids {
		if len(text) == 4 {
			return nil, errors.New("too short")
		}
		scores = append(scores, float64(len(text)))
	}
	return scores, nil
}

func TestReward(t *testing.T) {
	tok := tokenize.NewBytes()
	prompts, completions := make([]string, 70), make([]string, 70)
	for i := range prompts {
		prompts[i], completions[i] = "Hi", strings.Repeat("x", i)
	}
	j, progress := &judge{}, ""
	rewards, err := Reward(context.Background(), j, tok, prompts, completions, RewardConfig{
		MaxLen:   80,
		Progress: func(done, total int) { progress += fmt.Sprint(done, total, " ") },
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range rewards {
		if want := min(80, 1+len("Human: Hi\n\nAssistant: ")+i); got != float64(want) {
			t.Errorf("text %d has %v tokens, want %d", i, got, want)
		}
	}
	if d := cmp.Diff([]int{32, 32, 6}, j.sizes); d != "" || progress != "32 70 64 70 70 70 " {
		t.Error(d, progress)
	}
	if none, err := Reward(context.Background(), j, tok, nil, nil, RewardConfig{}); err != nil || len(none) != 0 {
		t.Errorf("no texts: %v, %v", none, err)
	}
}

func TestRewardErrors(t *testing.T) {
	tok := tokenize.NewBytes()
	for _, c := range []struct {
		completions []string
		cfg         RewardConfig
		want        string
	}{
		{nil, RewardConfig{}, "1 prompts, but 0 completions"},
		{[]string{"x"}, RewardConfig{MaxLen: -1}, "MaxLen is negative"},
		{[]string{"x"}, RewardConfig{MaxLen: 4}, "texts from 0 on: too short"},
	} {
		if _, err := Reward(context.Background(), &judge{}, tok, []string{"Hi"}, c.completions, c.cfg); err == nil || err.Error() != "eval: reward: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Reward(ctx, &judge{}, tok, []string{"Hi"}, []string{"x"}, RewardConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The file that Python's json wrote, from the same answers and rewards.
func TestScoredIsTheReferences(t *testing.T) {
	text, err := os.ReadFile("testdata/odd_scored.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Step int
		Data []json.RawMessage
	}
	if err := json.Unmarshal(strict(text), &file); err != nil {
		t.Fatal(err)
	}
	answers := make([]Answer, len(file.Data))
	for i, row := range file.Data {
		if err := json.Unmarshal(row, &answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	rewards, err := ReadRewards("testdata/odd_scored.json")
	if err != nil || len(rewards) != 4 {
		t.Fatal(rewards, err)
	}
	path := filepath.Join(t.TempDir(), "test_results_scored.json")
	if err := WriteScored(path, file.Step, answers, rewards); err != nil {
		t.Fatal(err)
	}
	again, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(text), "\n"), strings.Split(string(again), "\n")); d != "" {
		t.Error(d)
	}
	if err := WriteScored(path, 1, answers, nil); err == nil || err.Error() != "eval: write results: 4 answers, but 0 rewards" {
		t.Errorf("got %v", err)
	}
}

func TestAnswersAreReadAsResults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test_results.json")
	answers := []Answer{{Task: "sum", Prompt: "2 + 3?", Text: "six", References: []string{"5", "five"}}, {Task: "none"}}
	if err := WriteAnswers(path, answers); err != nil {
		t.Fatal(err)
	}
	got, err := ReadResults(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := ReadResults(path)
	for i, a := range answers {
		want[i].Task, want[i].Prompt, want[i].Prediction = a.Task, a.Prompt, a.Text
	}
	want[0].Label, want[1].Label = "5", ""
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" || err != nil {
		t.Error(err, d)
	}
	if _, err := ReadRewards(path); err == nil || !strings.HasSuffix(err.Error(), "result 0 has no reward") {
		t.Errorf("got %v", err)
	}
	if _, err := ReadRewards(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file: no error")
	}
}

func ExampleGenerate() {
	m, err := model.Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	lessons := []data.Example{{Task: "capital", Data: []string{"Capital of France?", "Paris"}}}
	for range 7 {
		lessons = append(lessons, lessons...)
	}
	if _, err := train.Run(context.Background(), m, lessons, train.Config{LR: 3e-3, Batch: 1}); err != nil {
		fmt.Println(err)
		return
	}
	answers, err := Generate(context.Background(), m, lessons[:1], GenerateConfig{References: [][]string{{"paris", "Paris, France"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q: %q, match %v\n", answers[0].Prompt, answers[0].Text, answers[0].ExactMatch)
	// Output: "Capital of France?": "Paris", match 1
}

func ExampleScores() {
	answers := []Answer{{Task: "capital", RougeL: 1, ExactMatch: 1}, {Task: "title", RougeL: 0.5}}
	fmt.Println(score.OverTasks(Scores(answers)).RougeL)
	// Output: 0.75
}

func ExampleReferences() {
	examples := task.Examples(data.PromptConfig{})
	references, err := References([]data.Task{task}, examples[:2])
	fmt.Println(references, err)
	// Output: [[Paris paris] [Rome]] <nil>
}

func ExampleReward() {
	// A judge that likes long texts; a model is model.LoadReward's.
	rewards, err := Reward(context.Background(), &judge{}, tokenize.NewBytes(), []string{"Capital of France?"}, []string{"Paris"}, RewardConfig{})
	fmt.Println(rewards, err)
	// Output: [44] <nil>
}

func ExampleUltraRM() {
	fmt.Printf("%q\n", UltraRM("Capital of France?", "Paris"))
	// Output: "Human: Capital of France?\n\nAssistant: Paris"
}

func ExampleWriteAnswers() {
	dir, err := os.MkdirTemp("", "kairos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "test_results.json")
	answers := []Answer{{Task: "capital", Prompt: "Capital of France?", Text: "Paris", References: []string{"paris"}, Rouge1: 1, RougeL: 1, ExactMatch: 1}}
	if err := WriteAnswers(path, answers); err != nil {
		fmt.Println(err)
		return
	}
	results, err := ReadResults(path)
	fmt.Println(results[0].Prediction, results[0].Label, err)
	// Output: Paris paris <nil>
}

func ExampleWriteScored() {
	dir, err := os.MkdirTemp("", "kairos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "test_results_scored.json")
	answers := []Answer{{Task: "capital", Text: "Paris", References: []string{"Paris"}}}
	if err := WriteScored(path, 10, answers, []float64{-0.5}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ReadRewards(path))
	// Output: [-0.5] <nil>
}

func ExampleReadRewards() {
	rewards, err := ReadRewards("testdata/odd_scored.json")
	fmt.Printf("%d rewards, the first %.3f %v\n", len(rewards), rewards[0], err)
	// Output: 4 rewards, the first 0.333 <nil>
}

func ExampleGenerate_chat() {
	m, err := model.Load("SmolLM2-135M-Instruct")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	examples := []data.Example{{Data: []string{"What is the capital of France?", "Paris"}}}
	answers, err := Generate(context.Background(), m, examples, GenerateConfig{Chat: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answers[0].Text)
	// Output: The capital of France is Paris.
}
