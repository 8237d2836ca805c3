package embed

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

// asFiller has this test binary fill the cache in the directory it names with cacheTexts.
const asFiller = "KAIROS_TEST_CACHE_FILLER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asFiller); dir != "" {
		fillUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// cacheTexts are of some ten batches, with one that comes twice.
func cacheTexts() []string {
	var texts []string
	for i := range 400 {
		texts = append(texts, fmt.Sprint(strings.Repeat("goose ", i%200+1), i))
	}
	return append(texts, texts[7])
}

func fillUntilKilled(dir string) {
	e, err := Load("all-MiniLM-L6-v2")
	if err == nil {
		err = e.Fill(context.Background(), cacheTexts(), Config{Cache: dir, Progress: func(done, total int) { fmt.Println(done) }})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// killAfter starts a process that fills the cache, and kills it when so many batches are done.
func killAfter(t *testing.T, dir string, batches int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asFiller+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); batches >= 0 && lines.Scan(); batches-- {
	}
	cmd.Process.Kill()
	cmd.Wait()
}

// TestKilledAndResumed: after a kill, only what is missing is embedded, and every vector is what it would have been.
func TestKilledAndResumed(t *testing.T) {
	e, texts := loadMiniLM(t), cacheTexts()
	want, err := e.Embed(t.Context(), texts, Config{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	known := 0
	for range 2 {
		killAfter(t, dir, 2)
		cache, err := e.openCache(t.Context(), Config{Cache: dir})
		if err != nil {
			t.Fatal(err)
		}
		if cache.Len() <= known || cache.Len() >= 400 {
			t.Fatalf("%d vectors in the cache, after %d", cache.Len(), known)
		}
		known = cache.Len()
		cache.Close()
	}
	check := func(first int) {
		t.Helper()
		begun := -1
		got, err := e.Embed(t.Context(), texts, Config{Cache: dir, Progress: func(done, total int) {
			if begun < 0 {
				begun = done
			}
			if total != len(texts) {
				t.Errorf("progress of %d", total)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if begun != first {
			t.Errorf("%d texts were there at first, want %d", begun, first)
		}
		if !slices.Equal(got.Data, want.Data) {
			t.Error("not the vectors that an unbroken run gives")
		}
	}
	missing := 400 - known
	check(len(texts) - missing)
	check(len(texts))
	files, err := filepath.Glob(filepath.Join(dir, "*.cache"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	stat, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if most := int64(400*(36+4*384) + 12*400 + 200); stat.Size() > most {
		t.Errorf("the cache has %d bytes, more than 400 vectors need: some were embedded twice", stat.Size())
	}
}

// TestCacheOfAnotherModel: another limit of tokens has vectors of its own, and a file of another encoder is refused.
func TestCacheOfAnotherModel(t *testing.T) {
	e, dir := loadMiniLM(t), t.TempDir()
	texts := []string{strings.Repeat("a long text about geese ", 20)}
	short, err := e.Embed(t.Context(), texts, Config{Cache: dir, MaxTokens: 8})
	if err != nil {
		t.Fatal(err)
	}
	long, err := e.Embed(t.Context(), texts, Config{Cache: dir})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(short.Data, long.Data) {
		t.Error("a text cut to 8 tokens has the vector of the whole")
	}
	identity, err := e.identity()
	if err != nil {
		t.Fatal(err)
	}
	other := identity
	other.Fingerprint = identity.Fingerprint[:16] + strings.Repeat("0", 48)
	elsewhere := t.TempDir()
	cache, err := vectors.OpenCache(t.Context(), elsewhere, other)
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close()
	if err := cache.Put(t.Context(), vectors.Keys(texts), matrix.New(1, identity.Dim)); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Embed(t.Context(), texts, Config{Cache: elsewhere}); err == nil || !strings.Contains(err.Error(), "written by another model") {
		t.Errorf("the cache of another model: %v", err)
	}
}
