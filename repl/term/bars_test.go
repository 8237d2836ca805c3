package term

import (
	"strings"
	"testing"
	"time"

	"kairos/repl"
)

func TestBarFits(t *testing.T) {
	start := time.Unix(0, 0)
	looks := []look{{}, {unicode: true}, {unicode: true, color: true}}
	for _, label := range []string{"", "train", "wide 界界界", strings.Repeat("long ", 30)} {
		b := newBar(repl.Progress{Label: label, Total: 12345}, start)
		b.set(repl.Progress{Done: 6789, Total: 12345}, start.Add(77*time.Second))
		for columns := 1; columns < 200; columns++ {
			for _, l := range looks {
				for _, still := range []bool{false, true} {
					line := barLines([]*bar{b}, columns, start.Add(78*time.Second), still, l)[0]
					if width := widthOf(line); width >= max(columns, 8) {
						t.Fatalf("%d columns of %d: %q", width, columns, line)
					}
				}
			}
		}
	}
}

func TestBarShowsLessWhenNarrow(t *testing.T) {
	start := time.Unix(0, 0)
	b := newBar(repl.Progress{Label: "train", Total: 1000}, start)
	b.set(repl.Progress{Done: 421, Total: 1000}, start.Add(34*time.Second))
	l := look{unicode: true}
	for columns, want := range map[int]string{
		100: "train  42% ━━━━━━━━━━━━━─────────────────── 421/1000 · 0:47 left · 12.4/s · 0:34",
		60:  "train  42% ━━━────── 421/1000 · 0:47 left · 12.4/s · 0:34",
		50:  "train  42% ━━━━━━───────── 421/1000 · 0:47 left",
		36:  "train  42% ━━━━━──────── 421/1000",
		24:  "train  42% ━━━━━───────",
		18:  "tra  42% ━━━─────",
	} {
		if got := barLines([]*bar{b}, columns, start.Add(34*time.Second), false, l)[0]; got != want {
			t.Errorf("%d columns: %q, want %q", columns, got, want)
		}
	}
}

func TestBarBeginsAnew(t *testing.T) {
	start := time.Unix(0, 0)
	b := newBar(repl.Progress{Done: 50, Total: 100}, start)
	b.set(repl.Progress{Done: 60, Total: 100}, start.Add(time.Second))
	if rate := b.rate(); rate != 10 {
		t.Errorf("what was done before counts: %v", rate)
	}
	if left, known := b.left(); left != 4*time.Second || !known {
		t.Errorf("left: %v, %v", left, known)
	}
	b.set(repl.Progress{Done: 1, Total: 100}, start.Add(2*time.Second))
	if _, known := b.left(); known || b.first != 1 || b.start != start.Add(2*time.Second) {
		t.Errorf("a count that falls goes on: %+v", b)
	}
}

func TestClocks(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0:00", 34 * time.Second: "0:34", 754 * time.Second: "12:34", 3723 * time.Second: "1:02:03",
	} {
		if got := clock(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		840 * time.Microsecond: "840 µs", 1234 * time.Microsecond: "1.23 ms", 3210 * time.Millisecond: "3.2 s", 125 * time.Second: "2:05",
	} {
		if got := took(d); got != want {
			t.Errorf("%v took %s, want %s", d, got, want)
		}
	}
	for x, want := range map[float64]string{1234.5: "1234", 100: "100", 12.345: "12.3", 1: "1", 0.25: "0.25", 0.0012345: "0.00123"} {
		if got := threeDigits(x); got != want {
			t.Errorf("%v is %s, want %s", x, got, want)
		}
	}
}
