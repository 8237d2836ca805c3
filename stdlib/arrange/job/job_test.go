package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
	"kairos/stdlib/vectors"
)

// bench is a directory with training and test data, an encoder's files, and a cache. Where the
// encoder would be is fill, whose vectors say how often each letter occurs.
type bench struct {
	t     *testing.T
	dir   string
	calls [][]string // texts that fill was given
}

const width = 26

func newBench(t *testing.T) *bench {
	b := &bench{t: t, dir: t.TempDir()}
	b.write("encoder/config.json", fmt.Sprintf(`{"hidden_size": %d, "max_position_embeddings": 64}`, width))
	b.write("encoder/model.safetensors", "letters")
	b.write("train.jsonl", `{"id":"1","data":["aaaa bb","b"],"task":"a","extra":[1,2.50]}
{"id":"2","data":["zzzz yy","y"],"task":"z"}
{"id":"3","data":["aabb cc","c"],"task":"a"}
{"id":"4","data":["aayy zz","zy"],"task":"z"}
{"id":"5","data":["aabb bb","ab"],"task":"a"}
`)
	b.write("test.jsonl", `{"data":["aaab","bb"],"task":"unseen"}
{"data":["aabc","b"],"task":"unseen"}
`)
	return b
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(name, text string) {
	b.t.Helper()
	if err := os.MkdirAll(filepath.Dir(b.path(name)), 0o777); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(b.path(name), []byte(text), 0o666); err != nil {
		b.t.Fatal(err)
	}
}

// letters is the vector of a text: how often each letter occurs, and a little of each.
func letters(text string) []float32 {
	v := make([]float32, width)
	for i := range v {
		v[i] = 0.01
	}
	for _, r := range text {
		if 'a' <= r && r <= 'z' {
			v[r-'a']++
		}
	}
	return v
}

func (b *bench) fill(ctx context.Context, enc vectors.Encoder, dir string, texts []string, progress func(done, total int)) error {
	b.calls = append(b.calls, texts)
	cache, err := vectors.OpenCache(ctx, dir, enc)
	if err != nil {
		return err
	}
	defer cache.Close()
	m := matrix.New(len(texts), width)
	for i, text := range texts {
		copy(m.Row(i), letters(text))
	}
	progress(len(texts), len(texts))
	return cache.Put(ctx, vectors.Keys(texts), m)
}

func (b *bench) config() Config {
	return Config{
		Train: []string{b.path("train.jsonl")}, Test: []string{b.path("test.jsonl")}, Out: b.path("out.jsonl"),
		Method: "nft", Embedding: Embedding{Encoder: b.path("encoder"), Cache: b.path("cache"), Fill: b.fill},
	}
}

// run runs a job and returns its report, and the output's records.
func (b *bench) run(cfg Config) (*Report, []data.Record) {
	b.t.Helper()
	report, err := Run(b.t.Context(), cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	records, err := data.ReadRecords(cfg.Out)
	if err != nil {
		b.t.Fatal(err)
	}
	return report, records
}

func ids(records []data.Record) string {
	var list []string
	for _, r := range records {
		list = append(list, r.ID)
	}
	return strings.Join(list, " ")
}

// matrices are the vectors of both sides.
func (b *bench) matrices() (train, test *matrix.Dense) {
	sides := make([]*matrix.Dense, 2)
	for k, name := range []string{"train.jsonl", "test.jsonl"} {
		examples, err := data.ReadJSONL(b.path(name))
		if err != nil {
			b.t.Fatal(err)
		}
		var rows [][]float32
		for _, text := range data.Texts(examples) {
			rows = append(rows, letters(text))
		}
		if sides[k], err = matrix.FromRows(rows); err != nil {
			b.t.Fatal(err)
		}
	}
	return sides[0], sides[1]
}

// TestNearestFirst compares with the library's functions called one by one.
func TestNearestFirst(t *testing.T) {
	b := newBench(t)
	report, records := b.run(b.config())
	train, test := b.matrices()
	dist, err := similarity.Cosine(t.Context(), train, test)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := similarity.WSD(t.Context(), dist)
	if err != nil {
		t.Fatal(err)
	}
	order, err := arrange.Nearest(scores)
	if err != nil {
		t.Fatal(err)
	}
	for k, row := range order {
		want := fmt.Sprintf(`"kairos":{"index":%d,"round":null,"distance":%v}}`, row, jsonNumber(scores[row]))
		if !strings.HasSuffix(string(records[k].Raw), want) {
			t.Errorf("place %d: %s, want ... %s", k, records[k].Raw, want)
		}
	}
	if !strings.HasPrefix(string(records[slices.Index(order, 0)].Raw), `{"id":"1","data":["aaaa bb","b"],"task":"a","extra":[1,2.50],`) {
		t.Errorf("fields are not as they were: %s", records[slices.Index(order, 0)].Raw)
	}
	if report.Train != 5 || report.Test != 2 || report.TrainTasks != 2 || report.TestTasks != 1 || report.Rows != 5 || report.Fresh != 7 || report.First >= report.Last {
		t.Errorf("%+v", report)
	}
	for _, name := range []string{report.Picture, report.Manifest} {
		if stat, err := os.Stat(name); err != nil || stat.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func jsonNumber(x float64) string {
	text, _ := json.Marshal(x)
	return string(text)
}

// TestMethodsAndMeasures: by hand, records 1, 5 and 3 are near the tests, 4 is farther, 2 farthest.
func TestMethodsAndMeasures(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		method, measure string
		n               int
		first, last     string // id of the first row, and of the last; "" for any
		rounds          int
	}{
		{"nft", "cosine", 0, "", "2", 0},
		{"nft", "euclid", 0, "", "2", 0},
		{"fft", "wsd", 0, "2", "", 0},
		{"fft", "", 2, "2", "4", 0},
		{"nft", "ot", 0, "", "", 0},
		{"nft", "sinkhorn", 0, "", "", 0},
		{"nft", "kl", 0, "1", "", 0},
		{"rt", "", 0, "", "", 0},
		{"rt", "wsd", 3, "", "", 0},
		{"cluster", "", 0, "1", "4", 0},
		{"round-robin", "", 3, "1", "3", 0},
		{"tma-min", "", 0, "", "2", 4},
		{"tma-max", "euclid", 0, "2", "", 5},
		{"tma-min-max", "", 2, "", "2", 2},
		{"tma-max-min", "", 2, "2", "", 2},
	} {
		cfg := b.config()
		cfg.Method, cfg.Measure, cfg.N, cfg.Force = c.method, c.measure, c.n, true
		report, records := b.run(cfg)
		name := fmt.Sprintf("%s by %s: %s in %d rounds", c.method, c.measure, ids(records), report.Rounds)
		if want := c.n; want == 0 && len(records) != 5 || want > len(records) {
			t.Errorf("%s: want %d rows", name, want)
		}
		if c.first != "" && records[0].ID != c.first || c.last != "" && records[len(records)-1].ID != c.last {
			t.Errorf("%s: want %s … %s", name, c.first, c.last)
		}
		if isTMA(c.method) && report.Rounds < 2 || !isTMA(c.method) && report.Rounds != 0 {
			t.Errorf("%s: want %d rounds", name, c.rounds)
		}
		if scored := report.Measure != ""; scored != (report.Picture != "") || scored == strings.Contains(string(records[0].Raw), `"distance":null`) {
			t.Errorf("%s: measure %q, picture %q, %s", name, report.Measure, report.Picture, records[0].Raw)
		}
	}
	if len(b.calls) != 1 {
		t.Errorf("embedded %d times, what the cache had", len(b.calls))
	}
}

// TestTMADistances: the distance of a row of TMA is its mean over the test rows.
func TestTMADistances(t *testing.T) {
	b := newBench(t)
	cfg := b.config()
	cfg.Method, cfg.N = "tma-min", 2
	_, records := b.run(cfg)
	train, test := b.matrices()
	dist, err := similarity.Cosine(t.Context(), train, test)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		var added struct {
			Kairos struct {
				Index    int
				Distance float64
			}
		}
		if err := json.Unmarshal(r.Raw, &added); err != nil {
			t.Fatal(err)
		}
		row := dist.Row(added.Kairos.Index)
		if want := (float64(row[0]) + float64(row[1])) / 2; math.Abs(added.Kairos.Distance-want) > 1e-7 {
			t.Errorf("row %d: distance %v, want %v", added.Kairos.Index, added.Kairos.Distance, want)
		}
	}
}

// TestCacheIsAskedFirst: only texts that were never seen are embedded.
func TestCacheIsAskedFirst(t *testing.T) {
	b := newBench(t)
	b.run(b.config())
	b.write("more.jsonl", `{"data":["brand new","text"]}`+"\n"+`{"data":["aaaa bb","b"]}`+"\n")
	cfg := b.config()
	cfg.Train, cfg.Force = append(cfg.Train, b.path("more.jsonl")), true
	report, records := b.run(cfg)
	if len(b.calls) != 2 || !slices.Equal(b.calls[1], []string{"brand new text"}) || report.Fresh != 1 || len(records) != 7 {
		t.Errorf("embedded %q; %+v", b.calls, report)
	}
}

func TestVectorFiles(t *testing.T) {
	b := newBench(t)
	_, want := b.run(b.config())
	train, test := b.matrices()
	for name, m := range map[string]*matrix.Dense{"train.safetensors": train, "test.safetensors": test} {
		if err := vectors.Write(t.Context(), b.path(name), m, vectors.Info{}); err != nil {
			t.Fatal(err)
		}
	}
	cfg := b.config()
	cfg.TrainVectors, cfg.TestVectors, cfg.Fill, cfg.Encoder, cfg.Force = b.path("train.safetensors"), b.path("test.safetensors"), nil, "none", true
	if _, got := b.run(cfg); ids(got) != ids(want) {
		t.Errorf("%s from files, %s from the cache", ids(got), ids(want))
	}
	if err := vectors.Write(t.Context(), b.path("test.safetensors"), matrix.New(2, 7), vectors.Info{}); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "training vectors have 26 dimensions, test vectors 7") {
		t.Errorf("different dimensions: %v", err)
	}
	cfg.TrainVectors = b.path("test.safetensors")
	if _, err := Run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "2 training vectors for 5 records") {
		t.Errorf("too few vectors: %v", err)
	}
}

func TestBadInput(t *testing.T) {
	b := newBench(t)
	b.write("empty.jsonl", "\n")
	b.write("untold.jsonl", `{"data":["a"]}`)
	b.write("there.jsonl", "")
	b.write("letter.jsonl", `{"data":["z"]}`)
	for _, c := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Method = "best" }, `method "best": want one of nft, fft`},
		{func(c *Config) { c.Measure = "dot" }, `measure "dot": want one of wsd, cosine`},
		{func(c *Config) { c.Method, c.Measure = "tma-max", "ot" }, "needs a distance of pairs: cosine or euclid"},
		{func(c *Config) { c.N = -1 }, "n is -1"},
		{func(c *Config) { c.N = 6 }, "n is 6: there are 5 training records"},
		{func(c *Config) { c.Test = nil }, "at least one file"},
		{func(c *Config) { c.Train = []string{b.path("empty.jsonl")} }, "train is empty: no record in"},
		{func(c *Config) { c.Test = []string{b.path("empty.jsonl")} }, "test is empty: no record in"},
		{func(c *Config) { c.Train = []string{b.path("missing.jsonl")} }, "no such file"},
		{func(c *Config) { c.Method, c.Train = "cluster", []string{b.path("untold.jsonl")} }, "training record 0 has no task"},
		{func(c *Config) { c.Out = b.path("out.csv") }, "want a name that ends in .jsonl or .parquet"},
		{func(c *Config) { c.Out = b.path("there.jsonl") }, "there is such a file already"},
		{func(c *Config) { c.Out = b.path("no/out.jsonl") }, "no such file or directory"},
		{func(c *Config) { c.Out = b.path("test.jsonl/out.jsonl") }, "not a directory"},
		{func(c *Config) { c.Fill, c.Cache = nil, b.path("other") }, "there is nothing to embed with"},
		{func(c *Config) { c.Encoder = "no-such-encoder" }, "no-such-encoder"},
		{func(c *Config) { c.Measure, c.Test = "kl", []string{b.path("letter.jsonl")} }, "n-gram kl"},
		{func(c *Config) {
			c.Fill = func(context.Context, vectors.Encoder, string, []string, func(int, int)) error {
				return errors.New("out of memory")
			}
			c.Cache = b.path("third")
		}, "out of memory"},
		{func(c *Config) {
			c.Engine = func(context.Context, Task) ([]arrange.Place, error) { return nil, errors.New("no cluster") }
		}, "no cluster"},
	} {
		cfg := b.config()
		c.change(&cfg)
		_, err := Run(t.Context(), cfg)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "arrange: ") {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
		left, _ := filepath.Glob(b.path("out*"))
		if len(left) > 0 {
			t.Errorf("%s: left behind: %v", c.want, left)
		}
	}
}

func TestWarnings(t *testing.T) {
	b := newBench(t)
	b.write("train.jsonl", `{"id":"x","data":["a"]}`+"\n"+`{"id":"y","data":["b"]}`+"\n"+`{"id":"x","data":["c"]}`)
	cfg := b.config()
	var warned []string
	cfg.Warn = func(text string) { warned = append(warned, text) }
	b.run(cfg)
	if want := []string{`train: 1 records have the id of an earlier one: records 0 and 2 are both "x"`}; !slices.Equal(warned, want) {
		t.Errorf("%q", warned)
	}
}

func TestCancelled(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	cfg := b.config()
	cfg.Progress = func(string) func(int, int) { return func(int, int) { cancel() } }
	if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, _ := filepath.Glob(b.path("out*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEmbed(t *testing.T) {
	b := newBench(t)
	cfg := EmbedConfig{Files: []string{b.path("train.jsonl"), b.path("test.jsonl"), b.path("test.jsonl")}, Out: b.path("v.safetensors"), Embedding: b.config().Embedding}
	total, fresh, err := Embed(t.Context(), cfg)
	if err != nil || total != 9 || fresh != 7 {
		t.Fatalf("%d, %d, %v", total, fresh, err)
	}
	file, err := vectors.Open(cfg.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	train, test := b.matrices()
	want := slices.Concat(train.Data, test.Data, test.Data)
	m, err := file.Map()
	if err != nil || !slices.Equal(m.Data, want) || file.Info().MaxTokens != 64 {
		t.Errorf("%v, %+v", err, file.Info())
	}
	if _, _, err := Embed(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("again: %v", err)
	}
}

// TestOneRow: one row, whose distances are all the same, has a picture too.
func TestOneRow(t *testing.T) {
	b := newBench(t)
	for _, method := range []string{"nft", "tma-min"} {
		cfg := b.config()
		cfg.Method, cfg.N, cfg.Force = method, 1, true
		report, records := b.run(cfg)
		if stat, err := os.Stat(report.Picture); err != nil || stat.Size() == 0 || len(records) < 1 {
			t.Errorf("%s: %d rows, %v", method, len(records), err)
		}
	}
}

// TestAnotherEngine: an engine is asked the whole question, and its answer is written.
func TestAnotherEngine(t *testing.T) {
	b := newBench(t)
	cfg := b.config()
	cfg.Method, cfg.N = "tma-max", 2
	cfg.Engine = func(_ context.Context, task Task) ([]arrange.Place, error) {
		if n, _ := task.Train.Dims(); n != 5 || task.Test.Rows != 2 || task.Method != "tma-max" || task.Measure != "cosine" || task.N != 2 || task.Tasks[1] != "z" {
			t.Errorf("%+v", task)
		}
		return []arrange.Place{{Index: 4, Round: 0, Distance: 1}, {Index: 0, Round: 1, Distance: 2}}, nil
	}
	report, records := b.run(cfg)
	if ids(records) != "5 1" || report.Rounds != 2 || report.First != 1 || report.Last != 2 {
		t.Errorf("%s, %+v", ids(records), report)
	}
}

// TestSparkRefuses what it would not do as Local does.
func TestSparkRefuses(t *testing.T) {
	for _, c := range []struct{ method, measure, want string }{
		{"rt", "", "method rt"}, {"tma-min-max", "cosine", "method tma-min-max"}, {"nft", "ot", "measure ot"},
	} {
		if _, err := Spark(SparkConfig{})(t.Context(), Task{Method: c.method, Measure: c.measure}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s by %s: %v", c.method, c.measure, err)
		}
	}
}
