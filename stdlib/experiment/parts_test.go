package experiment

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/run"
)

func curve(name string, losses ...float64) plot.Curve {
	c := plot.Curve{Name: name}
	for i, loss := range losses {
		c.Add(2*i, loss)
	}
	return c
}

func TestLeads(t *testing.T) {
	a, b := curve("a", 1, 3, 2, 2, 9), curve("b", 9, 2, 2, 3)
	// Step 0 does not count, at step 4 they are equal, and b has no step 8.
	want := []Lead{{"b", 2, 2}, {"a", 4, 6}}
	if got := Leads([]plot.Curve{a, b}); !slices.Equal(got, want) {
		t.Errorf("leads are %v, want %v", got, want)
	}
	if got := Leads(nil); got != nil {
		t.Errorf("of no curves %v leads", got)
	}
}

func TestShortTask(t *testing.T) {
	for task, want := range map[string]string{
		"": "", "nli": "nli",
		"subtask013_mctaco_answer_generation_absolute_timepoint": "013 mctaco … absolute timepoint",
		"subtask020_mctaco_span_based_question":                  "020 mctaco span based question",
		"subtask047_misc_answering_science_questions":            "047 misc … science questions",
		"a_name_of_averylongwordthatfitsinnotitlewhateveritis":   "a name …",
	} {
		if got := ShortTask(task); got != want {
			t.Errorf("%q becomes %q, want %q", task, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for name, want := range map[string]string{
		"only 013 mctaco … timepoint": "only-013-mctaco-timepoint", "[0, 5)": "0-5", "a/b: c": "a-b-c", "lr-1e-05_x.y": "lr-1e-05_x.y",
		"meta-llama/Llama-2-7b-hf": "meta-llama-Llama-2-7b-hf",
	} {
		if got := clean(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// trial is one that was run, with the losses of a seed.
func trial(seed uint64, losses ...float64) *Trial {
	r := &run.Record{Dir: "x"}
	for i, loss := range losses {
		r.Rows = append(r.Rows, run.Row{Step: 2 * i, Evaluated: true, UnseenLoss: loss, UnseenByTask: map[string]float64{"qa": loss + 1}})
	}
	return &Trial{Sample: &Sample{Seed: seed}, Record: r}
}

func twoArms() *Set {
	s := &Set{Name: "orders", Baseline: "RT"}
	s.Arms = []*Arm{
		{Name: "NFT", Trials: []*Trial{trial(1, 4, 2, 1), trial(2, 4, 3, 2)}, set: s},
		{Name: "RT", Trials: []*Trial{trial(1, 4, 3, 3), trial(2, 4, 3, 3)}, set: s},
	}
	return s
}

func TestDifferences(t *testing.T) {
	list, err := twoArms().Differences()
	if err != nil || len(list) != 1 || list[0].Name != "NFT" {
		t.Fatalf("%v, error %v: want NFT alone", list, err)
	}
	if got, want := list[0].Curves, []plot.Curve{curve("seed 1", 0, -1, -2), curve("seed 2", 0, 0, -1)}; !reflect.DeepEqual(got, want) {
		t.Errorf("differences are %v, want %v", got, want)
	}
	other := twoArms()
	other.Arms[1].Trials[1] = trial(3, 4, 3, 3)
	if _, err := other.Differences(); err == nil {
		t.Error("seeds 2 and 3 are paired, and no error")
	}
	other.Arms[1].Trials = other.Arms[1].Trials[:1]
	if _, err := other.Differences(); err == nil {
		t.Error("two seeds are paired with one, and no error")
	}
	panels, err := differencePanels([]*Set{twoArms(), {Name: "empty", Baseline: "RT"}})
	if err != nil || len(panels) != 1 {
		t.Fatalf("%d panels, error %v", len(panels), err)
	}
	// The baseline stays where it was, second, and is 0.
	if c := panels[0].Curves; c[0].Name != "NFT" || c[0].Loss[2] != -1.5 || c[1].Name != "RT" || !slices.Equal(c[1].Loss, []float64{0, 0, 0}) {
		t.Errorf("the panel has %v", c)
	}
}

func TestSummary(t *testing.T) {
	// Means of the curves by hand: seed 1 (4+2)/2·½ + (2+1)/2·½ = 2.25, seed 2 3, RT 3.25 for both; so −1 and −0.25,
	// whose mean is −0.625 and deviation 0.75/√2. By the last loss −2 and −1.
	const want = `orders: loss on the unseen examples in nats, 2 seeds
  arm  mean of the curve  minus RT          p     tasks lower  last loss        minus RT          p    tasks lower  half of the fall by step
  NFT  2.6250 ± 0.5303    -0.6250 ± 0.5303  0.34  1/1          1.5000 ± 0.7071  -1.5000 ± 0.7071  0.2  1/1          2, 2
  RT   3.2500 ± 0.0000                                         3.0000 ± 0.0000                                      2, 2
Lowest by the mean over seeds: NFT at steps 2–4. Highest minus lowest: 0.50 at step 2, 1.50 at step 4.`
	if got, err := twoArms().Summary(); got != want || err != nil {
		t.Errorf("the summary is\n%s\nerror %v, want\n%s", got, err, want)
	}
	single := twoArms()
	for _, a := range single.Arms {
		a.Trials = a.Trials[:1]
	}
	const alone = `orders: loss on the unseen examples in nats, 1 seeds
  arm  mean of the curve  minus RT  p  tasks lower  last loss  minus RT  p  tasks lower  half of the fall by step
  NFT  2.2500                                       1.0000                               2
  RT   3.2500                                       3.0000                               2
Lowest by the mean over seeds: NFT at steps 2–4. Highest minus lowest: 1.00 at step 2, 2.00 at step 4.`
	if got, err := single.Summary(); got != alone || err != nil {
		t.Errorf("with one seed the summary is\n%s\nerror %v, want\n%s", got, err, alone)
	}
}

func TestTaskPanels(t *testing.T) {
	panels, err := twoArms().TaskPanels()
	if err != nil || len(panels) != 1 || panels[0].Title != "qa" || !slices.Equal(panels[0].Curves[0].Loss, []float64{5, 3.5, 2.5}) {
		t.Errorf("panels %v, error %v", panels, err)
	}
}

// Runs of different lengths are compared at the steps that all have.
func TestSteps(t *testing.T) {
	s := twoArms()
	s.Arms[0].Trials[1] = trial(2, 4, 3, 2, 1)
	s.Arms[1].Trials[0] = trial(1, 4, 3)
	if got := s.steps(); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("steps %v: want 0 and 2", got)
	}
	if got, want := s.Arms[0].Curves(), []plot.Curve{curve("seed 1", 4, 2), curve("seed 2", 4, 3)}; !reflect.DeepEqual(got, want) {
		t.Errorf("curves %v, want %v", got, want)
	}
	if got, want := s.Arms[0].TaskCurves("qa"), []plot.Curve{curve("seed 1", 5, 3), curve("seed 2", 5, 4)}; !reflect.DeepEqual(got, want) {
		t.Errorf("curves of a task %v, want %v", got, want)
	}
	if got := s.Arms[0].TaskCurves("nli"); got != nil {
		t.Errorf("curves %v of a task that there is not", got)
	}
}

// The example that is nearest has the same letters; seeds draw apart; rates are chosen without what is unseen.
func TestSamples(t *testing.T) {
	e := miniature(t, Config{})
	samples, err := e.Samples(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(samples) != 2 || len(samples[0].Pool) != 20 || len(samples[0].Unseen) != 4 || samples[1].Seed != 2 {
		t.Fatalf("%d samples, the first with %d and %d examples", len(samples), len(samples[0].Pool), len(samples[0].Unseen))
	}
	if reflect.DeepEqual(samples[0].Pool, samples[1].Pool) || reflect.DeepEqual(samples[0].Unseen, samples[1].Unseen) {
		t.Error("two seeds draw the same examples")
	}
	dist, err := samples[0].Distances()
	if err != nil {
		t.Fatal(err)
	}
	if rows, cols := dist.Dims(); rows != 20 || cols != 4 {
		t.Errorf("distances %d × %d", rows, cols)
	}
	if want, _ := letters(t.Context(), data.Texts(samples[1].Unseen)); !reflect.DeepEqual(samples[1].Targets.Data, want.Data) {
		t.Errorf("targets are %v, want %v", samples[1].Targets, want)
	}
	e.Size.PerSingle = 3
	singles, err := e.Single(t.Context(), samples, "after")
	if err != nil || len(singles) != 2 || !slices.Equal(singles[1].UnseenTasks(), []string{"after", "after", "after"}) || singles[1].Targets.Rows != 3 {
		t.Errorf("singles %v, error %v", singles, err)
	}
	if _, err := e.Single(t.Context(), samples, "up"); err == nil {
		t.Error("a training task is taken for an unseen one")
	}
	held, order, err := e.heldIn()
	if err != nil || len(held.Pool) != 16 || len(held.Unseen) != 2 || len(order) != 14 {
		t.Fatalf("held in: %d of %d, %d trained on, error %v", len(held.Unseen), len(held.Pool), len(order), err)
	}
	for _, row := range order {
		if held.Pool[row].ID == held.Unseen[0].ID || held.Pool[row].ID == held.Unseen[1].ID {
			t.Errorf("row %d is trained on and held back", row)
		}
	}
}

// Without labels, and without a split, the seed draws what stays unseen.
func TestUnlabelled(t *testing.T) {
	examples, split := files(t)
	e := miniature(t, Config{Data: examples, Unlabelled: true})
	samples, err := e.Samples(t.Context(), 30)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		if len(s.Pool) != 30 || len(s.Unseen) != 2 || s.Pool[0].Task != "" {
			t.Fatalf("%d and %d examples, of task %q", len(s.Pool), len(s.Unseen), s.Pool[0].Task)
		}
		for _, ex := range s.Pool {
			if ex.ID == s.Unseen[0].ID || ex.ID == s.Unseen[1].ID {
				t.Errorf("seed %d: %s is in the pool and unseen", s.Seed, ex.ID)
			}
		}
	}
	e = miniature(t, Config{Data: examples, Split: split, Unlabelled: true})
	if samples, err = e.Samples(t.Context(), 0); err != nil || len(samples[0].Pool) != 48 || len(samples[0].Unseen) != 2 {
		t.Errorf("with a split: %v, error %v: want all of the pool", samples, err)
	}
	e = miniature(t, Config{Data: examples, Test: examples})
	if samples, err = e.Samples(t.Context(), 1); err != nil || len(samples[0].Pool) != 6 || len(samples[0].Unseen) != 12 {
		t.Errorf("with unseen examples: %v, error %v: want both of six tasks", samples, err)
	}
}

func TestFit(t *testing.T) {
	e := &Experiment{Size: Size{Longest: 5}}
	got := e.fit([]data.Example{{Data: []string{"abc", "de", "f", "g"}}, {Data: []string{"abc", "def"}}, {Data: []string{"a"}}})
	if len(got) != 1 || !slices.Equal(got[0].Data, []string{"abc", "de"}) {
		t.Errorf("what fits is %v: want the first turn of the first", got)
	}
}

func TestBase(t *testing.T) {
	e := miniature(t, Config{LR: 3e-3})
	e.size.Base = BaseModel{Examples: 10, LR: 3e-3}
	orders(t, e, e.NewSet("all", "random"))
	if err := e.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	m, err := model.Load(e.models[""])
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	base, err := run.Read(e.shared("base"))
	if err != nil || base.Done() != 3 || e.modelName("") != "base" || e.modelName("tiny") != "tiny" {
		t.Errorf("the base was trained for %d steps, error %v: want 10 examples in steps of 4", base.Done(), err)
	}
}

func TestTokenMeans(t *testing.T) {
	m, err := model.Tiny(1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	vectors, err := TokenMeans(m, []string{"ab", "b"})
	if err != nil {
		t.Fatal(err)
	}
	table, err := m.Param("model.embed_tokens.weight")
	if err != nil {
		t.Fatal(err)
	}
	a, b := m.Tokenizer().Encode("a")[0], m.Tokenizer().Encode("b")[0]
	width := m.Config.Hidden
	var square, dot float64
	for k := range width {
		sum := float64(table[int(a)*width+k]) + float64(table[int(b)*width+k])
		square += sum * sum
		dot += sum * float64(vectors.At(0, k))
	}
	// The vector has length 1 and the direction of the sum.
	if math.Abs(dot-math.Sqrt(square)) > 1e-6 || math.Abs(length(vectors.Row(1))-1) > 1e-6 {
		t.Errorf("the product with the sum is %g, its length %g", dot, math.Sqrt(square))
	}
	if _, err := TokenMeans(m, []string{""}); err == nil {
		t.Error("a text without tokens, and no error")
	}
}

func length(row []float32) float64 {
	square := 0.0
	for _, x := range row {
		square += float64(x) * float64(x)
	}
	return math.Sqrt(square)
}

// The sizes that scripts rely on.
func TestSizes(t *testing.T) {
	for _, name := range Sizes() {
		s, err := SizeOf(name)
		if err != nil || s.Seeds < 3 || s.Train.Batch < 4 || s.PerUnseen < 4 || len(s.Rates) == 0 || s.Chosen == 0 {
			t.Errorf("%s is %+v, error %v", name, s, err)
		}
		if s.Candidates != 0 && s.Candidates*20 < s.Chosen {
			t.Errorf("%s: %d of each task to choose %d from", name, s.Candidates, s.Chosen)
		}
	}
}
