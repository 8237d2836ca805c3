package spark

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parquet-go/parquet-go"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard"
	"kairos/stdlib/similarity"
)

// kairos builds the program that the shards are computed by.
var kairos = sync.OnceValues(func() (string, error) {
	path := filepath.Join(builds, "kairos")
	build := exec.Command("go", "build", "-o", path, "kairos")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

func random(rows, cols int, seed uint64) *matrix.Dense {
	draw := rand.New(rand.NewPCG(seed, 0))
	m := matrix.New(rows, cols)
	for k := range m.Data {
		m.Data[k] = float32(draw.NormFloat64())
	}
	return m
}

// home makes a SPARK_HOME whose spark-sql says this of the table.
func home(t *testing.T, types string) (args string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o777); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(dir, "bin", "spark-sql"))
	}
	if err == nil { // find only looks whether it is there
		err = os.WriteFile(filepath.Join(dir, "bin", "java"), nil, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SPARK_HOME", dir)
	t.Setenv("JAVA_HOME", dir)
	t.Setenv(asSpark, types)
	args = filepath.Join(dir, "args")
	t.Setenv(asSpark+"_ARGS", args)
	return args
}

const described = "row\tbigint\tNULL\nvector\tarray<float>\tNULL\nkairos rows\t400\n"

// table writes the partitions that spark-sql reads of a table.
func table(t *testing.T, train *matrix.Dense) (path string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "it's")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for from := 0; from < train.Rows; from += 150 {
		var text strings.Builder
		for i := from; i < min(from+150, train.Rows); i++ {
			fmt.Fprintf(&text, "%d\t%s\n", i, strings.ReplaceAll(fmt.Sprint(train.Row(i)), " ", ","))
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("partition%d.tsv", from)), []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "train.parquet")
}

// config is one that works, with the training vectors.
func config(t *testing.T) (Config, *matrix.Dense) {
	t.Helper()
	program, err := kairos()
	if err != nil {
		t.Fatal(err)
	}
	train := random(400, 5, 1)
	return Config{Train: table(t, train), Test: random(9, 5, 2), Program: program}, train
}

func TestScores(t *testing.T) {
	args := home(t, described)
	cfg, train := config(t)
	cfg.Master, cfg.Conf = "spark://host:7077", map[string]string{"spark.executor.memory": "1g"}
	got, err := Scores(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	distances, err := similarity.LazyCosine(train, cfg.Test)
	if err != nil {
		t.Fatal(err)
	}
	want, err := similarity.WSD(t.Context(), distances)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("other scores than in memory; %v", err)
	}
	line, err := os.ReadFile(args)
	if want := "--master\nspark://host:7077\n--conf\nspark.executor.memory=1g\n--conf\nspark.sql.catalogImplementation=in-memory\n"; err != nil || !strings.HasPrefix(string(line), want) {
		t.Errorf("%q, %v, want %q", line, err, want)
	}
}

func TestTMA(t *testing.T) {
	home(t, described)
	cfg, train := config(t)
	distances, err := similarity.LazyEuclidean(train, cfg.Test)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Measure = shard.Euclid
	for _, c := range []struct{ num, depth int }{{60, 0}, {60, 3}, {0, 0}, {999, 100}} {
		tma := arrange.TMAConfig{Num: c.num, Farthest: c.depth == 3}
		want, err := arrange.TMA(t.Context(), distances, tma)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Depth = c.depth
		got, err := TMA(t.Context(), cfg, tma)
		if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%+v: other rounds than in memory; %v", c, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	cfg, _ := config(t)
	for _, c := range []struct {
		types  string
		change func(*Config)
		want   string
	}{
		{described, func(c *Config) { c.Train = "" }, "no table is named"},
		{described, func(c *Config) { c.Row = "a\nb" }, "a name holds a line break"},
		{described, func(c *Config) { c.Program = "/nowhere/kairos" }, "/nowhere/kairos: no such file"},
		{described, func(c *Config) { c.Test = random(9, 4, 2) }, "shard: compute: row 0: the vector has 5 dimensions, test vectors have 4"},
		{described, func(c *Config) { c.Measure = "ot" }, "--measure must be one of"},
		{described, func(c *Config) { c.Row = "id" }, "train.parquet: column id is missing: want the index of each row"},
		{strings.Replace(described, "bigint", "string", 1), nil, "column row is of type string: want the index"},
		{described, func(c *Config) { c.Vector = "row" }, "column row is of type bigint: want an array of numbers"},
		{strings.Replace(described, "400", "0", 1), nil, "train.parquet has no rows"},
		{strings.Replace(described, "400", "401", 1), nil, "row 400 is missing: a shard is missing, or was lost; there are 400 rows of 401"},
	} {
		home(t, c.types)
		changed := cfg
		if c.change != nil {
			c.change(&changed)
		}
		if _, err := Scores(t.Context(), changed); err == nil || !strings.HasPrefix(err.Error(), "spark: scores: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	home(t, described)
	if _, err := TMA(ctx, cfg, arrange.TMAConfig{}); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Error(err)
	}
}

func TestNoSpark(t *testing.T) {
	cfg := Config{Train: "x", Test: random(2, 2, 1)}
	t.Setenv("SPARK_HOME", "/nowhere")
	if _, err := Scores(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "$SPARK_HOME is not where a Spark lies") {
		t.Error(err)
	}
	dir := t.TempDir()
	t.Setenv("SPARK_HOME", "")
	t.Setenv("JAVA_HOME", "")
	t.Setenv("PATH", dir)
	if _, err := Scores(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "there is no spark-sql") {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "spark-sql"), nil, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Scores(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "install Java 17") {
		t.Error(err)
	}
}

func TestColumns(t *testing.T) {
	for kind, want := range map[string]string{
		"binary":        "translate(base64(`a``b`), '\\r\\n', '')",
		"string":        "`a``b`",
		"array<double>": "to_json(`a``b`)",
	} {
		j := &job{cfg: Config{Row: "row", Vector: "a`b"}}
		if err := j.columns(map[string]string{"row": "int", "a`b": kind}); err != nil || j.vector != want {
			t.Errorf("%s: %s, %v", kind, j.vector, err)
		}
	}
	for path, want := range map[string]string{"a/b.jsonl": "json", "hdfs://x/b.json.gz": "json", "s3a://x/b": "parquet", "x.orc": "orc"} {
		if got := formatOf(path); got != want {
			t.Errorf("%s is %s", path, got)
		}
	}
}

func TestProgress(t *testing.T) {
	var said []string
	c := &console{step: "scores", progress: func(what string, done, total int) { said = append(said, fmt.Sprint(what, done, total)) }}
	fmt.Fprint(c, "WARN x\n\r[Stage 2:=====>            (12 + 2) / 50]")
	fmt.Fprint(c, "\r[Stage 2:=====>            (13 + 2) / 50]\r[Stage 3:>    (0 + 2) / 8]")
	if want := []string{"scores12 50", "scores0 8"}; !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
}

func TestCause(t *testing.T) {
	const trace = "java.io.IOException: x\n\tat org.apache.spark.X.y(X.scala:1)\n\t... 18 more\n.\n"
	const logged = "26/11/24 22:51:15 ERROR StandaloneSchedulerBackend: Application has been killed. Reason: All masters are unresponsive! Giving up.\n"
	for text, want := range map[string]string{
		trace:          "java.io.IOException: x",
		logged + trace: "Application has been killed. Reason: All masters are unresponsive! Giving up.",
		logged + "[PATH_NOT_FOUND] Path does not exist: file:/x. SQLSTATE: 42K03\n" + trace:                               "[PATH_NOT_FOUND] Path does not exist: file:/x. SQLSTATE: 42K03",
		logged + "Error: kairos: shard: compute: row 0 comes twice\n[SOME_CLASS] x\n" + trace + "[Stage 1:> (0 + 1) / 2]": "shard: compute: row 0 comes twice",
	} {
		c := new(console)
		fmt.Fprint(c, text)
		if got := c.cause(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestWriteRefusals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.parquet")
	bad := random(3, 2, 1)
	bad.Data[3] /= 0
	for _, c := range []struct {
		m    *matrix.Dense
		want string
	}{{matrix.New(0, 2), "there are no rows"}, {bad, "row 1: value 1 is "}} {
		if err := Write(t.Context(), path, c.m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("there is a file all the same")
		}
	}
}

// TestWrittenInGroups: Spark splits a table at its row groups.
func TestWrittenInGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := Write(t.Context(), path, random(groupRows+100, 1, 1)); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	p, err := parquet.OpenFile(file, info.Size())
	if err != nil || len(p.RowGroups()) != 2 || p.NumRows() != groupRows+100 {
		t.Errorf("%d groups, %d rows, %v", len(p.RowGroups()), p.NumRows(), err)
	}
}
