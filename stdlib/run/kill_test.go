package run

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// busy is a run that saves after every step, and evaluates after every other.
func busy(out string) Config {
	cfg := small(out)
	cfg.Train = sums(80)
	cfg.Settings.Every, cfg.Save = 2, 1
	return cfg
}

// TestKilledRunsGoOn kills a process at random moments, half of them while it writes a checkpoint: the
// run ends as one that nobody disturbed.
func TestKilledRunsGoOn(t *testing.T) {
	dir := t.TempDir()
	whole := busy(filepath.Join(dir, "whole"))
	mustStart(t, whole)
	out := filepath.Join(dir, "killed")
	const kills = 5
	torn := 0
	for i := range kills {
		cmd := command(t, "busy", out)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		moment(out, i%2 == 0, ended)
		cmd.Process.Kill()
		err := <-ended
		if err == nil {
			t.Fatalf("the process came to its end before kill %d", i)
		}
		if status := err.(*exec.ExitError); status.String() != "signal: killed" {
			t.Fatalf("before kill %d: %v", i, err)
		}
		if len(unfinished(t, out)) > 0 {
			torn++
		}
		if record, err := Read(out); err == nil {
			t.Logf("kill %d: %d of %d steps recorded, unfinished files %v", i, record.Done(), record.Total, unfinished(t, out))
		}
	}
	if torn == 0 {
		t.Error("no kill fell into the writing of a checkpoint: the test says little")
	}
	if text, err := command(t, "busy", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	same(t, outcome(t, out), outcome(t, whole.Out), "killed")
}

// moment waits until the process has written some rows, and then if wanted for a checkpoint that is
// being written.
func moment(out string, writing bool, ended chan error) {
	path := filepath.Join(out, metricsFile)
	rows := func() int {
		text, _ := os.ReadFile(path)
		return bytes.Count(text, []byte("\n"))
	}
	goal := rows() + 1 + rand.IntN(5)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) && len(ended) == 0; time.Sleep(50 * time.Microsecond) {
		if rows() < goal {
			continue
		}
		if left, _ := filepath.Glob(filepath.Join(out, checkpointFile+".*.tmp")); len(left) > 0 || !writing {
			break
		}
	}
	time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond)
}

// unfinished are the temporary files in a run directory.
func unfinished(t *testing.T, out string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".tmp") {
			info, err := e.Info()
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, fmt.Sprintf("%s (%d bytes)", e.Name(), info.Size()))
		}
	}
	return names
}

// A process that is told to end saves, and another that is started meanwhile waits for it.
func TestTerminatedRunsGoOn(t *testing.T) {
	dir := t.TempDir()
	whole := busy(filepath.Join(dir, "whole"))
	mustStart(t, whole)
	out := filepath.Join(dir, "terminated")
	first := command(t, "busy", out)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	moment(out, false, make(chan error, 1))
	second := command(t, "busy", out)
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := first.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	first.Wait()
	if err := second.Wait(); err != nil {
		t.Fatal(err)
	}
	same(t, outcome(t, out), outcome(t, whole.Out), "terminated")
}
