package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/model"
	"kairos/stdlib/plot"
)

// experiment is two orders with two seeds.
func experiment(dir string) (runs []Config) {
	for _, order := range []string{"forth", "back"} {
		for seed := range 2 {
			cfg := small(filepath.Join(dir, fmt.Sprintf("%s-%d", order, seed)))
			cfg.Seed, cfg.Discard, cfg.Resume = uint64(seed), true, false
			cfg.Train = sums(24)
			if order == "back" {
				for i := range 12 {
					cfg.Train[i], cfg.Train[23-i] = cfg.Train[23-i], cfg.Train[i]
				}
			}
			runs = append(runs, cfg)
		}
	}
	return runs
}

// A set of runs that was broken off twice gives the records of one that was not.
func TestSetsGoOn(t *testing.T) {
	dir := t.TempDir()
	want, err := StartAll(t.Context(), experiment(filepath.Join(dir, "whole")))
	if err != nil || len(want) != 4 {
		t.Fatalf("%d records, %v", len(want), err)
	}
	out := filepath.Join(dir, "broken")
	for _, stop := range []int{1, 3} {
		ctx, cancel := context.WithCancel(t.Context())
		runs := experiment(out)
		runs[stop].OnRow = func(row Row, _ int) {
			if row.Step == 7 {
				cancel()
			}
		}
		records, err := StartAll(ctx, runs)
		if !errors.Is(err, context.Canceled) || len(records) != stop+1 || !strings.HasPrefix(err.Error(), fmt.Sprintf("run %d of 4: ", stop+1)) {
			t.Fatalf("%d records, %v", len(records), err)
		}
	}
	started := 0
	runs := experiment(out)
	for i := range runs {
		runs[i].OnRow = func(row Row, _ int) {
			if started++; row.Step < 8 {
				t.Errorf("run %d began anew", i+1)
			}
		}
	}
	got, err := StartAll(t.Context(), runs)
	if err != nil || len(got) != 4 || started == 0 {
		t.Fatalf("%d records, %d steps, %v", len(got), started, err)
	}
	for i := range want {
		a, b := got[i].Curve(), want[i].Curve()
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("curve %d is %v, want %v", i, a, b)
		}
	}
	if band, err := plot.Band("forth", []plot.Curve{got[0].Curve(), got[1].Curve()}); err != nil || len(band.Low) == 0 {
		t.Errorf("the band of two seeds: %v, %v", band, err)
	}
}

// A mistake in a late run is found before the first one starts.
func TestSetsAreCheckedFirst(t *testing.T) {
	m, err := model.Tiny(1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for _, c := range []struct {
		change func(runs []Config)
		want   string
	}{
		{func(r []Config) { r[3].Out = r[1].Out + string(filepath.Separator) }, "runs 2 and 4 are in one directory"},
		{func(r []Config) { r[2].Model, r[2].Loaded, r[3].Model, r[3].Loaded = "", m, "", m }, "runs 3 and 4 are given one model"},
		{func(r []Config) { r[3].Settings.Steps = 99 }, "run 4 of 4: "},
		{func(r []Config) { r[3].Out = filepath.Dir(filepath.Dir(r[3].Out)) }, "holds no run"},
	} {
		dir := filepath.Join(t.TempDir(), "runs")
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		runs := experiment(dir)
		c.change(runs)
		if _, err := StartAll(t.Context(), runs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%q: something was started: %v", c.want, entries)
		}
	}
}
