// Package plot draws what the experiments find, as a picture for a paper, a notebook or a README. It
// is pure Go, on gonum.org/v1/plot.
//
//	Curve         a loss over training steps; it is what a run records, and reads and writes as JSON
//	Mark          names some of its steps in a figure, such as a sudden drop
//	Band          the mean of a curve over seeds, and how far they vary
//	LossCurves    draws several curves in one Figure
//	Panels        draws many in small plots beside each other: a loss per task, or a loss beside scores
//	Similarity    draws how near an arrangement comes to every unseen task, step by step, and its loss beside
//	Spread        compares arrangements by a number of every seed, with means and deviations
//	Distribution  draws how distances are distributed
//	MapByRound    draws where training and unseen examples lie, by the round that took them;
//	              MapByTask by their task
//	Figure        gives PNG, SVG or PDF, or saves by a file's extension; its String is a drawing in text for
//	              terminals; Plot is gonum's view of it, for changing it
//
// Curves differ in colour, dashes and markers, so they can be told apart by colour-blind readers
// and in grey. Maps of rounds use a scale that is dark first and lighter later, in grey as well.
//
// Not here: what is to be seen in curves, which is package dynamics. Showing a figure in a cell is
// package cell.
package plot

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Curve is a loss at some training steps, which must increase. Step 0 is the untrained model. It may
// hold a score instead: figures say what it is on their y axis.
type Curve struct {
	Name  string    `json:"name"`
	Steps []int     `json:"steps"`
	Loss  []float64 `json:"loss"` // of each step

	// The bounds of a band about the loss, of each step; nil for none.
	Low  []float64 `json:"low,omitempty"`
	High []float64 `json:"high,omitempty"`

	Marks []Mark `json:"marks,omitempty"` // of some of its steps, such as sudden drops
}

// Add appends a point.
func (c *Curve) Add(step int, loss float64) {
	c.Steps = append(c.Steps, step)
	c.Loss = append(c.Loss, loss)
}

// Config describes a figure. Its zero value has no title, says what the paper's figures say on the
// axes, and fits a page or a notebook.
type Config struct {
	Title  string
	XLabel string  // "" means "training step"
	YLabel string  // "" means "mean unseen-task loss (nats per token)"
	Width  float64 // in inches; 0 means 6.4
	Height float64 // in inches; 0 means 4
	DPI    int     // dots per inch of a PNG; 0 means 200
}

func (cfg Config) withDefaults() Config {
	cfg.XLabel = cmp.Or(cfg.XLabel, "training step")
	cfg.YLabel = cmp.Or(cfg.YLabel, "mean unseen-task loss (nats per token)")
	cfg.Width = cmp.Or(cfg.Width, 6.4)
	cfg.Height = cmp.Or(cfg.Height, 4)
	cfg.DPI = cmp.Or(cfg.DPI, 200)
	return cfg
}

// check expects defaults in place. The limits keep text readable and a PNG in memory.
func (cfg Config) check() error {
	for _, side := range []float64{cfg.Width, cfg.Height} {
		if !(side >= 2 && side <= 40) {
			return fmt.Errorf("it is %g×%g inches: want 2 to 40 each way", cfg.Width, cfg.Height)
		}
	}
	if cfg.DPI < 30 || cfg.DPI > 600 {
		return fmt.Errorf("DPI is %d: want 30 to 600", cfg.DPI)
	}
	return nil
}

// LossCurves draws curves into one figure, the first in front. The axes fit the data closely; the
// legend stands in the corner farthest from all curves, or beside the plot if every corner has one,
// and is left out for a single curve without a name.
//
// No curves, a curve without points, with steps that do not increase, with more steps than losses
// or fewer, or with a loss that is NaN or infinite, and a curve without a name among several, are
// errors that say which curve and where.
func LossCurves(curves []Curve, cfg Config) (*Figure, error) {
	cfg = cfg.withDefaults()
	err := cfg.check()
	if err == nil {
		err = checkCurves(curves)
	}
	if err != nil {
		return nil, fmt.Errorf("plot: loss curves: %w", err)
	}
	return newFigure(curves, cfg), nil
}

func checkCurves(curves []Curve) error {
	if len(curves) == 0 {
		return errors.New("there are none")
	}
	for k, c := range curves {
		if strings.TrimSpace(c.Name) == "" && len(curves) > 1 {
			return fmt.Errorf("curve %d of %d has no name", k+1, len(curves))
		}
		if err := c.Check(); err != nil {
			return fmt.Errorf("curve %q: %w", c.Name, err)
		}
	}
	return nil
}

// Check reports what LossCurves refuses of a curve, but for a missing name.
func (c Curve) Check() error {
	if len(c.Steps) != len(c.Loss) {
		return fmt.Errorf("%d steps, but %d losses", len(c.Steps), len(c.Loss))
	}
	if len(c.Steps) == 0 {
		return errors.New("it has no points")
	}
	if err := c.checkBand(); err != nil {
		return err
	}
	for i, loss := range c.Loss {
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return fmt.Errorf("the loss at step %d is %v", c.Steps[i], loss)
		}
		if i > 0 && c.Steps[i] <= c.Steps[i-1] {
			return fmt.Errorf("step %d comes after step %d: want steps that increase", c.Steps[i], c.Steps[i-1])
		}
	}
	return c.checkMarks()
}
