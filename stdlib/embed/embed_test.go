package embed

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/assets"
	"kairos/stdlib/data"
	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/matrix"
)

func loadMiniLM(t testing.TB) *Encoder {
	t.Helper()
	e, err := Load("all-MiniLM-L6-v2")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// referenceTexts are the texts that testdata/make_reference.py embedded.
func referenceTexts(t *testing.T) []string {
	t.Helper()
	var picked [][2]any
	raw, err := os.ReadFile("testdata/reference.json")
	if err == nil {
		err = json.Unmarshal(raw, &picked)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir, err := assets.Path("natural-instructions")
	if err != nil {
		t.Fatal(err)
	}
	tasks := map[string]data.Task{}
	var texts []string
	for _, p := range picked {
		name := p[0].(string)
		task, ok := tasks[name]
		if !ok {
			if task, err = data.ReadTask(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			tasks[name] = task
		}
		instance := task.Instances[int(p[1].(float64))]
		texts = append(texts, instance.Input+" "+instance.Outputs[0])
	}
	return texts
}

func dot(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func cosine(a, b []float32) float64 { return dot(a, b) / math.Sqrt(dot(a, a)*dot(b, b)) }

func TestVectorsAgreeWithSentenceTransformers(t *testing.T) {
	texts := referenceTexts(t)
	file, err := safetensors.Open("testdata/reference.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	values, err := file.Floats("vectors", []int64{int64(len(texts)), 384})
	if err != nil {
		t.Fatal(err)
	}
	want := matrix.Dense{Rows: len(texts), Cols: 384, Data: values}
	got, err := loadMiniLM(t).Embed(context.Background(), texts, Config{})
	if err != nil {
		t.Fatal(err)
	}
	worst := 1.0
	for i := range texts {
		worst = min(worst, cosine(got.Row(i), want.Row(i)))
		if length := dot(got.Row(i), got.Row(i)); math.Abs(length-1) > 1e-5 {
			t.Errorf("text %d: squared length %v, want 1", i, length)
		}
	}
	t.Logf("embed: all-MiniLM-L6-v2: %d texts, smallest cosine with sentence-transformers' vectors %.7f", len(texts), worst)
	if worst < 0.99999 {
		t.Errorf("smallest cosine %.7f, want at least 0.99999", worst)
	}
}

// A text's vector must not depend on its company in the batch.
func TestCompanyDoesNotMatter(t *testing.T) {
	e := loadMiniLM(t)
	texts := []string{"How long do geese live?", "", strings.Repeat("a long text about geese ", 200), "How long do geese live?", "Gänse 🪿"}
	together, err := e.Embed(context.Background(), texts, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		alone, err := e.Embed(context.Background(), []string{text}, Config{})
		if err != nil {
			t.Fatal(err)
		}
		if c := cosine(alone.Row(0), together.Row(i)); c < 0.999999 {
			t.Errorf("text %d alone and in company: cosine %v", i, c)
		}
	}
}

func TestProgressAndCancel(t *testing.T) {
	e := loadMiniLM(t)
	texts := make([]string, 300)
	for i := range texts {
		texts[i] = strings.Repeat("goose ", 40)
	}
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	_, err := e.Embed(ctx, texts, Config{Progress: func(done, total int) {
		calls++
		if total != len(texts) || done > total {
			t.Errorf("progress %d of %d", done, total)
		}
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("after cancel in the first of several batches: %d progress calls, error %v", calls, err)
	}
}

func TestBadInput(t *testing.T) {
	if _, err := Load("no-such-encoder"); err == nil || !strings.Contains(err.Error(), "no-such-encoder") {
		t.Errorf("unknown name: %v", err)
	}
	e := loadMiniLM(t)
	if _, err := e.Embed(context.Background(), []string{"x"}, Config{MaxTokens: 1000}); err == nil || !strings.Contains(err.Error(), "3 to 512") {
		t.Errorf("limit past the position table: %v", err)
	}
	e.Close()
	if _, err := e.Embed(context.Background(), []string{"x"}, Config{}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed encoder: %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"model_type": "roberta", "hidden_act": "gelu"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "roberta") {
		t.Errorf("another architecture: %v", err)
	}
}
