package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadChatterBot(t *testing.T) {
	got, err := ReadChatterBot("testdata/chatterbot")
	want := []Example{
		{ID: "animals-0", Data: []string{"How many legs has a spider?", "8"}},
		{ID: "animals-1", Data: []string{"What is a whale?", "A mammal that swims."}},
		{ID: "weather-0", Data: []string{"Will it rain?", "Take an umbrella."}},
		{ID: "weather-1", Data: []string{"Is it cold? - 'Yes.'"}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, -want +got:\n%s", err, diff)
	}
}

func TestReadChatterBotRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `one.yml: want a list of "conversations"`},
		{"conversations:\n- - {a: b}\n  - c\n", "one.yml: yaml: unmarshal errors:\n  line 2: cannot unmarshal"},
		{"conversations: [", "one.yml: yaml: line"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "one.yml"), []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadChatterBot(dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: the error is %v, want one with %q", c.text, err, c.want)
		}
	}
	if _, err := ReadChatterBot(t.TempDir()); err == nil || !strings.Contains(err.Error(), "has no files *.yml") {
		t.Errorf("the error of an empty directory is %v", err)
	}
}

// TestChatterBot reads the real conversations that `kairos fetch chatterbot-corpus` brings.
func TestChatterBot(t *testing.T) {
	got, err := ChatterBot()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) < 850 || got[0].ID != "ai-0" {
		t.Errorf("%d conversations, the first is %s: want about 890, from ai-0 on", len(got), got[0].ID)
	}
}
