package data

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbered returns examples with the given tasks, each with its index as its id.
func numbered(tasks ...string) []Example {
	examples := make([]Example, len(tasks))
	for i, task := range tasks {
		examples[i] = Example{ID: fmt.Sprint(i), Data: []string{"Q" + fmt.Sprint(i), "A"}, Task: task}
	}
	return examples
}

func ids(examples []Example) string {
	all := ""
	for _, e := range examples {
		all += e.ID + " "
	}
	return all
}

func TestSamplePerTask(t *testing.T) {
	examples := numbered("a", "b", "a", "", "b", "a", "c", "a", "", "a", "")
	count := make(map[string]int)
	for seed := range uint64(500) {
		sample := SamplePerTask(examples, 2, seed)
		if again := SamplePerTask(examples, 2, seed); ids(again) != ids(sample) {
			t.Fatalf("seed %d: %s, then %s", seed, ids(sample), ids(again))
		}
		perTask := make(map[string]int)
		for _, e := range sample {
			perTask[e.Task]++
			count[e.ID]++
		}
		if d := cmp.Diff(map[string]int{"a": 2, "b": 2, "c": 1, "": 2}, perTask); d != "" {
			t.Fatal(d)
		}
		if !slices.IsSortedFunc(sample, func(x, y Example) int {
			return slices.Index(ofIDs(examples), x.ID) - slices.Index(ofIDs(examples), y.ID)
		}) {
			t.Fatalf("seed %d: out of order: %s", seed, ids(sample))
		}
	}
	for _, e := range examples { // two of five "a", two of three without a task
		want := map[string]int{"a": 200, "b": 500, "c": 500, "": 333}[e.Task]
		if got := count[e.ID]; got < want-50 || got > want+50 {
			t.Errorf("example %s was drawn %d times of 500, want about %d", e.ID, got, want)
		}
	}
}

func ofIDs(examples []Example) []string {
	var all []string
	for _, e := range examples {
		all = append(all, e.ID)
	}
	return all
}

func TestSamplePerTaskDrawsEachTaskAlone(t *testing.T) {
	alone := numbered("a", "a", "a", "a", "a", "a", "a", "a")
	among := append(slices.Clone(alone), numbered("b", "c", "b")...)
	for seed := range uint64(20) {
		if got, want := SamplePerTask(among, 3, seed)[:3], SamplePerTask(alone, 3, seed); ids(got) != ids(want) {
			t.Fatalf("seed %d: %s among others, %s alone", seed, ids(got), ids(want))
		}
	}
}

// A published sample must stay what it is, whatever the Go version.
func TestSamplePerTaskIsPinned(t *testing.T) {
	examples := numbered(slices.Repeat([]string{"a", "b"}, 50)...)
	if got, want := ids(SamplePerTask(examples, 4, 11721)), "5 20 31 46 48 59 84 85 "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSampleOfNone(t *testing.T) {
	for _, n := range []int{0, -1} {
		if got := SamplePerTask(numbered("a", "b"), n, 1); len(got) != 0 {
			t.Errorf("n = %d: got %v", n, got)
		}
	}
	if got := SamplePerTask(nil, 3, 1); len(got) != 0 {
		t.Errorf("got %v from nothing", got)
	}
}

func TestSplit(t *testing.T) {
	examples := numbered("a", "b", "a", "", "c", "b")
	train, test, err := Split(examples, []string{"b", "", "b"})
	if err != nil || ids(train) != "0 2 4 " || ids(test) != "1 3 5 " {
		t.Errorf("got %s| %s, %v", ids(train), ids(test), err)
	}
	train, test, err = Split(examples, nil)
	if err != nil || len(train) != 6 || len(test) != 0 {
		t.Errorf("got %s| %s, %v", ids(train), ids(test), err)
	}
}

func TestSplitNamesUnknownTasks(t *testing.T) {
	examples := numbered("a", "b")
	for _, c := range []struct {
		unseen []string
		want   string
	}{
		{[]string{"a", "x"}, `"x"`},
		{[]string{"A", "b "}, `"A", "b "`},
		{[]string{"1", "2", "3", "4", "5", "6", "7", "a"}, `"1", "2", "3", "4", "5" and 2 more`},
	} {
		train, test, err := Split(examples, c.unseen)
		if train != nil || test != nil || err == nil || err.Error() != "data: split: no example has the task "+c.want {
			t.Errorf("%q: got %v, %v, %v", c.unseen, train, test, err)
		}
	}
}

func TestPick(t *testing.T) {
	examples := numbered("a", "b", "c")
	got, err := Pick(examples, []int{2, 0, 2})
	if err != nil || ids(got) != "2 0 2 " {
		t.Errorf("got %s, %v", ids(got), err)
	}
	for _, i := range []int{3, -1} {
		got, err := Pick(examples, []int{0, i})
		want := fmt.Sprintf("data: pick: order[1] is %d: there are 3 examples", i)
		if got != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, %v; want %s", got, err, want)
		}
	}
}

func TestTexts(t *testing.T) {
	got := Texts([]Example{{}, {Data: []string{"Q"}}, {Data: []string{"Q", "A"}}, {Data: []string{"Q", "A", "more", "turns"}}})
	if d := cmp.Diff([]string{"", "Q", "Q A", "Q A"}, got); d != "" {
		t.Error(d)
	}
}

func TestTaskNames(t *testing.T) {
	got := TaskNames(numbered("b", "a", "b", "", "a"))
	if d := cmp.Diff([]string{"b", "a", ""}, got); d != "" {
		t.Error(d)
	}
}

func TestFirstTurnsLeavesItsInputAlone(t *testing.T) {
	long := []Example{{Data: []string{"Q", "A", "Q2", "A2"}}, {Data: []string{"Q"}}, {}}
	short := FirstTurns(long)
	want := []Example{{Data: []string{"Q", "A"}}, {Data: []string{"Q"}}, {}}
	if d := cmp.Diff(want, short); d != "" {
		t.Error(d)
	}
	_ = append(short[0].Data, "x")
	if long[0].Data[2] != "Q2" {
		t.Error("appending to the short one changed the long one")
	}
}

func TestReadSplit(t *testing.T) {
	train, test, err := ReadSplit("testdata/train_eval_key_list.json")
	if err != nil {
		t.Fatal(err)
	}
	wantTrain := []string{
		"task150_afs_argument_quality_gun_control",
		"task002_quoref_answer_generation",
		"task256_spl_translation_de_en",
		"task334_hateeval_classification_hate_es",
	}
	wantTest := []string{
		"quoref_Answer_Friend_Question",
		"task1340_msr_text_compression_compression",
		"task424_hindienglish_corpora_hi_en_translation",
	}
	if d := cmp.Diff([][]string{wantTrain, wantTest}, [][]string{train, test}); d != "" {
		t.Error(d)
	}
}

func TestReadSplitErrors(t *testing.T) {
	for _, c := range [][2]string{
		{`{"train_key_list": ["a"]}`, `field "eval_key_list": it is missing`},
		{`{"train_key_list": ["a"], "eval_key_list": []}`, `field "eval_key_list": the list is empty: want at least one member`},
		{`{"train_key_list": ["a", 2], "eval_key_list": ["b"]}`, `field "train_key_list[1]": want a string, got a number`},
		{`{"train_key_list": ["a", "b"], "eval_key_list": ["c", "a"]}`, `field "eval_key_list[1]": task "a" is in train_key_list already`},
		{`{"train_key_list": ["a", "a"], "eval_key_list": ["b"]}`, `field "train_key_list[1]": task "a" is in train_key_list already`},
		{`["a"]`, `want an object, got a list`},
	} {
		path := write(t, "keys.json", c[0])
		train, test, err := ReadSplit(path)
		if train != nil || test != nil {
			t.Errorf("got %v and %v beside the error", train, test)
		}
		wantError(t, err, path, "data: read DIR/keys.json: "+c[1])
	}
}
