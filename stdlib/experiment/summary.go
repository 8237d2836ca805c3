package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"gonum.org/v1/gonum/stat"

	"kairos/stdlib/dynamics"
	"kairos/stdlib/plot"
)

// Lead says which arm had the lowest loss, by the mean over seeds, at neighbouring checkpoints.
type Lead struct {
	Arm  string `json:"arm"`
	From int    `json:"from"` // step
	To   int    `json:"to"`
}

// String is the lead as "NFT at steps 2–8".
func (l Lead) String() string {
	if l.From == l.To {
		return fmt.Sprintf("%s at step %d", l.Arm, l.From)
	}
	return fmt.Sprintf("%s at steps %d–%d", l.Arm, l.From, l.To)
}

// Leads tells which of several curves was lowest when, at the steps that all of them have, but for step 0, where
// nothing was trained yet. Of equals it is the first.
func Leads(curves []plot.Curve) []Lead {
	var leads []Lead
	if len(curves) == 0 {
		return nil
	}
	for _, step := range curves[0].Steps {
		name := lowestAt(curves, step)
		switch last := len(leads) - 1; {
		case step == 0 || name == "":
		case last >= 0 && leads[last].Arm == name:
			leads[last].To = step
		default:
			leads = append(leads, Lead{Arm: name, From: step, To: step})
		}
	}
	return leads
}

// lowestAt names the curve with the lowest loss at a step, "" where one has no such step.
func lowestAt(curves []plot.Curve, step int) string {
	best, name := math.Inf(1), ""
	for _, c := range curves {
		i, ok := slices.BinarySearch(c.Steps, step)
		if !ok {
			return ""
		}
		if c.Loss[i] < best {
			best, name = c.Loss[i], c.Name
		}
	}
	return name
}

// Summary says in a table and a line what came of the set: each arm's loss by the mean of its curve and at
// its end, how far that is from the baseline's, with what p in a paired test over seeds, and on how many of the unseen tasks it is
// lower; by which step half of the fall was done with each seed; which arm led when, and how far the arms were apart.
func (s *Set) Summary() (string, error) {
	if len(s.Arms) == 0 {
		return s.Name + ": nothing was trained", nil
	}
	bands, err := s.Bands()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: loss on the unseen examples in nats, %d seeds\n", s.Name, len(s.Arms[0].Curves()))
	if err := s.table(&b); err != nil {
		return "", fmt.Errorf("experiment: set %q: %w", s.Name, err)
	}
	var leads []string
	for _, l := range Leads(bands) {
		leads = append(leads, l.String())
	}
	if len(bands) > 1 {
		apart, err := s.apart()
		if err != nil {
			return "", fmt.Errorf("experiment: set %q: %w", s.Name, err)
		}
		fmt.Fprintf(&b, "Lowest by the mean over seeds: %s. Highest minus lowest: %s.", strings.Join(leads, ", "), apart)
	}
	return strings.TrimSpace(b.String()), nil
}

// apart says how far the arms are apart at the first checkpoint of the training, at those between, and at the last, by the mean over seeds.
func (s *Set) apart() (string, error) {
	curves, err := dynamics.Range(s.Arrangements())
	if err != nil {
		return "", err
	}
	c, err := Band("range", curves)
	if err != nil {
		return "", err
	}
	at := func(i int) string { return fmt.Sprintf("%.2f at step %d", c.Loss[i], c.Steps[i]) }
	begin, end := slices.IndexFunc(c.Steps, func(step int) bool { return step > 0 }), len(c.Steps)-1
	switch {
	case begin < 0:
		return "nothing was trained", nil
	case begin == end:
		return at(end), nil
	case begin+1 == end:
		return at(begin) + ", " + at(end), nil
	}
	between := c.Loss[begin+1 : end]
	return fmt.Sprintf("%s, then %.2f to %.2f, %s", at(begin), slices.Min(between), slices.Max(between), at(end)), nil
}

// table has a line for each arm.
func (s *Set) table(b *strings.Builder) error {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	const head = "  arm\tmean of the curve\tminus %s\tp\ttasks lower\tlast loss\tminus %[1]s\tp\ttasks lower\thalf of the fall by step\n"
	fmt.Fprintf(table, head, s.Baseline)
	base := s.arm(s.Baseline)
	for _, a := range s.Arms {
		cells := []string{"  " + a.Name}
		for _, m := range []dynamics.Measure{dynamics.Mean, dynamics.Last} {
			more, err := a.cells(base, m)
			if err != nil {
				return err
			}
			cells = append(cells, more...)
		}
		var halves []string
		for _, c := range a.Curves() {
			early, err := dynamics.Early(c)
			if err != nil {
				return err
			}
			halves = append(halves, fmt.Sprint(early.Half))
		}
		fmt.Fprintln(table, strings.Join(append(cells, strings.Join(halves, ", ")), "\t"))
	}
	return table.Flush()
}

// cells are what the table says of an arm by a measure: its value, the difference from the baseline, p, and the
// number of unseen tasks with a lower loss. With one seed, and for the baseline itself, there is no test.
func (a *Arm) cells(base *Arm, m dynamics.Measure) ([]string, error) {
	this := dynamics.Arrangement{Name: a.Name, Curves: a.Curves()}
	values, err := dynamics.Values([]dynamics.Arrangement{this}, m)
	if err != nil {
		return nil, err
	}
	value := spread(values[0].Values)
	if base == nil || base == a || len(this.Curves) < 2 {
		return []string{value, "", "", ""}, nil
	}
	c, err := dynamics.Compare(this, dynamics.Arrangement{Name: base.Name, Curves: base.Curves()}, m)
	if err != nil {
		return nil, err
	}
	lower, err := a.lower(base, m)
	return []string{value, fmt.Sprintf("%+.4f ± %.4f", c.Difference, c.Deviation), fmt.Sprintf("%.2g", c.P), lower}, err
}

// lower counts the unseen tasks on which the arm is lower than another, as "7/10".
func (a *Arm) lower(base *Arm, m dynamics.Measure) (string, error) {
	these, err := a.TaskBands()
	if err != nil {
		return "", err
	}
	those, err := base.TaskBands()
	if err != nil {
		return "", err
	}
	rows, err := dynamics.ByTask([]dynamics.Arrangement{{Name: a.Name, Curves: these}, {Name: base.Name, Curves: those}}, m)
	lower := 0
	for _, row := range rows {
		if row.Values[0] < row.Values[1] {
			lower++
		}
	}
	return fmt.Sprintf("%d/%d", lower, len(rows)), err
}

// spread is the mean of values, with their deviation if there are several.
func spread(values []float64) string {
	if len(values) == 1 {
		return fmt.Sprintf("%.4f", values[0])
	}
	mean, deviation := stat.MeanStdDev(values, nil)
	return fmt.Sprintf("%.4f ± %.4f", mean, deviation)
}
