package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"kairos/repl/worker"
	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

// embedAsWorker is what kairos-worker does with texts, for an encoder that counts letters: the place
// where libtorch would be.
func embedAsWorker(args []string) error {
	ctx := context.Background()
	tokens, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	enc, err := vectors.Identify(args[0], tokens)
	if err != nil {
		return err
	}
	cache, err := vectors.OpenCache(ctx, args[2], enc)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for done := 1; lines.Scan(); done++ {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			return err
		}
		row := matrix.New(1, enc.Dim)
		for i := range row.Data {
			row.Data[i] = 0.01 + float32(strings.Count(text, string(rune('a'+i))))
		}
		if err := cache.Put(ctx, vectors.Keys([]string{text}), row); err != nil {
			return err
		}
		fmt.Println(done)
	}
	return cache.Close()
}

// inArrangeDir goes to a directory with data, an encoder and a worker.
func inArrangeDir(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(worker.Env, self)
	t.Setenv("KAIROS_CACHE", filepath.Join(dir, "cache"))
	for name, text := range map[string]string{
		"encoder/config.json":       `{"hidden_size": 26, "max_position_embeddings": 64}`,
		"encoder/model.safetensors": "letters",
		"a.jsonl":                   `{"id":"far","data":["zzzz yy","y"],"task":"z","n":1.50}` + "\n" + `{"id":"near","data":["aaab bb","b"],"task":"a"}` + "\n",
		"b.json":                    `[{"id": "middle", "conversations": [{"from": "human", "value": "aazz"}, {"from": "gpt", "value": "b"}]}]`,
		"test.jsonl":                `{"data":["aaab b","b"]}` + "\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestArrange(t *testing.T) {
	inArrangeDir(t)
	status, out, errs := kairos("", "arrange", "-train", "a.jsonl", "-train=b.json", "-test", "test.jsonl", "-method", "nft", "-encoder", "encoder", "-out", "x.jsonl")
	if status != 0 || errs != "" {
		t.Fatalf("status %d, out %q, err %q", status, out, errs)
	}
	for _, want := range []string{"3 records of 2 tasks", "3 records, by nft", "wsd: mean ", "4 texts", "x.jsonl.distances.png", "x.jsonl.manifest.json"} {
		if !strings.Contains(out, want) {
			t.Errorf("the summary has no %q:\n%s", want, out)
		}
	}
	text, err := os.ReadFile("x.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i, want := range []string{
		`{"id":"near","data":["aaab bb","b"],"task":"a","kairos":{"index":1,"round":null,"distance":-1.9`,
		`{"id":"middle","conversations":[{"from":"human","value":"aazz"},{"from":"gpt","value":"b"}],"kairos":{"index":2,`,
		`{"id":"far","data":["zzzz yy","y"],"task":"z","n":1.50,"kairos":{"index":0,`,
	} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d of\n%swant %s", i, text, want)
		}
	}
	// Again with two dashes, a list, Parquet, and TMA: now without a worker, because the cache has all vectors.
	t.Setenv(worker.Env, "/nonexistent")
	status, out, errs = kairos("", "arrange", "--train=a.jsonl,b.json", "--test", "test.jsonl", "--method", "tma-min", "-n", "2", "--encoder", "encoder", "--out", "x.parquet")
	if status != 0 || errs != "" || !strings.Contains(out, "2 records in 2 rounds, by tma-min") || !strings.Contains(out, "0 texts") {
		t.Errorf("status %d, out %q, err %q", status, out, errs)
	}
	if stat, err := os.Stat("x.parquet"); err != nil || stat.Size() == 0 {
		t.Error(err)
	}
}

func TestArrangeRefuses(t *testing.T) {
	inArrangeDir(t)
	for _, c := range []struct{ args, want string }{
		{"-method best", `kairos: arrange: method "best": want one of nft`},
		{"-method tma-min -measure kl", "kairos: arrange: method tma-min with measure kl: TMA compares pairs"},
		{"-method nft -measure kl -n 9", "kairos: arrange: n is 9: there are 2 training records"},
		{"-method nft -engine local -master spark://x", "kairos: arrange: a master is that of a cluster"},
		{"-method nft -engine cloud", `"local","spark"`},
		{"-method nft -encoder nowhere", "nowhere"},
		{"-method nft --nonsense", "unknown flag"},
	} {
		args := append([]string{"arrange", "-train", "a.jsonl", "-test", "test.jsonl", "-out", "x.jsonl"}, strings.Fields(c.args)...)
		if status, out, errs := kairos("", args...); status != 1 || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, out %q, err %q", c.args, status, out, errs)
		}
	}
	if left, _ := filepath.Glob("x.jsonl*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	t.Setenv(worker.Env, "")
	status, _, errs := kairos("", "arrange", "-train", "a.jsonl", "-test", "test.jsonl", "-out", "x.jsonl", "-method", "nft", "-encoder", "encoder")
	if status != 1 || !strings.Contains(errs, "3 texts have no vectors yet, and there is no kairos-worker beside kairos") {
		t.Errorf("without a worker: status %d, err %q", status, errs)
	}
}

func TestEmbed(t *testing.T) {
	inArrangeDir(t)
	for _, want := range []string{"wrote v.safetensors: 3 vectors, 3 of them new\n", "wrote v.safetensors: 3 vectors, 0 of them new\n"} {
		status, out, errs := kairos("", "embed", "a.jsonl", "b.json", "-out", "v.safetensors", "-encoder", "encoder", "-f")
		if status != 0 || !strings.HasSuffix(out, strings.TrimPrefix(want, "wrote ")) {
			t.Errorf("status %d, out %q, err %q", status, out, errs)
		}
	}
	file, err := vectors.Open("v.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if rows, cols := file.Dims(); rows != 3 || cols != 26 || file.Info().MaxTokens != 64 {
		t.Errorf("%d×%d, %+v", rows, cols, file.Info())
	}
}

func TestLongFlags(t *testing.T) {
	parser := kong.Must(new(cli))
	for _, c := range []struct{ args, want string }{
		{"arrange -train a -n 3 -f --out=x -method=nft", "arrange --train a -n 3 -f --out=x --method=nft"},
		{"arrange -- -train", "arrange -- -train"},
		{"arrange -trains", "arrange -trains"},
		{"embed -max-tokens 7 -help", "embed --max-tokens 7 --help"},
		{"run x.go -train", "run x.go -train"},
		{"-train", "-train"},
		{"", ""},
	} {
		if got := longFlags(parser, strings.Fields(c.args)); !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s: %q", c.args, got)
		}
	}
}
