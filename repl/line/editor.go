package line

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/chzyer/readline"

	"kairos/repl/line/internal/keys"
	"kairos/repl/line/internal/paint"
)

// Editor reads texts from a terminal. Read and ReadLine are called one at a time; Write whenever there is something to print.
type Editor struct {
	config  Config
	tty     *tty
	decoder keys.Decoder
	queue   []keys.Key // typed and not used yet

	mu sync.Mutex // of what is on the screen
	screen
}

// New prepares an editor. The terminal's mode is changed by Read and ReadLine only, and only for as long as they last.
func New(c Config) (*Editor, error) {
	if c.In == nil {
		c.In = os.Stdin
	}
	if c.Out == nil {
		c.Out = os.Stdout
	}
	for _, f := range []*os.File{c.In, c.Out} {
		if !readline.IsTerminal(int(f.Fd())) {
			return nil, errors.New("line: " + f.Name() + " is not a terminal")
		}
	}
	t, err := openTTY(c.In, c.Out)
	if err != nil {
		return nil, err
	}
	return &Editor{config: c, tty: t, screen: screen{out: c.Out, painter: paint.Painter{Reflows: reflows(os.Getenv)}}}, nil
}

// Read reads a text of any number of lines that begins with an initial one. It returns io.EOF after Ctrl-D in an empty text,
// ErrCancelled after Ctrl-C, and the error of ctx, with what was typed so far, when ctx ends. Afterwards the cursor is at the
// start of the row below the text.
func (e *Editor) Read(ctx context.Context, p Prompt, initial string) (string, error) {
	s, err := e.read(ctx, newMachine(&e.config, initial), p)
	return strings.TrimRight(s, " \t\n"), err
}

// ReadLine reads one line, without history and colours; of a secret one nothing is shown. It begins in the row that Write
// did not end, if there is one.
func (e *Editor) ReadLine(ctx context.Context, prompt string, secret bool) (string, error) {
	plain := Config{Color: e.config.Color}
	m := newMachine(&plain, "")
	m.single, m.secret = true, secret
	return e.read(ctx, m, Prompt{First: e.continued(prompt)})
}

// continued is a prompt behind what the row has already. Lines before its last are written.
func (e *Editor) continued(prompt string) string {
	if i := strings.LastIndexByte(prompt, '\n'); i >= 0 {
		e.Write([]byte(prompt[:i+1]))
		prompt = prompt[i+1:]
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	columns, _ := e.tty.size()
	if e.tail == "" || paint.Cells(e.tail, "").Width() > columns/2 {
		return prompt
	}
	prompt = e.tail + prompt
	e.tail = ""
	io.WriteString(e.out, "\r\x1b[K")
	return prompt
}

// Size is that of the terminal, 80 by 24 if it does not say.
func (e *Editor) Size() (columns, rows int) { return e.tty.size() }

// Close gives the terminal back.
func (e *Editor) Close() error {
	e.tty.close()
	return nil
}

// begin takes the terminal and shows the text for the first time.
func (e *Editor) begin(m *machine, p Prompt) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.tty.raw(); err != nil {
		return errors.Join(errors.New("line: the terminal does not give its keys"), err)
	}
	e.queue = append(e.queue, e.decoder.Feed([]byte(e.tty.typedAhead()))...)
	e.machine, e.view = m, newView(p, m.Color)
	e.fresh(e.tty.size())
	e.paint()
	return nil
}

// end gives the terminal back. The frame has been left or erased.
func (e *Editor) end() {
	rest := e.tty.hush()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue = append(e.queue, e.decoder.Feed(rest)...)
	e.machine, e.view = nil, nil
	e.flush()
	e.tty.cooked()
}
