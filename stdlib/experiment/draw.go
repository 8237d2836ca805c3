package experiment

import (
	"fmt"
	"path/filepath"
	"slices"

	"kairos/stdlib/plot"
)

// Save writes a picture as NAME.png and NAME.pdf.
func (e *Experiment) Save(name string, figure *plot.Figure) error {
	for _, ext := range []string{".png", ".pdf"} {
		if err := figure.Save(filepath.Join(e.Dir, name+ext)); err != nil {
			return fmt.Errorf("experiment: %w", err)
		}
	}
	if !slices.Contains(e.pictures, name) {
		e.pictures = append(e.pictures, name)
	}
	return nil
}

// Draw draws sets as panels of two pictures: NAME has the loss on the unseen examples, NAME-differences how far
// it lies above that of their baseline, the same for all, with the same seeds, which shows what the spread of seeds hides. What
// was not trained is left out.
func (e *Experiment) Draw(name, title string, sets ...*Set) error {
	for _, s := range sets {
		if s.Baseline != sets[0].Baseline {
			return fmt.Errorf("experiment: draw %s: the baseline of %q is %s, that of %q %s",
				name, sets[0].Name, sets[0].Baseline, s.Name, s.Baseline)
		}
	}
	losses, err := lossPanels(sets)
	if err != nil {
		return err
	}
	differences, err := differencePanels(sets)
	if err != nil {
		return err
	}
	if err := e.drawPanels(name, title, "unseen loss (nats per token)", losses); err != nil {
		return err
	}
	if len(differences) == 0 {
		return nil
	}
	return e.drawPanels(name+"-differences", title, "loss minus that of "+sets[0].Baseline+" (nats)", differences)
}

func (e *Experiment) drawPanels(name, title, yLabel string, panels []plot.Panel) error {
	if len(panels) == 0 {
		return nil
	}
	figure, err := drawn(panels, plot.Config{Title: title, YLabel: yLabel, Width: 6.4})
	if err != nil {
		return fmt.Errorf("experiment: draw %s: %w", name, err)
	}
	return e.Save(name, figure)
}

// drawn draws panels in two columns, and a single one as a figure of its own.
func drawn(panels []plot.Panel, cfg plot.Config) (*plot.Figure, error) {
	switch len(panels) {
	case 1:
		return plot.LossCurves(panels[0].Curves, cfg)
	case 2:
		cfg.Height = 3.4
	}
	return plot.Panels(panels, 2, cfg)
}

// lossPanels are a panel for each set that has arms: their bands under its name.
func lossPanels(sets []*Set) ([]plot.Panel, error) {
	var panels []plot.Panel
	for _, s := range sets {
		if len(s.Arms) == 0 {
			continue
		}
		bands, err := s.Bands()
		if err != nil {
			return nil, err
		}
		panels = append(panels, plot.Panel{Title: s.Name, Curves: bands})
	}
	return panels, nil
}

// differencePanels are a panel for each set that has the baseline and something else. The baseline itself is
// the line at 0.
func differencePanels(sets []*Set) ([]plot.Panel, error) {
	var panels []plot.Panel
	for _, s := range sets {
		differences, err := s.Differences()
		if err != nil {
			return nil, err
		}
		if len(differences) == 0 {
			continue
		}
		p := plot.Panel{Title: s.Name}
		for _, d := range differences {
			band, err := Band(d.Name, d.Curves)
			if err != nil {
				return nil, fmt.Errorf("experiment: set %q: %w", s.Name, err)
			}
			p.Curves = append(p.Curves, band)
		}
		at := slices.Index(s.Arms, s.arm(s.Baseline)) // where it has the colour that it has in other figures
		p.Curves = slices.Insert(p.Curves, at, zero(s.Baseline, p.Curves[0].Steps))
		panels = append(panels, p)
	}
	return panels, nil
}

// zero is a line at 0.
func zero(name string, steps []int) plot.Curve {
	return plot.Curve{Name: name, Steps: steps, Loss: make([]float64, len(steps))}
}
