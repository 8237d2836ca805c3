package assets

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRule(t *testing.T) {
	for _, c := range []struct {
		rule         rule
		member, want string
		ok           bool
	}{
		{rule{"a/LICENSE", "LICENSE"}, "a/LICENSE", "LICENSE", true},
		{rule{"a/LICENSE", "LICENSE"}, "a/LICENSES", "", false},
		{rule{"torch/include/*", "include/*"}, "torch/include/ATen/ops/add.h", "include/ATen/ops/add.h", true},
		{rule{"torch/include/*", "include/*"}, "torch/include/", "", false},
		{rule{"ni/*/task.json", "*.json"}, "ni/subtask001/task.json", "subtask001.json", true},
		{rule{"ni/*/task.json", "*.json"}, "ni/task.json", "", false},
		{rule{"ni/*/task.json", "*.json"}, "ni/subtask001/README.md", "", false},
	} {
		if got, ok := c.rule.apply(c.member); ok != c.ok || ok && got != c.want {
			t.Errorf("%v of %q = %q, %v, want %q, %v", c.rule, c.member, got, ok, c.want, c.ok)
		}
	}
}

// Every entry must be complete, and no two may share a name or an archive.
func TestTable(t *testing.T) {
	hash := regexp.MustCompile(`^[0-9a-f]{64}$`)
	seen := make(map[string]bool)
	once := func(name string) {
		if name == "" || seen[name] {
			t.Errorf("%q is empty or there twice", name)
		}
		seen[name] = true
	}
	for _, a := range table() {
		once(a.Name)
		if a.Unpacked <= 0 || len(a.Archives) == 0 {
			t.Errorf("%s: no size or nothing to fetch", a.Name)
		}
		for _, p := range a.Archives {
			once(p.File)
			if !hash.MatchString(p.SHA256) || p.Size <= 0 || p.Package == "" || p.Version == "" || len(p.Keep) == 0 {
				t.Errorf("%s: incomplete archive %+v", a.Name, p)
			}
		}
	}
}

func TestDir(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ kairos, xdg, home, want string }{
		{"/k", "/x", "/h", "/k"},
		{"k", "/x", "/h", filepath.Join(here, "k")},
		{"", "/x", "/h", "/x/kairos"},
		{"", "relative", "/h", "/h/.cache/kairos"}, // the XDG specification says to ignore it
		{"", "", "/h", "/h/.cache/kairos"},
		{"", "", "", ""},
	} {
		t.Setenv("KAIROS_CACHE", c.kairos)
		t.Setenv("XDG_CACHE_HOME", c.xdg)
		t.Setenv("HOME", c.home)
		got, err := Dir()
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%+v: got %q, %v", c, got, err)
		}
	}
}

func TestFind(t *testing.T) {
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.find("libtorch"); err != nil || a.Name != "libtorch-2.1.2" {
		t.Errorf("libtorch is %q, %v", a.Name, err)
	}
	if _, err := s.find(""); err == nil {
		t.Error("the empty name found an asset")
	}
}

func TestBytesText(t *testing.T) {
	sizes := []int64{0, 999, 1000, 823_596, 98_362_432, 1_700_000_000, 3e12}
	var got []string
	for _, n := range sizes {
		got = append(got, bytesText(n))
	}
	want := []string{"0 B", "999 B", "1 kB", "824 kB", "98 MB", "1.7 GB", "3.0 TB"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
