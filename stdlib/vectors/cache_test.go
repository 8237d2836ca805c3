package vectors

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kairos/stdlib/matrix"
)

// asWriter has this test binary fill a cache in the directory it names, until it is killed.
const asWriter = "KAIROS_TEST_CACHE_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asWriter); dir != "" {
		fill(dir)
	}
	os.Exit(m.Run())
}

var miniature = Encoder{Name: "miniature", Fingerprint: strings.Repeat("0123456789abcdef", 4), Dim: 50, MaxTokens: 32}

func text(i int) string { return fmt.Sprint("text ", i) }

// vectorsOf are rows that tell which text they belong to.
func vectorsOf(from, to int) ([]Key, *matrix.Dense) {
	m := matrix.New(to-from, miniature.Dim)
	var keys []Key
	for i := range m.Rows {
		keys = append(keys, KeyOf(text(from+i)))
		for j := range m.Cols {
			m.Row(i)[j] = float32(from+i) + float32(j)/64
		}
	}
	return keys, m
}

func openCache(t *testing.T, dir string, enc Encoder) *Cache {
	t.Helper()
	c, err := OpenCache(t.Context(), dir, enc)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// put puts the vectors of texts from to to.
func put(t *testing.T, c *Cache, from, to int) {
	t.Helper()
	keys, rows := vectorsOf(from, to)
	if err := c.Put(t.Context(), keys, rows); err != nil {
		t.Fatal(err)
	}
}

// want checks that a cache has exactly the first n texts, and their vectors.
func want(t *testing.T, c *Cache, n int) {
	t.Helper()
	keys, rows := vectorsOf(0, n)
	if c.Len() != n {
		t.Errorf("%d vectors, want %d", c.Len(), n)
	}
	stored, err := c.Rows(keys)
	if err != nil {
		t.Fatal(err)
	}
	got, err := stored.Block(t.Context(), 0, n, nil)
	if err != nil || !slices.Equal(got.Data, rows.Data) {
		t.Errorf("not the vectors that were put: %v", err)
	}
}

func TestCache(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, miniature)
	put(t, c, 0, 3)
	put(t, c, 2, 5) // one is there already
	want(t, c, 5)
	keys, _ := vectorsOf(3, 8)
	keys = append(keys, keys...)
	if got := c.Missing(keys); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("missing: %v", got)
	}
	if _, err := c.Rows(keys); err == nil || !strings.Contains(err.Error(), "no vector of text 2") {
		t.Errorf("rows that are not there: %v", err)
	}
	again := openCache(t, dir, miniature)
	want(t, again, 5)
	put(t, again, 5, 9)
	put(t, c, 8, 10) // of which it has to learn that one is there
	want(t, c, 10)
	if err := again.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	want(t, again, 10)
	stat, _ := os.Stat(c.Path())
	blocks := int64(4)
	if size := int64(len(c.title())) + blocks*blockHead + 10*int64(tableRow+4*miniature.Dim); stat.Size() != size {
		t.Errorf("the file has %d bytes, 10 vectors in 4 blocks have %d", stat.Size(), size)
	}
}

// TestRowsInAnyOrder reads rows that do not lie behind each other, twice the same among them.
func TestRowsInAnyOrder(t *testing.T) {
	c := openCache(t, t.TempDir(), miniature)
	put(t, c, 0, 4)
	put(t, c, 4, 8)
	order := []int{7, 3, 4, 5, 5, 0, 1, 2}
	keys := make([]Key, len(order))
	for i, k := range order {
		keys[i] = KeyOf(text(k))
	}
	rows, err := c.Rows(keys)
	if err != nil {
		t.Fatal(err)
	}
	got, err := rows.Block(t.Context(), 1, 8, new(matrix.Dense))
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range order[1:] {
		if got.At(i, 0) != float32(k) {
			t.Errorf("row %d is that of text %v, want %d", i, got.At(i, 0), k)
		}
	}
}

// TestTornTail cuts a cache off at every length: the blocks that are whole stay, and it goes on.
func TestTornTail(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, miniature)
	ends := []int{0}
	for i := range 3 {
		ends = append(ends, int(c.end))
		put(t, c, 2*i, 2*i+2)
	}
	ends = append(ends, int(c.end))
	whole, err := os.ReadFile(c.Path())
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n <= len(whole); n += 1 + n%7 {
		torn := t.TempDir()
		if err := os.WriteFile(filepath.Join(torn, filepath.Base(c.Path())), whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		again := openCache(t, torn, miniature)
		blocks := max(0, sorted(ends[1:], n)-1)
		want(t, again, 2*blocks)
		put(t, again, 2*blocks, 6)
		want(t, openCache(t, torn, miniature), 6)
	}
}

// sorted is how many of ends are at most n.
func sorted(ends []int, n int) int {
	k := 0
	for k < len(ends) && ends[k] <= n {
		k++
	}
	return k
}

// TestAlteredBytes: a last block that is not what was written is cut off; an earlier one is found when it is read.
func TestAlteredBytes(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, miniature)
	put(t, c, 0, 2)
	first := c.end
	put(t, c, 2, 4)
	alter := func(at int64) {
		var b [1]byte
		c.file.ReadAt(b[:], at)
		b[0] ^= 0x10
		if _, err := c.file.WriteAt(b[:], at); err != nil {
			t.Fatal(err)
		}
	}
	alter(c.end - 3)
	want(t, openCache(t, dir, miniature), 2)
	keys, rows4 := vectorsOf(2, 6)
	if err := c.Put(t.Context(), keys, rows4); err == nil || !strings.Contains(err.Error(), "open it again") {
		t.Errorf("one that knows what was cut off: %v", err)
	}
	c = openCache(t, dir, miniature)
	put(t, c, 2, 4)
	alter(first - 3)
	altered := openCache(t, dir, miniature)
	keys, _ = vectorsOf(0, 2)
	rows, err := altered.Rows(keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Block(t.Context(), 0, 2, nil); err == nil || !strings.Contains(err.Error(), "altered on disk") {
		t.Errorf("an altered vector: %v", err)
	}
}

func TestAnotherModel(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, miniature)
	put(t, c, 0, 3)
	for _, enc := range []Encoder{
		{Fingerprint: strings.Repeat("f", 64), Dim: 50, MaxTokens: 32},
		{Fingerprint: miniature.Fingerprint, Dim: 50, MaxTokens: 33},
	} {
		other := openCache(t, dir, enc)
		if other.Len() != 0 || other.Path() == c.Path() {
			t.Errorf("%+v has the vectors of another", enc)
		}
	}
	// One whose fingerprint begins alike, or a file that was renamed, is refused.
	alike := miniature
	alike.Fingerprint = miniature.Fingerprint[:16] + strings.Repeat("f", 48)
	if _, err := OpenCache(t.Context(), dir, alike); err == nil || !strings.Contains(err.Error(), "written by another model") {
		t.Errorf("the file of another: %v", err)
	}
	want(t, openCache(t, dir, miniature), 3)
	if _, err := OpenCache(t.Context(), dir, Encoder{Dim: 3}); err == nil || !strings.Contains(err.Error(), "Identify") {
		t.Errorf("no encoder: %v", err)
	}
}

func TestPutRefuses(t *testing.T) {
	c := openCache(t, t.TempDir(), miniature)
	keys, rows := vectorsOf(0, 2)
	rows.Row(1)[4] = float32(math.Inf(1))
	if err := c.Put(t.Context(), keys, rows); err == nil || !strings.Contains(err.Error(), "row 1, column 4 is +Inf") {
		t.Errorf("infinity: %v", err)
	}
	if err := c.Put(t.Context(), keys[:1], matrix.New(1, 3)); err == nil || !strings.Contains(err.Error(), "want 50 values") {
		t.Errorf("another width: %v", err)
	}
	want(t, c, 0)
}

// fill puts texts one after the other, and says so.
func fill(dir string) {
	c, err := OpenCache(context.Background(), dir, miniature)
	for i := 0; err == nil; i += 3 {
		keys, rows := vectorsOf(i, i+3)
		if err = c.Put(context.Background(), keys, rows); err == nil {
			fmt.Println(i + 3)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// TestKilled kills two processes that write to one cache, again and again: what Put returned from is there.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	for round := range 6 {
		most := 0
		var writers []*exec.Cmd
		var outputs []*bytes.Buffer
		for range 2 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), asWriter+"="+dir)
			out := new(bytes.Buffer)
			cmd.Stdout = out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			writers, outputs = append(writers, cmd), append(outputs, out)
		}
		time.Sleep(time.Duration(40+13*round) * time.Millisecond)
		for i, cmd := range writers {
			cmd.Process.Kill()
			cmd.Wait()
			for lines := bufio.NewScanner(outputs[i]); lines.Scan(); {
				var n int
				if _, err := fmt.Sscan(lines.Text(), &n); err == nil {
					most = max(most, n)
				}
			}
		}
		c := openCache(t, dir, miniature)
		if c.Len() < most || c.Len()%3 != 0 {
			t.Errorf("round %d: %d vectors, the writers told of %d", round, c.Len(), most)
		}
		want(t, c, c.Len())
	}
}

func TestWaitsForTheLock(t *testing.T) {
	dir := t.TempDir()
	c := openCache(t, dir, miniature)
	err := c.locked(t.Context(), func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		_, err := OpenCache(ctx, dir, miniature)
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while another writes: %v", err)
	}
}

func TestIdentify(t *testing.T) {
	dir := t.TempDir()
	writeFile := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	identify := func(tokens int) Encoder {
		t.Helper()
		e, err := Identify(dir, tokens)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	writeFile("config.json", `{"hidden_size": 8, "max_position_embeddings": 64}`)
	writeFile("model.safetensors", "weights")
	first := identify(0)
	if first.Dim != 8 || first.MaxTokens != 64 || len(first.Fingerprint) != 64 {
		t.Errorf("%+v", first)
	}
	if identify(32).Fingerprint != first.Fingerprint || identify(32).MaxTokens != 32 {
		t.Error("the limit of tokens is no part of the encoder's files")
	}
	writeFile("model.safetensors", "weighty")
	second := identify(0)
	writeFile("vocab.txt", "words")
	if third := identify(0); second.Fingerprint == first.Fingerprint || third.Fingerprint == second.Fingerprint {
		t.Error("two encoders have one fingerprint")
	}
	for tokens, want := range map[int]string{2: "3 to 64", 65: "3 to 64"} {
		if _, err := Identify(dir, tokens); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d tokens: %v", tokens, err)
		}
	}
	if _, err := Identify("no-such-encoder", 0); err == nil || !strings.Contains(err.Error(), "no-such-encoder") {
		t.Errorf("unknown name: %v", err)
	}
}
