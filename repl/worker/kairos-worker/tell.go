package main

import (
	"fmt"
	"io"
	"time"

	"kairos/stdlib/run"
)

// between is how far apart at least the lines are that tell of no evaluation.
const between = 5 * time.Second

// teller tells how a run goes, a line at a time.
type teller struct {
	out io.Writer
	now func() time.Time

	told time.Time // the last line was written

	// Since this process began with the run:
	first   int       // the row it began with
	begin   time.Time // that row was there
	rows    int
	tokens  int
	seconds float64 // of the steps
}

// row tells of a step: of the first, of those that were evaluated, of the last, and of others from time to time.
func (t *teller) row(r run.Row, total int) {
	now := t.now()
	if t.rows++; t.rows == 1 {
		t.first, t.begin = r.Step, now
	}
	t.tokens += r.Tokens
	t.seconds += r.Seconds
	if !r.Evaluated && t.rows > 1 && r.Step < total && now.Sub(t.told) < between {
		return
	}
	t.told = now
	line := fmt.Sprintf("step %d/%d:", r.Step, total)
	if r.Step > 0 {
		line += fmt.Sprintf(" loss %.4f", r.TrainLoss)
	}
	if r.Evaluated {
		line += fmt.Sprintf(" unseen %.4f", r.UnseenLoss)
	}
	if t.seconds > 0 {
		line += fmt.Sprintf(", %.0f tokens/s, %s", float64(t.tokens)/t.seconds, t.left(r, total, now))
	}
	fmt.Fprintln(t.out, line)
}

// left estimates the time that is left, evaluations included.
func (t *teller) left(r run.Row, total int, now time.Time) string {
	if r.Step == total {
		return "done"
	}
	each := time.Duration(r.Seconds * float64(time.Second))
	if steps := r.Step - t.first; steps > 0 {
		each = now.Sub(t.begin) / time.Duration(steps)
	}
	left := each * time.Duration(total-r.Step)
	if left > time.Minute {
		return left.Round(time.Second).String() + " left"
	}
	return left.Round(100*time.Millisecond).String() + " left"
}

// evaluate tells of an evaluation that takes its time.
func (t *teller) evaluate(done, total int) {
	if now := t.now(); done < total && now.Sub(t.told) >= between {
		t.told = now
		fmt.Fprintf(t.out, "evaluating: %d/%d\n", done, total)
	}
}
