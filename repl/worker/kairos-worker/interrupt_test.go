package main

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
	"kairos/repl/worker"
)

var interrupts = flag.Int("interrupts", 24, "how often TestInterrupts interrupts")

// prepare declares what the cells of TestInterrupts use.
const prepare = `x := 3
m, err := model.New(model.Config{
	Vocab: 258, Hidden: 48, FFN: 96, Layers: 2, Heads: 4, KVHeads: 2, MaxLen: 256, Tied: true,
}, tokenize.NewBytes(), 1)
cell.Check(err)
var examples []data.Example
for i := range 64 {
	examples = append(examples, data.Example{Task: "sum", Data: []string{fmt.Sprint(i, "+", i, "?"), fmt.Sprint(2*i)}})
}
encoder, err := embed.Load("all-MiniLM-L6-v2")
cell.Check(err)
texts := make([]string, 100)
for i := range texts {
	texts[i] = fmt.Sprint("number ", i)
}
numbers := rand.Perm(1 << 18)
func down(n int) int {
	if n == 0 {
		return 0
	}
	return down(n-1) + 1
}`

// waits are cells that do not end, and how long they may take when they are to.
var waits = []struct {
	src   string
	limit time.Duration
}{
	{"for {\n\tx = 3\n}", soon},
	{"for {\n\tdown(1000)\n}", soon},
	{"<-make(chan int)", soon},
	{"select {\ncase <-make(chan int):\ncase <-time.After(time.Hour):\n}", soon},
	{"time.Sleep(time.Hour)", soon},
	{"var mu sync.Mutex\nmu.Lock()\nmu.Lock()", soon},
	{"var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()", soon},
	{"for {\n\ttrain.Run(cell.Context(), m, examples, train.Config{Batch: 4, LR: 1e-5})\n}", step},
	{"for {\n\tencoder.Embed(cell.Context(), texts, embed.Config{})\n}", step},
	{"for {\n\tsort.Ints(slices.Clone(numbers))\n}", step},
	{"for {\n\tos.ReadFile(os.Args[0])\n}", step},
}

// The limits leave room for a busy machine.
const (
	soon = 150 * time.Millisecond // interpreted code
	step = 3 * time.Second        // compiled calls that do not wait
)

// TestInterrupts interrupts cells at random moments: the session goes on, with its variables as they were.
func TestInterrupts(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := worker.Open(worker.Config{Argv: []string{self, worker.Flag}, Env: append(os.Environ(), asWorker+"=1")})
	defer s.Close()
	eval := func(src, want string) {
		t.Helper()
		result, err := s.Eval(t.Context(), src, new(record.Output))
		if err != nil || result.Text() != want {
			t.Fatalf("%s: %s, %v, want %s", src, result.Text(), err, want)
		}
	}
	eval(prepare, "")
	took := make([][]time.Duration, len(waits))
	for i := range *interrupts {
		wait := waits[i%len(waits)]
		d, err := interrupt(s, wait.src, time.Duration(rand.IntN(100_000))*time.Microsecond)
		var interrupted *repl.Interrupted
		if !errors.As(err, &interrupted) || d > wait.limit {
			t.Errorf("%s: %v after %v", wait.src, err, d)
		}
		took[i%len(waits)] = append(took[i%len(waits)], d)
		eval("fmt.Sprint(x, len(examples), len(texts), len(numbers), down(10))", `"3 64 100 262144 10"`)
	}
	eval("_, err = m.Logits(cell.Context(), []int32{1, 2, 3})\nerr", "")
	for i, list := range took {
		slices.Sort(list)
		if n := len(list); n > 0 {
			t.Logf("%d interrupts, median %v, at most %v: %s", n, list[n/2].Round(time.Millisecond/10), list[n-1].Round(time.Millisecond/10), waits[i].src)
		}
	}
}

// interrupt interrupts a cell, and waits until the next cell can run, if this one is in a call that goes on meanwhile.
func interrupt(s *worker.Session, src string, after time.Duration) (time.Duration, error) {
	took, err := record.Interrupt(s, src, after)
	begin := time.Now()
	for {
		_, next := s.Eval(context.Background(), "1", new(record.Output))
		if !errors.As(next, new(*repl.Busy)) {
			return took + time.Since(begin), err
		}
	}
}
