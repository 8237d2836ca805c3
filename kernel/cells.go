package kernel

import (
	"fmt"
	"strings"
	"sync"

	"kairos/repl"
)

// cells is what is known of the cells that ran.
type cells struct {
	mu       sync.Mutex
	count    int            // those with a number
	sources  map[int]string // of the last ones
	current  *output        // of the cell that runs
	payloads []any          // for its reply
}

// keptSources is how many cells' source is kept, for the traces of panics.
const keptSources = 256

func (c *cells) begin(number int, src string, out *output) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sources == nil {
		c.sources = map[int]string{}
	}
	c.sources[number] = src
	delete(c.sources, number-keptSources)
	c.current, c.payloads = out, []any{}
}

// end returns the payloads of the cell that ran.
func (c *cells) end() []any {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = nil
	return c.payloads
}

// request returns the request of the cell that runs, or nil.
func (c *cells) request() *request {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		return nil
	}
	return c.current.request
}

// add adds a payload to the reply of the cell that runs.
func (c *cells) add(payload any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil {
		c.payloads = append(c.payloads, payload)
	}
}

// line returns a line of a cell.
func (c *cells) line(file string, line int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var number int
	if _, err := fmt.Sscanf(file, "cell[%d]", &number); err != nil {
		return ""
	}
	lines := strings.Split(c.sources[number], "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return lines[line-1]
}

// Page shows something long beside the notebook, when the cell that runs has ended.
func (k *Kernel) Page(b repl.Bundle) {
	k.cells.add(struct {
		Source string         `json:"source"`
		Data   map[string]any `json:"data"`
		Start  int            `json:"start"`
	}{"page", bundle(b), 0})
}

// Next puts text into the next cell, when the one that runs has ended.
func (k *Kernel) Next(src string) {
	k.cells.add(struct {
		Source  string `json:"source"`
		Text    string `json:"text"`
		Replace bool   `json:"replace"`
	}{"set_next_input", src, false})
}

// Leave asks the front end to end the session, when the cell that runs has ended.
func (k *Kernel) Leave() {
	k.cells.add(struct {
		Source string `json:"source"`
		Keep   bool   `json:"keepkernel"`
	}{"ask_exit", false})
}

// Clear removes what the cell that runs has shown; if wait, when it shows something else.
func (k *Kernel) Clear(wait bool) {
	k.cells.mu.Lock()
	out := k.cells.current
	k.cells.mu.Unlock()
	if out != nil {
		out.Clear(wait)
	}
}
