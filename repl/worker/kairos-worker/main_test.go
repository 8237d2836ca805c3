package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"kairos/repl/script"
	"kairos/repl/worker"
)

// asWorker has this test binary be the worker.
const asWorker = "KAIROS_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) != "" {
		main()
	}
	os.Exit(m.Run())
}

// TestLikeGoRun: a script that trains a model prints the same losses both ways.
func TestLikeGoRun(t *testing.T) {
	const program = "testdata/train.go"
	want, err := exec.Command("go", "run", program).CombinedOutput()
	if len(want) == 0 {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	env := script.Environ(append(os.Environ(), asWorker+"=1"))
	worker.Run([]string{self, program}, env, worker.Streams{Out: &got, Err: &got})
	if got.String() != string(want) {
		t.Errorf("go run:\n%skairos run:\n%s", want, &got)
	}
}

func TestUsage(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), asWorker+"=1")
	out, _ := cmd.CombinedOutput()
	if got := string(out); got != "usage: kairos-worker FILE [ARG...]\n" || cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("without a file: status %d, %q", cmd.ProcessState.ExitCode(), got)
	}
}
