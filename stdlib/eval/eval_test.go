package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/cell/render"
	"kairos/stdlib/data"
	"kairos/stdlib/model"
)

func tiny(t testing.TB) *model.Model {
	t.Helper()
	m, err := model.Tiny(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

var examples = []data.Example{
	{Task: "sum", Data: []string{"2 + 3?", "5"}},
	{Task: "capital", Data: []string{"Capital of France?", "Paris"}},
	{Task: "sum", Data: []string{"20 + 30?", "50"}},
}

var byHand = []Result{{Task: "a", Loss: 1}, {Task: "b", Loss: 2}, {Task: "a", Loss: 6}}

func TestAveragesByHand(t *testing.T) {
	if got := Mean(byHand); got != 3 {
		t.Errorf("Mean = %v, want 3", got)
	}
	if d := cmp.Diff(map[string]float64{"a": 3.5, "b": 2}, ByTask(byHand)); d != "" {
		t.Error(d)
	}
	all := ByCategory(byHand, func(string) string { return "any" })
	if d := cmp.Diff(map[string]float64{"any": 3}, all); d != "" {
		t.Error(d)
	}
	if got := Mean(nil); !math.IsNaN(got) {
		t.Errorf("the mean of nothing is %v", got)
	}
}

// A model that has learned nothing gives every byte about the same chance.
func TestLossOfAnUntrainedModel(t *testing.T) {
	results, err := Loss(context.Background(), tiny(t), examples, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Task != examples[i].Task || math.Abs(r.Loss-math.Log(258)) > 0.25 {
			t.Errorf("example %d: %+v, want task %s and a loss near %.2f", i, r, examples[i].Task, math.Log(258))
		}
		if r.Prompt != "" || r.Prediction != "" || r.Label != "" {
			t.Errorf("example %d has texts that nobody asked for: %+v", i, r)
		}
	}
}

func TestTexts(t *testing.T) {
	m := tiny(t)
	two := []data.Example{examples[0], {Task: "talk", Data: []string{"Hi", "Hello", "Bye", "Ciao", "?"}}}
	results, err := Loss(context.Background(), m, two, Config{Texts: true})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := Loss(context.Background(), m, two, Config{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Result{
		{Task: "sum", Loss: plain[0].Loss, Prompt: "User: 2 + 3?\nAssistant: ", Label: "5"},
		{Task: "talk", Loss: plain[1].Loss, Prompt: "User: Hi\nAssistant: \nUser: Bye\nAssistant: ", Label: "HelloCiao"},
	}
	for i, r := range results {
		r.Prediction = ""
		if d := cmp.Diff(want[i], r); d != "" {
			t.Error(d)
		}
	}
}

// smol is SmolLM2, loaded once; it stays until the tests end.
var smol = sync.OnceValues(func() (*model.Model, error) { return model.Load("SmolLM2-135M-Instruct") })

// What transformers makes of the same dialogues: the likeliest tokens and the losses.
func TestTextsAgreeWithTransformers(t *testing.T) {
	m, err := smol()
	if err != nil {
		t.Fatal(err)
	}
	results, err := Loss(context.Background(), m, dialogues(t), Config{Texts: true})
	if err != nil {
		t.Fatal(err)
	}
	want, err := ReadResults("testdata/test_results.json")
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, r := range results {
		worst = max(worst, math.Abs(r.Loss-want[i].Loss))
		r.Loss = want[i].Loss
		if d := cmp.Diff(want[i], r); d != "" {
			t.Errorf("example %d: %s", i, d)
		}
	}
	if worst > 1e-4 {
		t.Errorf("a loss differs by %.2g", worst)
	}
	t.Logf("eval: texts of %d dialogues equal transformers', losses within %.1e", len(want), worst)
}

// dialogues are those of testdata.
func dialogues(t *testing.T) []data.Example {
	t.Helper()
	text, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples []data.Example
	if err := json.Unmarshal(text, &examples); err != nil {
		t.Fatal(err)
	}
	return examples
}

// What a prompt shows of several results is a table.
func TestTables(t *testing.T) {
	plain := render.Text(append(byHand, byHand...))
	if !strings.Contains(plain, "6 rows × 2 columns") {
		t.Errorf("%s", plain)
	}
	r := Result{Task: "capital", Loss: 0.5, Prompt: "User: Capital of France?\nAssistant: ", Prediction: "Lyon", Label: "Paris"}
	texts := render.Text([]Result{r, r})
	if !strings.Contains(texts, "2 rows × 4 columns") || !strings.Contains(texts, "Lyon") {
		t.Errorf("%s", texts)
	}
	a := Answer{Task: "capital", Text: "Lyon", References: []string{"Paris"}}
	answers := render.Text([]Answer{a, {Task: "none"}})
	if !strings.Contains(answers, "2 rows × 6 columns") || !strings.Contains(answers, "Paris") {
		t.Errorf("%s", answers)
	}
}

func TestProgressCancelAndErrors(t *testing.T) {
	m := tiny(t)
	last := 0
	if _, err := Loss(context.Background(), m, examples, Config{Progress: func(done, total int) { last = done*10 + total }}); err != nil || last != 33 {
		t.Errorf("progress ended at %d, error %v", last, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Loss(ctx, m, examples, Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Loss(context.Background(), m, nil, Config{}); err == nil {
		t.Error("no examples: no error")
	}
	odd := []data.Example{{Task: "x", Data: []string{"no answer"}}}
	if _, err := Loss(context.Background(), m, odd, Config{}); err == nil || !strings.Contains(err.Error(), "example 0") {
		t.Errorf("an example without an answer: %v", err)
	}
}

func ExampleMean() {
	results := []Result{{Task: "sum", Loss: 0.5}, {Task: "sum", Loss: 1.5}, {Task: "capital", Loss: 4}}
	fmt.Println(Mean(results))
	// Output: 2
}

func ExampleByTask() {
	results := []Result{{Task: "sum", Loss: 0.5}, {Task: "sum", Loss: 1.5}, {Task: "capital", Loss: 4}}
	fmt.Println(ByTask(results))
	// Output: map[capital:4 sum:1]
}

func ExampleByCategory() {
	results := []Result{{Task: "sum", Loss: 0.5}, {Task: "product", Loss: 1.5}, {Task: "capital", Loss: 4}}
	categories := map[string]string{"sum": "arithmetic", "product": "arithmetic", "capital": "facts"}
	fmt.Println(ByCategory(results, func(task string) string { return categories[task] }))
	// Output: map[arithmetic:1 facts:4]
}

func ExampleLoss() {
	m, err := model.Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	results, err := Loss(context.Background(), m, examples, Config{Texts: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Printf("%s: %v, %q\n", r.Task, r.Loss < 6, r.Label)
	}
	// Output:
	// sum: true, "5"
	// capital: true, "Paris"
	// sum: true, "50"
}
