package line

import (
	"context"
	"io"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"

	"kairos/repl"
	"kairos/repl/line/internal/keys"
)

const (
	escapeWait = 50 * time.Millisecond // after it, ESC is the key Esc
	pasteWait  = 2 * time.Second       // after it, a paste that did not end has ended
	answerWait = 50 * time.Millisecond // keys wait so long for candidates
	hintWait   = 30 * time.Millisecond // after the last key, before the call at the cursor is looked up
)

// reading is one Read at work: it waits for keys, signals and answers, and lets the machine do what they say.
type reading struct {
	*Editor
	ctx     context.Context
	signals chan os.Signal
	answers chan func() // late ones; run with the lock
	asked   int         // grows with each key: answers to what was asked before are late
	forget  context.CancelFunc
	hinting <-chan time.Time
	hinted  place
}

// place is a cursor in a text.
type place struct {
	text string
	pos  int
}

func (e *Editor) read(ctx context.Context, m *machine, p Prompt) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := e.begin(m, p); err != nil {
		return "", err
	}
	r := &reading{Editor: e, ctx: ctx, signals: make(chan os.Signal, 4), answers: make(chan func()), forget: func() {}}
	signal.Notify(r.signals, unix.SIGWINCH, unix.SIGCONT)
	defer signal.Stop(r.signals)
	e.tty.listen()
	defer e.end()
	return r.run()
}

func (r *reading) run() (string, error) {
	for {
		if done, err := r.keys(); done {
			return r.machine.Text(), err
		}
		var late <-chan time.Time
		switch {
		case r.decoder.Pasting():
			late = time.After(pasteWait)
		case r.decoder.Pending():
			late = time.After(escapeWait)
		}
		select {
		case chunk, ok := <-r.tty.chunks:
			if !ok {
				return r.give(io.EOF)
			}
			r.queue = append(r.queue, r.decoder.Feed(chunk)...)
		case <-late:
			r.queue = append(r.queue, r.decoder.Flush()...)
		case s := <-r.signals:
			r.signal(s)
		case answer := <-r.answers:
			r.locked(answer)
		case <-r.hinting:
			r.hinting = nil
			r.askSignature()
		case <-r.ctx.Done():
			return r.give(r.ctx.Err())
		}
	}
}

// locked changes what is on the screen.
func (r *reading) locked(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	do()
	r.paint()
}

// give ends without the user.
func (r *reading) give(err error) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.painter.Erase()
	return r.machine.Text(), err
}

// keys uses up the keys that are there, up to one that ends the text. The screen is painted once.
func (r *reading) keys() (done bool, err error) {
	if len(r.queue) == 0 {
		return false, nil
	}
	for len(r.queue) > 0 && !done {
		k := r.queue[0]
		r.queue = r.queue[1:]
		done, err = r.key(k)
	}
	if !done {
		r.locked(r.watch)
	}
	return done, err
}

func (r *reading) key(k keys.Key) (done bool, err error) {
	r.asked++
	r.forget()
	r.mu.Lock()
	a := r.machine.key(k, len(r.queue) > 0)
	r.mu.Unlock()
	switch a {
	case accept:
		return true, r.finishWith("", nil)
	case cancel:
		return true, r.finishWith("^C", ErrCancelled)
	case leave:
		return true, r.finishWith("", io.EOF)
	case clearScreen:
		r.locked(func() { r.painter.Raw("\x1b[H\x1b[2J") })
	case suspend:
		r.suspend()
	case external:
		r.external()
	case complete:
		r.askCandidates()
	}
	return false, nil
}

func (r *reading) finishWith(mark string, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finish(mark)
	if rest := r.machine.rest; rest != "" {
		r.queue = append([]keys.Key{{Code: keys.Paste, Text: rest}}, r.queue...)
	}
	return err
}

// watch looks up the call at the cursor when the text or the cursor has changed and the user pauses.
func (r *reading) watch() {
	m := r.machine
	now := place{m.Text(), m.Pos()}
	if r.hinted == now || m.Signature == nil {
		return
	}
	r.hinted, r.hinting = now, time.After(hintWait)
	if !m.inCall() {
		m.hint, r.hinting = "", nil
	}
}

func (r *reading) askSignature() {
	ctx, asked, at := r.question()
	go func() {
		hint := r.config.Signature(ctx, at.text, at.pos)
		r.answer(ctx, func() {
			if r.asked == asked {
				r.machine.hint = hint
			}
		})
	}()
}

// askCandidates waits a little for candidates: then keys typed ahead find them there. Later ones come when they come, unless
// other keys were faster.
func (r *reading) askCandidates() {
	ctx, asked, at := r.question()
	filter := r.machine.menu != nil
	answer := make(chan repl.Completion, 1)
	go func() {
		if c, err := r.config.Complete(ctx, at.text, at.pos); err == nil {
			answer <- c
		} else {
			answer <- repl.Completion{}
		}
	}()
	use := func(c repl.Completion) { r.machine.completed(c, filter) }
	select {
	case c := <-answer:
		r.mu.Lock()
		use(c)
		r.mu.Unlock()
	case <-time.After(answerWait):
		go func() {
			c := <-answer
			r.answer(ctx, func() {
				if r.asked == asked {
					use(c)
				}
			})
		}()
	}
}

// question is what is asked about now, and until when.
func (r *reading) question() (context.Context, int, place) {
	ctx, cancel := context.WithCancel(r.ctx)
	r.forget = cancel
	return ctx, r.asked, place{r.machine.Text(), r.machine.Pos()}
}

func (r *reading) answer(ctx context.Context, do func()) {
	select {
	case r.answers <- do:
	case <-ctx.Done():
	}
}

func (r *reading) signal(s os.Signal) {
	if s == unix.SIGCONT { // stopped by somebody else; the shell has changed the terminal's mode meanwhile
		r.resume()
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.resize(r.tty.size())
}
