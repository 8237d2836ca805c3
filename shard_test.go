package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard"
	"kairos/stdlib/similarity"
	"kairos/stdlib/vectors"
)

// vectorFiles writes random training and test vectors.
func vectorFiles(t *testing.T, rows, tests int) (train, test string, distances *matrix.Dense) {
	t.Helper()
	var sides [2]*matrix.Dense
	var paths [2]string
	for i, n := range []int{rows, tests} {
		draw := rand.New(rand.NewPCG(uint64(i), 0))
		sides[i] = matrix.New(n, 6)
		for k := range sides[i].Data {
			sides[i].Data[k] = float32(draw.NormFloat64())
		}
		paths[i] = filepath.Join(t.TempDir(), "v.safetensors")
		if err := vectors.Write(t.Context(), paths[i], sides[i], vectors.Info{}); err != nil {
			t.Fatal(err)
		}
	}
	distances, err := similarity.Cosine(t.Context(), sides[0], sides[1])
	if err != nil {
		t.Fatal(err)
	}
	return paths[0], paths[1], distances
}

// ok runs a command line that has nothing to complain of.
func ok(t *testing.T, input string, args ...string) string {
	t.Helper()
	status, out, errs := kairos(input, args...)
	if status != 0 || errs != "" {
		t.Fatalf("%q: status %d, err %q", args, status, errs)
	}
	return out
}

// shards runs kairos shard over the thirds of a file of 300 rows, and puts what each prints into a file.
func shards(t *testing.T, train, test string, args ...string) (files []string) {
	t.Helper()
	for from := 0; from < 300; from += 100 {
		out := ok(t, "", append([]string{"shard", "--test", test, "--vectors", train, "--from", fmt.Sprint(from), "--to", fmt.Sprint(from + 100)}, args...)...)
		files = append(files, filepath.Join(t.TempDir(), "shard"))
		if err := os.WriteFile(files[len(files)-1], []byte(out), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func places(t *testing.T, list []arrange.Place, err error) string {
	t.Helper()
	var b strings.Builder
	if err == nil {
		err = shard.WritePlaces(&b, list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestShardAndMerge(t *testing.T) {
	train, test, distances := vectorFiles(t, 300, 7)
	scores, err := similarity.WSD(t.Context(), distances)
	if err != nil {
		t.Fatal(err)
	}
	for method, sorted := range map[string]func([]float64) ([]int, error){"nft": arrange.Nearest, "fft": arrange.Farthest} {
		order, err := sorted(scores)
		if err != nil {
			t.Fatal(err)
		}
		list, err := arrange.Places(order, scores)
		want := places(t, list, err)
		files := shards(t, train, test, "--method", method)
		if got := ok(t, "", append([]string{"merge", "--rows", "300"}, files...)...); got != want {
			t.Errorf("%s: another order than in memory", method)
		}
		half := ok(t, "", "merge", "--partial", files[2], files[0])
		rest, _ := os.ReadFile(files[1])
		if got := ok(t, half+string(rest), "merge"); got != want {
			t.Errorf("%s, by a merge of some: another order than in memory", method)
		}
	}
}

func TestShardAndMergeOfTMA(t *testing.T) {
	train, test, distances := vectorFiles(t, 300, 7)
	for _, method := range []string{"tma-min", "tma-max"} {
		rounds, err := arrange.TMA(context.Background(), distances, arrange.TMAConfig{Num: 90, Farthest: method == "tma-max"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := arrange.PlacesOfRounds(rounds, nil)
		want := places(t, list, err)
		if got := ok(t, "", append([]string{"merge", "-n", "90"}, shards(t, train, test, "--method", method, "-n", "90")...)...); got != want {
			t.Errorf("%s: other rounds than in memory", method)
		}
		// With too little depth, pass after pass.
		taken, depth, passes := filepath.Join(t.TempDir(), "taken"), 2, 0
		if err := os.WriteFile(taken, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		for status := tooFew; status == tooFew; passes++ {
			args := append([]string{"merge", "-n", "90", "--taken", taken}, shards(t, train, test, "--method", method, "--depth", fmt.Sprint(depth), "--taken", taken)...)
			var out, errs string
			if status, out, errs = kairos("", args...); status != 0 && (status != tooFew || !strings.Contains(errs, fmt.Sprintf("too few candidates: the first %d rows are printed; ", strings.Count(out, "\n")))) {
				t.Fatalf("%s: status %d, err %q", method, status, errs)
			}
			if !strings.HasPrefix(want, out) {
				t.Fatalf("%s: pass %d gives other rounds", method, passes)
			}
			if err := os.WriteFile(taken, []byte(out), 0o666); err != nil {
				t.Fatal(err)
			}
			depth *= 2
		}
		if got, _ := os.ReadFile(taken); string(got) != want || passes < 3 {
			t.Errorf("%s: %d passes, the same: %t", method, passes, string(got) == want)
		}
	}
}

func TestShardOfLines(t *testing.T) {
	_, test, _ := vectorFiles(t, 1, 2)
	in := "1\t[1,2,3,4,5,6]\n0\t[6,5,4,3,2,1]\n"
	out := ok(t, in, "shard", "--test", test, "--method", "tma-min", "-n", "2")
	if got := ok(t, out, "merge"); strings.Count(got, "\n") != 2 {
		t.Errorf("got %q", got)
	}
	if got := ok(t, "", "shard", "--test", test); got != "" {
		t.Errorf("of no rows: %q", got)
	}
}

func TestShardRefusals(t *testing.T) {
	train, test, _ := vectorFiles(t, 300, 7)
	files := shards(t, train, test)
	whole, _ := os.ReadFile(files[1])
	cut, empty := filepath.Join(t.TempDir(), "cut"), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(empty, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		input string
		args  []string
		want  string
	}{
		{"", []string{"merge", files[0], cut}, "cut: shard: read: "},
		{"", []string{"merge", files[0], empty}, "empty: there is nothing in it: the shard was lost"},
		{"", []string{"merge", files[0], files[0]}, "shard 0 comes twice"},
		{"", []string{"merge", files[0], files[2]}, "row 100 is missing"},
		{"", []string{"merge", "--rows", "300", files[0], files[1]}, "row 200 is missing"},
		{"", []string{"merge"}, "merge: there are no rows"},
		{"0\t[1]", []string{"shard", "--test", test}, "row 0: the vector has 1 dimensions, test vectors have 6"},
		{"0\t[0,0,0,0,0,0]", []string{"shard", "--test", test}, "row 0: the vector is all zeros"},
		{"0\t[1,2,3,4,5,6]", []string{"shard", "--test", test, "--method", "tma-min"}, "wants -n"},
		{"0\t[1,2,3,4,5,6]", []string{"shard", "--test", test, "--to", "4"}, "name it"},
		{"", []string{"shard", "--test", cut}, "cut"},
		{"", []string{"shard"}, "want --test FILE"},
		{"", []string{"shard", "--test", test, "--texts", "--vectors", train}, "want one of the two"},
		{`{"row": 0}`, []string{"shard", "--test", test, "--texts"}, "shard: read texts: line 1: want"},
		{`{"row": 0, "text": "x"}`, []string{"shard", "--test", test, "--texts", "--encoder", "none"}, "none"},
		{"", []string{"shard", "--test", test, "--vectors", train, "--from", "301"}, "rows 301 to 300"},
		{"", []string{"shard", "--test", test, "--vectors", train, "--method", "tma-min", "--taken", cut}, "cut: shard: read places: line 1"},
	} {
		if status, out, errs := kairos(c.input, c.args...); status != 1 || out != "" || !strings.HasPrefix(errs, "kairos: ") || !strings.Contains(errs, c.want) {
			t.Errorf("%q: status %d, out %q, err %q, want %q", c.args, status, out, errs, c.want)
		}
	}
}
