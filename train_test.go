package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/repl/worker"
)

// TestTrain: the worker gets the request, and has the last word.
func TestTrain(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv(worker.Env, filepath.Join(dir, "worker"))
	script := "#!/bin/sh\necho \"$@\"; cat; echo it failed >&2; exit 3\n"
	if err := os.WriteFile("worker", []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("a.jsonl", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	status, out, errs := kairos("", "train", "-model", "tiny", "-data", "a.jsonl,a.jsonl", "-test=a.jsonl", "-lr", "2e-5", "-max-len", "99", "-out", "o", "-resume")
	want := `-train
{"model":"tiny","data":["a.jsonl","a.jsonl"],"test":["a.jsonl"],"out":"` + dir + `/o","lr":0.00002,` +
		`"schedule":"constant","warmup":0,"clip":0,"weight_decay":0,"batch":0,"steps":0,"every":0,"save":0,"max_len":99,"seed":1,"lora":0,"chat":false,"mixed":false,"discard":false,"resume":true}`
	if status != 3 || out != want || errs != "it failed\n" {
		t.Errorf("status %d, out\n%s\nwant\n%s\nerr %q", status, out, want, errs)
	}
}

func TestTrainRefusals(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.jsonl", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"-data a.jsonl -out o", "--model"},
		{"-model tiny -data a.jsonl -out o -schedule steep", "steep"},
		{"-model tiny -data a.jsonl -out o", "there is no kairos-worker"},
	} {
		status, _, errs := kairos("", append([]string{"train"}, strings.Fields(c.args)...)...)
		if status != 1 || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, err %q, want %q", c.args, status, errs, c.want)
		}
	}
}
