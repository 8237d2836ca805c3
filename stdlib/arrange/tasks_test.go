package arrange

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/matrix"
)

type arrangements struct {
	Tasks                              []string
	Train, Test, Rounded               [][]float32
	Means                              [][]float64
	TaskScores                         []float64
	Scores                             map[string][]float64
	Clustered, RoundRobin, Coarse      []int
	Polar4, Polar7, Uniform4           []int
	MinMax40, MaxMin40                 []int
	MinMax40Reversed, MaxMin40Reversed []int
}

func readArrangements(t *testing.T) (a arrangements) {
	t.Helper()
	text, err := os.ReadFile("testdata/reference_arrangements.json")
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var letters = []string{"b", "a", "b", "", "b", "a"}

func TestByTaskByHand(t *testing.T) {
	want := []Group{{"b", []int{0, 2, 4}}, {"a", []int{1, 5}}, {"", []int{3}}}
	if d := cmp.Diff(want, Groups(letters)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{0, 2, 4, 1, 5, 3}, Cluster(letters)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{0, 1, 3, 2, 5, 4}, RoundRobin(letters)); d != "" {
		t.Error(d)
	}
	if len(Groups(nil))+len(Cluster(nil))+len(RoundRobin(nil)) != 0 {
		t.Error("nothing gives something")
	}
}

func TestByTaskAgainstReference(t *testing.T) {
	a := readArrangements(t)
	if d := cmp.Diff(a.Clustered, Cluster(a.Tasks)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(a.RoundRobin, RoundRobin(a.Tasks)); d != "" {
		t.Error(d)
	}
}

func TestThrough(t *testing.T) {
	got, err := Through([]int{7, 5, 9}, []int{2, 0})
	if d := cmp.Diff([]int{9, 7}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for _, k := range []int{-1, 3} {
		if _, err := Through([]int{7, 5, 9}, []int{0, k}); err == nil {
			t.Errorf("row %d of 3 is no error", k)
		}
	}
}

func TestCoarseByHand(t *testing.T) {
	got, err := Coarse(letters, []float64{0.5, -2, 0.5}) // of b, a and ""
	if d := cmp.Diff([]int{1, 5, 0, 2, 4, 3}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for scores, want := range map[*[]float64]string{
		{1, 2}:             "arrange: coarse: 2 scores for 3 tasks: want one for each task, in the order of Groups",
		{1, math.NaN(), 2}: "arrange: coarse: by task: score 1 is NaN",
	} {
		if _, err := Coarse(letters, *scores); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCoarseAgainstReference(t *testing.T) {
	a := readArrangements(t)
	means, err := TaskMeans(context.Background(), mustRows(t, a.Train...), a.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	for k, row := range a.Means {
		for j, want := range row {
			if math.Abs(float64(means.At(k, j))-want) > 1e-7 {
				t.Errorf("mean %d, %d is %v, want %v", k, j, means.At(k, j), want)
			}
		}
	}
	got, err := Coarse(a.Tasks, a.TaskScores)
	if d := cmp.Diff(a.Coarse, got); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestTaskMeansErrors(t *testing.T) {
	for _, c := range []struct {
		vectors *matrix.Dense
		tasks   []string
		want    string
	}{
		{matrix.New(2, 2), []string{"a"}, "2 vectors, but tasks of 1 rows"},
		{matrix.New(0, 2), nil, "the matrix is empty: it is 0×2"},
		{mustRows(t, []float32{1}, []float32{float32(math.Inf(1))}), []string{"a", "b"}, "row 1, column 0 is +Inf: want a finite number"},
		{nil, []string{"a", "b"}, "no matrix: it is nil"},
	} {
		_, err := TaskMeans(context.Background(), c.vectors, c.tasks)
		if err == nil || err.Error() != "arrange: task means: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestPerTaskByHand(t *testing.T) {
	var tasks []string
	var scores []float64
	for i := range 10 { // task a is farther the later, task b has two rows
		tasks = append(tasks, "a")
		scores = append(scores, float64(i))
	}
	tasks, scores = append(tasks, "b", "b"), append(scores, 5, 5)
	for _, c := range []struct {
		cfg  ChoiceConfig
		want []int
	}{
		{ChoiceConfig{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
		{ChoiceConfig{Num: 4}, []int{0, 1, 8, 9, 10, 11}},
		{ChoiceConfig{Num: 3}, []int{0, 1, 9, 10, 11}},
		{ChoiceConfig{Num: 3, AsReference: true}, []int{0, 9, 10, 11}},
		{ChoiceConfig{Num: 1}, []int{0, 10}},
		{ChoiceConfig{Num: 4, Uniform: true}, []int{0, 2, 5, 7, 10, 11}},
		{ChoiceConfig{Num: 4, Uniform: true, AsReference: true}, []int{0, 2, 4, 6, 8, 10, 11}},
		{ChoiceConfig{Num: 5, Uniform: true}, []int{0, 2, 4, 6, 8, 10, 11}},
	} {
		got, err := PerTask(tasks, scores, c.cfg)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

func TestPerTaskAgainstReference(t *testing.T) {
	a := readArrangements(t)
	scores := make([]float64, len(a.Tasks))
	for _, g := range Groups(a.Tasks) {
		for k, row := range g.Rows {
			scores[row] = a.Scores[g.Task][k]
		}
	}
	for _, c := range []struct {
		cfg  ChoiceConfig
		want []int
	}{
		{ChoiceConfig{Num: 4, AsReference: true}, a.Polar4},
		{ChoiceConfig{Num: 4}, a.Polar4},
		{ChoiceConfig{Num: 7, AsReference: true}, a.Polar7},
		{ChoiceConfig{Num: 4, Uniform: true, AsReference: true}, a.Uniform4},
	} {
		got, err := PerTask(a.Tasks, scores, c.cfg)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

func TestPerTaskErrors(t *testing.T) {
	for _, c := range []struct {
		tasks  []string
		scores []float64
		num    int
		want   string
	}{
		{[]string{"a"}, nil, 0, "0 scores, but tasks of 1 rows"},
		{[]string{"a"}, []float64{1}, -1, "Num is -1: want 0 for 20, or how many of each task"},
		{[]string{"a"}, []float64{math.NaN()}, 0, "score 0 is NaN"},
	} {
		_, err := PerTask(c.tasks, c.scores, ChoiceConfig{Num: c.num})
		if err == nil || err.Error() != "arrange: per task: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if got, err := PerTask(nil, nil, ChoiceConfig{}); len(got) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v", got, err)
	}
}

func TestPerTaskLeavesItsScores(t *testing.T) {
	scores := []float64{3, 1, 2}
	if _, err := PerTask([]string{"a", "a", "a"}, scores, ChoiceConfig{Num: 2}); err != nil || !slices.Equal(scores, []float64{3, 1, 2}) {
		t.Error(err, scores)
	}
}
