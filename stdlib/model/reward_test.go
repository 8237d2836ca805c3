package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/internal/safetensors"
)

type rewardReference struct {
	IDs    [][]int32
	Scores []float64
}

func testReward(t *testing.T) (*Reward, rewardReference) {
	t.Helper()
	r, err := LoadReward("testdata/reward")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	var ref rewardReference
	if err := readJSON("testdata/reward/reference.json", &ref); err != nil {
		t.Fatal(err)
	}
	return r, ref
}

func TestRewardsAgreeWithTransformers(t *testing.T) {
	r, ref := testReward(t)
	scores, err := r.Score(context.Background(), ref.IDs)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, want := range ref.Scores {
		worst = max(worst, math.Abs(scores[i]-want))
	}
	t.Logf("model: %d rewards equal transformers', worst difference %.1e", len(scores), worst)
	if worst > 1e-5 {
		t.Errorf("worst difference %.2g", worst)
	}
}

// copyReward lays out the reward model with its tensors under other names.
func copyReward(t *testing.T, rename func(string) string) string {
	t.Helper()
	config, err := os.ReadFile("testdata/reward/config.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.Open("testdata/reward/model.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var tensors []safetensors.Named
	for _, p := range file.Tensors {
		values, err := file.Floats(p.Name, p.Shape)
		if err != nil {
			t.Fatal(err)
		}
		tensors = append(tensors, safetensors.Named{Name: rename(p.Name), Shape: p.Shape, Values: values})
	}
	var out strings.Builder
	if err := safetensors.Write(&out, nil, tensors); err != nil {
		t.Fatal(err)
	}
	return lay(t, map[string]string{configFile: string(config), weightsFile: out.String()})
}

func TestUltraRMsHead(t *testing.T) {
	r, ref := testReward(t)
	want, err := r.Score(context.Background(), ref.IDs)
	if err != nil {
		t.Fatal(err)
	}
	other, err := LoadReward(copyReward(t, func(name string) string { return strings.Replace(name, "score.", "regression_head.", 1) }))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if got, err := other.Score(context.Background(), ref.IDs); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("scores %v, want %v: %v", got, want, err)
	}
}

func TestWhatRewardRefuses(t *testing.T) {
	dir := copyReward(t, func(name string) string { return strings.Replace(name, "score.", "v_head.", 1) })
	if _, err := LoadReward(dir); err == nil || !strings.Contains(err.Error(), "no head for rewards") || !strings.Contains(err.Error(), filepath.Join(dir, weightsFile)+" has no tensor score.weight") {
		t.Errorf("no head: %v", err)
	}
	if _, err := LoadReward("no/such/reward"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	r, _ := testReward(t)
	for want, ids := range map[string][]int32{
		"text 1: it has 0 tokens, want 1 to 32":    {},
		"text 1: it has 33 tokens":                 make([]int32, 33),
		"text 1: token 0: id 48 is outside the vo": {48},
	} {
		if _, err := r.Score(context.Background(), [][]int32{{1}, ids}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Score(ctx, [][]int32{{1}}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	r.Close()
	if _, err := r.Score(context.Background(), [][]int32{{1}}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed: %v", err)
	}
}

func ExampleReward_Score() {
	r, err := LoadReward("testdata/reward")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	scores, err := r.Score(context.Background(), [][]int32{{14, 25, 36, 47}, {5, 6}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(scores), "texts, of which the first is better:", scores[0] > scores[1])
	// Output: 2 texts, of which the first is better: true
}
