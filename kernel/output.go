package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"kairos/repl"
)

// output is what a cell shows. It stays in use when the cell left goroutines behind.
type output struct {
	kernel     *Kernel
	request    *request
	silent     bool
	allowStdin bool

	mu       sync.Mutex
	bars     map[string]*bar
	displays map[string]bool // shown here, by the session's ID
}

// A program clears a terminal with clearScreen, and goes to its beginning with home, before that or after it.
const (
	clearScreen = "\x1b[2J"
	home        = "\x1b[H"
)

// Stream implements repl.Output. What would clear a terminal clears what the cell has shown.
func (o *output) Stream(name, text string) {
	if at := strings.LastIndex(text, clearScreen); at >= 0 {
		text = strings.TrimPrefix(text[at+len(clearScreen):], home)
		o.Clear(text != "")
	}
	if !o.silent && text != "" {
		o.kernel.iopub.stream(o.request, name, text)
	}
}

// display is the content of display_data and of what updates it.
type display struct {
	Data      map[string]any             `json:"data"`
	Metadata  map[string]json.RawMessage `json:"metadata"`
	Transient transient                  `json:"transient"`
}

type transient struct {
	ID string `json:"display_id,omitempty"`
}

// Display implements repl.Output.
func (o *output) Display(d repl.Display) {
	if o.silent {
		return
	}
	id, known := o.kernel.shown.id(o.kernel, d)
	update := d.Update && known
	if !update {
		o.note(d.ID)
	}
	o.show(update, display{bundle(d.Data), metadata(d.Data, d.Meta), transient{id}})
}

// note remembers what Clear removes.
func (o *output) note(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.displays == nil {
		o.displays = map[string]bool{}
	}
	o.displays[id] = true
}

func (o *output) show(update bool, d display) {
	kind := "display_data"
	if update {
		kind = "update_display_data"
	}
	o.kernel.iopub.publish(kind, o.request, d)
}

// Clear implements repl.Clearer. Displays and bars that are updated afterwards are shown anew.
func (o *output) Clear(wait bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, b := range o.bars {
		b.drawn = time.Time{}
	}
	o.kernel.shown.forget(o.displays)
	o.displays = nil
	if !o.silent {
		o.kernel.iopub.publish("clear_output", o.request, struct {
			Wait bool `json:"wait"`
		}{wait})
	}
}

// Input implements repl.Output.
func (o *output) Input(ctx context.Context, prompt string, secret bool) (string, error) {
	if !o.allowStdin {
		return "", errors.New("the front end that sent this cell cannot be asked for input")
	}
	o.kernel.iopub.flush()
	return o.kernel.ask(ctx, o.request, prompt, secret)
}

// end shows what was held back.
func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, b := range o.bars {
		b.show()
	}
	o.kernel.iopub.flush()
	o.kernel.iopub.tidy()
}

// keptShown is how many displays can still be updated.
const keptShown = 4096

// shown gives what is shown IDs of its own: those of a session are used again after a restart, while what had them before
// is still in the notebook.
type shown struct {
	mu    sync.Mutex
	last  int
	ids   map[string]string
	order []string
}

// id returns the ID for a display, and whether it was shown before.
func (s *shown) id(k *Kernel, d repl.Display) (id string, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, known = s.ids[d.ID]; known && d.Update {
		return id, true
	}
	if s.ids == nil {
		s.ids = map[string]string{}
	}
	s.last++
	id = fmt.Sprintf("%s-%d", k.source.Session(), s.last)
	if !known {
		s.order = append(s.order, d.ID)
	}
	s.ids[d.ID] = id
	if len(s.order) > keptShown {
		delete(s.ids, s.order[0])
		s.order = s.order[1:]
	}
	return id, false
}

// forget has displays be shown anew when they are updated.
func (s *shown) forget(ids map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range ids {
		delete(s.ids, id)
	}
	s.order = slices.DeleteFunc(s.order, func(id string) bool { return ids[id] })
}

// newID is an ID for something shown that no session has named.
func (s *shown) newID(k *Kernel) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	return fmt.Sprintf("%s-%d", k.source.Session(), s.last)
}
