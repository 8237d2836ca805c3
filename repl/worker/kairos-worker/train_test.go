package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kairos/repl/worker"
	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/run"
)

// request is a run of 20 steps, with its data in files.
func request(t *testing.T) worker.Training {
	t.Helper()
	dir := t.TempDir()
	var known, unseen []data.Example
	for i := range 40 {
		known = append(known, data.Example{Task: "next", Data: []string{fmt.Sprint("after ", i, "?"), fmt.Sprint(i + 1)}})
	}
	for i := range 3 {
		unseen = append(unseen, data.Example{Task: "previous", Data: []string{fmt.Sprint("before ", i, "?"), fmt.Sprint(i - 1)}})
	}
	for name, examples := range map[string][]data.Example{"train.jsonl": known, "test.jsonl": unseen} {
		if err := data.WriteJSONL(filepath.Join(dir, name), examples); err != nil {
			t.Fatal(err)
		}
	}
	return worker.Training{
		Model: "tiny", Data: []string{filepath.Join(dir, "train.jsonl")}, Test: []string{filepath.Join(dir, "test.jsonl")},
		Out: filepath.Join(dir, "out"), LR: 3e-3, Batch: 2, Every: 5,
	}
}

// trainInChild has a child process of this test binary train.
func trainInChild(ctx context.Context, t *testing.T, r worker.Training, errs *bytes.Buffer) (status int, out string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var o bytes.Buffer
	status, err = worker.Train(ctx, self, append(os.Environ(), asWorker+"=1"), r, worker.Streams{Out: &o, Err: errs})
	if err != nil {
		t.Fatal(err)
	}
	return status, o.String()
}

func TestTrain(t *testing.T) {
	r := request(t)
	var errs bytes.Buffer
	status, out := trainInChild(t.Context(), t, r, &errs)
	if want := regexp.MustCompile(`^\S+/out: 20 steps; loss on the unseen examples 5\.\d{4} at first, \d\.\d{4} at last\n$`); status != 0 || !want.MatchString(out) {
		t.Errorf("status %d, out %q", status, out)
	}
	want := regexp.MustCompile(`^step 0/20: unseen 5\.\d{4}
step 5/20: loss \d\.\d{4} unseen \d\.\d{4}, \d+ tokens/s, \S+ left
(?s:.*)step 20/20: loss \d\.\d{4} unseen \d\.\d{4}, \d+ tokens/s, done
$`)
	if !want.MatchString(errs.String()) {
		t.Errorf("it tells\n%s", &errs)
	}
	m, err := model.Load(filepath.Join(r.Out, "model"))
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	errs.Reset()
	if status, _ := trainInChild(t.Context(), t, r, &errs); status != 1 || !strings.Contains(errs.String(), "there is a run already: resume it") {
		t.Errorf("the same once more: status %d, err %q", status, &errs)
	}
	r.Resume = true
	if status, again := trainInChild(t.Context(), t, r, &errs); status != 0 || again != out {
		t.Errorf("the same, resumed: status %d, %q, want %q", status, again, out)
	}
	r.LR = 1
	errs.Reset()
	if status, _ := trainInChild(t.Context(), t, r, &errs); status != 1 || !strings.Contains(errs.String(), "lr is 1, was 0.003") {
		t.Errorf("another rate: status %d, err %q", status, &errs)
	}
	r.Data = []string{"none.jsonl"}
	errs.Reset()
	if status, _ := trainInChild(t.Context(), t, r, &errs); status != 1 || !strings.Contains(errs.String(), "none.jsonl") {
		t.Errorf("no data: status %d, err %q", status, &errs)
	}
}

// TestTrainInterrupted: who interrupts is told how to go on, and then it goes on.
func TestTrainInterrupted(t *testing.T) {
	r := request(t)
	r.Batch, r.Every = 1, 1000
	r.Data = []string{r.Data[0], r.Data[0], r.Data[0], r.Data[0], r.Data[0], r.Data[0], r.Data[0], r.Data[0], r.Data[0], r.Data[0]}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for {
			if record, err := run.Read(r.Out); err == nil && record.Done() > 2 {
				cancel()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var errs bytes.Buffer
	status, _ := trainInChild(ctx, t, r, &errs)
	said := regexp.MustCompile(`interrupted after step (\d+) of 400, which is saved in \S+/out: to go on, give the same command with -resume\n$`).FindStringSubmatch(errs.String())
	if status != 1 || said == nil {
		t.Fatalf("status %d, err %q", status, &errs)
	}
	record, err := run.Read(r.Out)
	if err != nil || fmt.Sprint(record.Done()) != said[1] {
		t.Errorf("%d steps are recorded, %v; it said %s", record.Done(), err, said[1])
	}
	r.Resume = true
	if status, out := trainInChild(t.Context(), t, r, &errs); status != 0 || !strings.Contains(out, "400 steps") {
		t.Errorf("resumed: status %d, %q, %s", status, out, &errs)
	}
}

func TestTellerTellsNotTooMuch(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	tell := &teller{out: &out, now: func() time.Time { return now }}
	tell.evaluate(1, 3)
	for step := range 9 {
		now = now.Add(2 * time.Second)
		tell.row(run.Row{Step: step + 50, Tokens: 100, Seconds: 2, TrainLoss: 1.5, Evaluated: step == 4, UnseenLoss: 2.5}, 100)
	}
	for seen := range 4 {
		now = now.Add(2 * time.Second)
		tell.evaluate(seen, 3)
	}
	const want = `evaluating: 1/3
step 50/100: loss 1.5000, 50 tokens/s, 1m40s left
step 53/100: loss 1.5000, 50 tokens/s, 1m34s left
step 54/100: loss 1.5000 unseen 2.5000, 50 tokens/s, 1m32s left
step 57/100: loss 1.5000, 50 tokens/s, 1m26s left
evaluating: 1/3
`
	if out.String() != want {
		t.Errorf("it tells\n%swant\n%s", &out, want)
	}
}
