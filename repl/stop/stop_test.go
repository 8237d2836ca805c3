package stop_test

import (
	"context"
	"fmt"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"kairos/repl/stop"
)

func spin() {
	for {
		stop.Check()
	}
}

func ExampleWith() {
	cell := stop.New("example")
	time.AfterFunc(10*time.Millisecond, cell.Stop)
	interrupted := stop.With(cell, func() {
		for {
			stop.Check()
		}
	})
	fmt.Println(interrupted, stop.Current() == nil)
	// Output: true true
}

func TestGoroutinesInherit(t *testing.T) {
	cell := stop.New("")
	var got [3]*stop.Cell
	stop.With(cell, func() {
		got[0] = stop.Current()
		var wg sync.WaitGroup
		wg.Go(func() { got[1] = stop.Current() })
		stop.With(stop.New("inner"), func() { got[2] = stop.Current() })
		wg.Wait()
	})
	if got[0] != cell || got[1] != cell || got[2] == cell || got[2] == nil || stop.Current() != nil {
		t.Errorf("got %v, want %p twice, another and nil", got, cell)
	}
}

func TestOnlyStoppedCellsUnwind(t *testing.T) {
	stopped, other := stop.New("stopped"), stop.New("other")
	stopped.Stop()
	if !stop.With(stopped, spin) {
		t.Error("the stopped cell was not interrupted")
	}
	if stop.With(other, stop.Check) {
		t.Error("the other cell was interrupted")
	}
	stop.Check()
}

// A goroutine that compiled code started has nobody to recover Interrupted.
func TestUnguardedGoroutineExits(t *testing.T) {
	cell := stop.New("")
	var wg sync.WaitGroup
	stop.With(cell, func() {
		wg.Go(spin)
		wg.Go(func() { stop.Guard(spin) })
	})
	cell.Stop()
	wg.Wait()
}

func TestOtherPanicsPass(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		cell := stop.New("")
		if stopped {
			cell.Stop()
		}
		func() {
			defer func() {
				if r := recover(); r != "mine" {
					t.Errorf("stopped %v: recovered %v", stopped, r)
				}
			}()
			stop.With(cell, func() { panic("mine") })
		}()
	}
	if stop.Current() != nil {
		t.Error("a panic left the cell in place")
	}
}

func TestLabelsOfOthers(t *testing.T) {
	pprof.Do(context.Background(), pprof.Labels("cell", "not"), func(context.Context) {
		if c := stop.Current(); c != nil {
			t.Errorf("took %v for a cell", c)
		}
	})
	pprof.Do(context.Background(), pprof.Labels(), func(context.Context) {
		if c := stop.Current(); c != nil {
			t.Errorf("took %v for a cell", c)
		}
	})
	stop.With(nil, stop.Check)
}

func TestDeepStack(t *testing.T) {
	cell := stop.New("")
	cell.Stop()
	var down func(n int)
	down = func(n int) {
		if n == 0 {
			stop.Check()
			return
		}
		down(n - 1)
	}
	if !stop.With(cell, func() { down(100_000) }) {
		t.Error("not interrupted")
	}
}

func BenchmarkCheck(b *testing.B) {
	stop.New("").Stop() // otherwise Check is quicker still
	stop.With(stop.New(""), func() {
		for b.Loop() {
			stop.Check()
		}
	})
}
