package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A full disk ends a run with an error that says so. The last checkpoint is whole, and the run goes on
// from there when there is room again.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	whole := small(filepath.Join(dir, "whole"))
	mustStart(t, whole)
	want := outcome(t, whole.Out)
	for how, says := range map[string]string{
		"full-disk":         "stopped after step 15 of 24; when it is resumed it goes on after step 10: ",
		"fuller-disk":       "stopped after step 14 of 24; when it is resumed it goes on after step 10: ",
		"no-room-for-model": "stopped after step 24 of 24; when it is resumed it goes on after step 20: ",
	} {
		out := filepath.Join(dir, how)
		text, err := command(t, how, out).CombinedOutput()
		if err == nil || !strings.Contains(string(text), says) || !strings.Contains(string(text), "file too large") {
			t.Errorf("%s: %v: %s, want %q", how, err, text, says)
		}
		if left := unfinished(t, out); len(left) > 0 {
			t.Errorf("%s: it leaves %v", how, left)
		}
		record, err := Read(out)
		if err != nil || record.Complete {
			t.Errorf("%s: %v, complete %v", how, err, record.Complete)
		}
		mustStart(t, small(out))
		same(t, outcome(t, out), want, how)
	}
}

// A directory that cannot be written is an error before anything is computed.
func TestUnwritableDirectory(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{out, filepath.Join(out, "deeper")} {
		text, err := command(t, "nobody", out).CombinedOutput()
		if err == nil || !strings.Contains(string(text), "permission denied") || !strings.Contains(string(text), out) {
			t.Errorf("%s: %v: %s", out, err, text)
		}
	}
}
