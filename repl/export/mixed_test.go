package export_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/repl/conformance/cells"
	"kairos/repl/export"
	"kairos/stdlib/symbols/typedata"
)

var mixed = flag.Int("mixed", 12, "how many sessions TestMixed makes")

// renumbered is a type of cells as %T prints it, or a field named after one as %+v does, which may be renamed.
var renumbered = regexp.MustCompile(`\b(main\.\w*?[a-zA-Z]|[A-Z]\w*?[a-zA-Z])_?\d+\b`)

// TestMixed makes sessions of the cells of several cases, shuffled, which redefine each other's names all the time. A
// program is refused in words, or it prints what the session printed.
func TestMixed(t *testing.T) {
	all, err := cells.Load("../testdata/cells")
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(c cells.Case) bool { return len(c.Fails) > 0 || c.Archive == "values.txtar" })
	importer := typedata.NewImporter()
	made, refused, total := 0, 0, 0
	for seed := range *mixed {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		texts, src, err := mix(all, r, export.Config{Importer: importer})
		var e *export.Error
		switch {
		case errors.As(err, &e) && strings.HasPrefix(e.Msg, "it "):
			refused++
			t.Logf("seed %d: %v", seed, err)
			continue
		case err != nil:
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		made, total = made+1, total+len(texts)
		path := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(path, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
		want, err := session(t, texts)
		got, err2 := child(t, "", path)
		if (err == nil) != (err2 == nil) {
			t.Errorf("seed %d: cells: %v, program: %v", seed, err, err2)
		}
		if d := cmp.Diff(renumbered.ReplaceAllString(want, "$1"), renumbered.ReplaceAllString(got, "$1")); d != "" {
			t.Errorf("seed %d: cells (-), program (+):\n%s", seed, d)
		}
		checkRoundTrip(t, seed, src, importer)
		if t.Failed() && *dump != "" {
			os.WriteFile(filepath.Join(*dump, "mixed.go"), []byte(src), 0o666)
			os.WriteFile(filepath.Join(*dump, "mixed.cells"), []byte(strings.Join(texts, "\n// %%\n")), 0o666)
			t.FailNow()
		}
	}
	t.Logf("%d programs of %d cells, %d refused", made, total, refused)
}

// mix makes a session of the cells of some cases, interleaved, without those that do not compile there, and its program.
func mix(all []cells.Case, r *rand.Rand, cfg export.Config) (texts []string, src string, err error) {
	var few []cells.Case // so that some are evaluated again
	for range 6 {
		few = append(few, all[r.IntN(len(all))])
	}
	var queues [][]string
	for range 9 {
		queues = append(queues, few[r.IntN(len(few))].Cells)
	}
	for len(queues) > 0 {
		i := r.IntN(len(queues))
		texts = append(texts, queues[i][0])
		if queues[i] = queues[i][1:]; len(queues[i]) == 0 {
			queues = slices.Delete(queues, i, i+1)
		}
	}
	for {
		src, err = export.Program(texts, cfg)
		var e *export.Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.Msg, "it does not compile") {
			return texts, src, err
		}
		texts = slices.Delete(texts, e.Cell-1, e.Cell)
	}
}

func checkRoundTrip(t *testing.T, seed int, src string, importer *typedata.Importer) {
	t.Helper()
	parts, err := export.Cells(src)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return
	}
	again, err := export.Program(parts, export.Config{Importer: importer})
	if d := cmp.Diff(src, again); d != "" || err != nil {
		t.Errorf("seed %d: %v, once (-), twice (+):\n%s", seed, err, d)
	}
}
