package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"kairos/repl/internal/record"
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

// TestSession: cells reach what links libtorch, and its errors do not end the session.
func TestSession(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := worker.Open(worker.Config{Argv: []string{self, worker.Flag}, Env: append(os.Environ(), asWorker+"=1")})
	defer s.Close()
	for _, c := range []struct{ src, want string }{
		{`m, err := model.New(model.Config{
	Vocab: 16, Hidden: 8, FFN: 16, Layers: 2, Heads: 2, KVHeads: 1, HeadDim: 4,
	MaxLen: 32, RopeBase: 1e4, NormEps: 1e-5, Tied: true,
}, nil, 1)
err`, ""},
		{"_, err = m.Logits(cell.Context(), []int32{1, 2, 3})\nerr", ""},
		{"_, err = m.Logits(cell.Context(), []int32{99})\nerr != nil", "true"},
	} {
		out := new(record.Output)
		result, err := s.Eval(t.Context(), c.src, out)
		if err != nil || result.Text() != c.want {
			t.Fatalf("%s: %s, %v; %s", c.src, result.Text(), err, out)
		}
	}
}
