package assets

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What is there but not right is replaced.
func TestFetchMends(t *testing.T) {
	for _, c := range []struct {
		name    string
		damage  func(s *store) error
		problem string
		missing bool
	}{
		{"no manifest", func(s *store) error { return os.Remove(filepath.Join(s.dir, "tasks", manifestName)) }, "not fetched yet", true},
		{"half a manifest", func(s *store) error { return os.Truncate(filepath.Join(s.dir, "tasks", manifestName), 9) }, "read " + manifestName + ": ", false},
		{"file gone", func(s *store) error { return os.Remove(filepath.Join(s.dir, "tasks", "two.json")) }, "two.json: missing", false},
		{"file short", func(s *store) error { return os.Truncate(filepath.Join(s.dir, "tasks", "one.json"), 3) }, "one.json: 3 bytes, want 7", false},
		{"another table", func(s *store) error {
			s.table[1].Archives[0].Keep = append(s.table[1].Archives[0].Keep, rule{"gamma/setup.py", "setup.py"})
			return nil
		}, "another version of kairos", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShelf(t, copies).store()
			if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
				t.Fatal(err)
			}
			if err := c.damage(s); err != nil {
				t.Fatal(err)
			}
			st := s.status(s.table[1])
			if !strings.Contains(st.Problem, c.problem) || st.Missing != c.missing || st.Mend != "kairos fetch tasks" {
				t.Errorf("status %+v, want problem %q", st, c.problem)
			}
			if _, err := s.path("tasks"); err == nil || !strings.Contains(err.Error(), `run "kairos fetch tasks"`) {
				t.Errorf("path: error %v", err)
			}
			if err := s.fetch(t.Context(), []string{"tasks"}, io.Discard); err != nil {
				t.Fatal(err)
			}
			if st := s.status(s.table[1]); !st.Complete() {
				t.Errorf("still %q", st.Problem)
			}
		})
	}
}

// A cache filled by other means is replaced as a whole in one run.
func TestFetchReplacesAll(t *testing.T) {
	s := newShelf(t, copies).store()
	for _, a := range s.table {
		if err := os.MkdirAll(s.home(a), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.home(a), "foreign"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	wantComplete(t, s)
}

// An archive kept by an earlier run is not trusted for its size.
func TestFetchDistrustsKeptArchives(t *testing.T) {
	s := newShelf(t, copies).store()
	a := s.table[1].Archives[0]
	kept := s.scratch("archives", a.File)
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, make([]byte, a.Size), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	wantComplete(t, s)
}

func TestVerifyNamesFiles(t *testing.T) {
	s := newShelf(t, copies).store()
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(s.dir, "wheels")
	if err := os.WriteFile(filepath.Join(dir, "lib", "a.so"), []byte("The library"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.path("wheels"); err != nil {
		t.Errorf("a change that keeps the size is not for path to see: %v", err)
	}
	err := s.verify(t.Context(), s.table[0])
	if err == nil {
		t.Fatal("no error")
	}
	wantContains(t, err.Error(), "lib/a.so: altered (SHA-256 ", "rm -r '"+dir+"' && kairos fetch wheels")
	if strings.Contains(err.Error(), "b.so") {
		t.Errorf("names a good file: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.verify(cancelled, s.table[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestManifestNamesTheFirstFiles(t *testing.T) {
	m := manifest{Files: make([]file, 7)}
	for i := range m.Files {
		m.Files[i] = file{Path: "f" + strconv.Itoa(i), Size: 1}
	}
	err := m.sizes(t.TempDir())
	if err == nil || err.Error() != "f0: missing; f1: missing; f2: missing; f3: missing; f4: missing; and 2 more files" {
		t.Errorf("error %v", err)
	}
}

func TestManifest(t *testing.T) {
	s := newShelf(t, copies).store()
	if err := s.fetch(t.Context(), []string{"tasks"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	got, err := readManifest(filepath.Join(s.dir, "tasks"))
	if err != nil {
		t.Fatal(err)
	}
	want := manifest{
		Asset: "tasks", Archives: s.table[1].Archives,
		Files: []file{ // by: printf '{"n":1}' | sha256sum
			{"one.json", 7, "2bfd14f43d17fc7cea24e0917a8879b4b2f880b8baeec1b9d90fbaad655e71bd"},
			{"two.json", 7, "363379742f80b51bdb9206579af7754911543079b9399cb3fc315fb199f476e8"},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

func TestUnpackRefuses(t *testing.T) {
	for _, c := range []struct{ name, member, want string }{
		{"a way out", "p/../../evil", "would leave the directory"},
		{"nothing wanted", "q/file", "none of the wanted members is in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			shelf := newShelf(t, copies)
			shelf.write(t, "delta-1-any.whl", zipped(map[string]string{c.member: "x"}))
			s := shelf.store()
			s.table = []asset{{Name: "d", Archives: []archive{shelf.archive("delta-1-any.whl", rule{"p/*", "*"})}}}
			err := s.fetch(t.Context(), nil, io.Discard)
			if err == nil {
				t.Fatal("no error")
			}
			wantContains(t, err.Error(), c.want)
			if exists(s.home(s.table[0])) || exists(filepath.Join(s.dir, "..", "evil")) {
				t.Error("something was unpacked")
			}
		})
	}
}
