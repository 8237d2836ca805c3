package term

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"golang.org/x/term"

	"kairos/repl"
	"kairos/repl/line"
)

// plain is the editor of terminals that cannot move their cursor, and of pipes: the lines of a cell are read one by one
// until they are complete. Not a single escape sequence is written.
type plain struct {
	Config
	isComplete func(ctx context.Context, src string) repl.Completeness
	interrupts *interrupts
	prompts    bool // somebody types
	lines      chan typed
	ask        chan struct{}
	waiting    bool // for a line that was asked for and did not come

	mu sync.Mutex // of Out
}

// typed is a line, or why there is none.
type typed struct {
	text string
	err  error
}

func newPlain(c Config, isComplete func(context.Context, string) repl.Completeness, i *interrupts) *plain {
	p := &plain{
		Config: c, isComplete: isComplete, interrupts: i, prompts: isTerminal(c.In),
		lines: make(chan typed, 1), ask: make(chan struct{}, 1),
	}
	go p.readLines()
	return p
}

// readLines reads a line whenever one is asked for, so that programs can have the input in between.
func (p *plain) readLines() {
	in := bufio.NewReader(p.In)
	for range p.ask {
		text, err := in.ReadString('\n')
		if err != nil && text != "" {
			err = nil // the last line need not end
		}
		p.lines <- typed{strings.TrimRight(text, "\r\n"), err}
	}
}

// readLine waits for a line, an interrupt or the end of ctx.
func (p *plain) readLine(ctx context.Context, prompt string) (string, error) {
	if p.prompts {
		p.Write([]byte(prompt))
	}
	if !p.waiting {
		p.ask <- struct{}{}
		p.waiting = true
	}
	interrupted := make(chan struct{}, 1)
	defer p.interrupts.hold(func() {
		select {
		case interrupted <- struct{}{}:
		default:
		}
	})()
	select {
	case l := <-p.lines:
		p.waiting = false
		return l.text, l.err
	case <-interrupted:
		p.Write([]byte("\n")) // after the ^C of the terminal
		return "", line.ErrCancelled
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Read reads the lines of a cell. A blank line ends one that can never be complete.
func (p *plain) Read(ctx context.Context, prompt line.Prompt, initial string) (string, error) {
	if initial != "" && p.prompts {
		p.Write([]byte(prompt.First + initial + "\n"))
	}
	src, next := initial, prompt.First
	if src != "" {
		next = prompt.More
	}
	for {
		text, err := p.readLine(ctx, next)
		if errors.Is(err, io.EOF) && src != "" {
			return src, nil
		}
		if err != nil {
			if errors.Is(err, io.EOF) && p.prompts {
				p.Write([]byte("\n"))
			}
			return "", err
		}
		if src += text; p.isWhole(ctx, src, text) {
			return src, nil
		}
		src, next = src+"\n", prompt.More
	}
}

func (p *plain) isWhole(ctx context.Context, src, last string) bool {
	if strings.TrimSpace(src) == "" {
		return true
	}
	switch p.isComplete(ctx, src).Status {
	case repl.Incomplete:
		return false
	case repl.Invalid:
		return !strings.Contains(src, "\n") || strings.TrimSpace(last) == ""
	}
	return true
}

// ReadLine reads a line for a cell. What is secret is not echoed, if In is a terminal.
func (p *plain) ReadLine(ctx context.Context, prompt string, secret bool) (string, error) {
	if !secret || !p.prompts || p.waiting {
		return p.readLine(ctx, prompt)
	}
	p.Write([]byte(prompt))
	text, err := term.ReadPassword(int(p.In.Fd()))
	p.Write([]byte("\n"))
	return string(text), err
}

// Write prints.
func (p *plain) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Out.Write(text)
}

// Size is that of the terminal.
func (p *plain) Size() (columns, rows int) {
	columns, rows, err := term.GetSize(int(p.Out.Fd()))
	if err != nil || columns < 1 {
		return 80, 24
	}
	return columns, rows
}

// Close implements editor. The line that is being read is not waited for.
func (p *plain) Close() error {
	close(p.ask)
	return nil
}
