package repl_test

import (
	"fmt"
	"testing"
	"time"

	"kairos/repl/internal/record"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

// Values in one place replace each other; the last one is always shown.
func TestLive(t *testing.T) {
	s, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out := new(record.Output)
	begin := time.Now()
	_, err = s.Eval(t.Context(), "p := cell.Live(0)\nfor i := range 1000 { p.Update(i) }\ncell.Show(`after`)", out)
	if err != nil {
		t.Fatal(err)
	}
	shown := out.Displays()
	if most := 3 + int(time.Since(begin)/(100*time.Millisecond)); len(shown) < 3 || len(shown) > most {
		t.Fatalf("%d displays, at most %d expected", len(shown), most)
	}
	if first := shown[0]; first.Update || first.Data.Text() != "0" {
		t.Errorf("first: %+v", first)
	}
	last := shown[len(shown)-1]
	if !last.Update || last.ID != shown[0].ID || last.Data.Text() != "999" {
		t.Errorf("last: %+v", last)
	}
	other := shown[len(shown)-2]
	if other.Update || other.ID == last.ID || other.Data.Text() != "after" {
		t.Errorf("beside it: %+v", other)
	}
}

// What a goroutine shows after its cell ended is shown, too.
func TestLiveAfterwards(t *testing.T) {
	s, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out := new(record.Output)
	if _, err = s.Eval(t.Context(), "p := cell.Live(0)\ngo func() { time.Sleep(50 * time.Millisecond); p.Update(1); p.Update(2) }()", out); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		shown := out.Displays()
		if last := shown[len(shown)-1]; last.Data.Text() == "2" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error(fmt.Sprint(out.Displays()))
}
