package manifest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/data"
	"kairos/stdlib/manifest"
)

func TestManifestSurvivesTheFile(t *testing.T) {
	dir := t.TempDir()
	input, path := filepath.Join(dir, "weights.bin"), filepath.Join(dir, "manifest.json")
	if err := os.WriteFile(input, []byte("abc"), 0o644); err != nil {
		t.Fatal(err)
	}
	m := manifest.New()
	m.Set("seed", 7)
	m.AddOrder("NFT", []int{2, 0, 1})
	if err := m.AddData("pool", []data.Example{{Data: []string{"q", "a"}}}); err != nil {
		t.Fatal(err)
	}
	if err := m.AddFiles(input); err != nil {
		t.Fatal(err)
	}
	if err := m.Write(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got manifest.Manifest
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	// SHA-256 of "abc" is a published test vector (FIPS 180-2).
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if file := got.Files["weights.bin"]; file.SHA256 != abc || file.Count != 3 {
		t.Errorf("file digest %+v", file)
	}
	if got.Settings["seed"] != 7.0 || got.Data["pool"].Count != 1 || got.Orders["NFT"].Count != 3 || got.Versions["go"] == "" {
		t.Errorf("manifest read back: %+v", got)
	}
	other := manifest.New()
	other.AddOrder("NFT", []int{2, 1, 0})
	if other.Orders["NFT"] == m.Orders["NFT"] {
		t.Error("two orders of the same rows have one hash")
	}
	if err := m.AddFiles(filepath.Join(dir, "missing")); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a missing file: %v", err)
	}
}

func ExampleManifest_AddOrder() {
	m := manifest.New()
	m.Set("seed", 1)
	m.AddOrder("RT", []int{1, 0})
	order := m.Orders["RT"]
	fmt.Println(order.Count, "rows", order.SHA256[:8])
	// Output: 2 rows 5d90ef7f
}

func ExampleNew() {
	dir, err := os.MkdirTemp("", "manifest")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	m := manifest.New()
	m.Set("seed", 1)
	m.AddOrder("NFT", []int{2, 0, 1})
	if err := m.AddData("pool", []data.Example{{Data: []string{"2 + 3?", "5"}}}); err != nil {
		fmt.Println(err)
		return
	}
	if err := m.Write(filepath.Join(dir, "manifest.json")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Settings, m.Data["pool"].Count, "example,", m.Orders["NFT"].Count, "rows")
	// Output: map[seed:1] 1 example, 3 rows
}

// TestFilesOfOneName: both are recorded.
func TestFilesOfOneName(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a", "data.jsonl"), filepath.Join(dir, "b", "data.jsonl")
	m := manifest.New()
	for _, path := range []string{first, second} {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(path), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := m.AddFiles(path); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := m.Files["data.jsonl"], m.Files[second]; len(m.Files) != 2 || a.SHA256 == b.SHA256 || b.Count != int64(len(second)) {
		t.Error(m.Files)
	}
}
