package term

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"kairos/repl/highlight"
)

// interrupts are the signals of the process: an interrupt goes to whoever holds them, others end the session.
type interrupts struct {
	signals chan os.Signal

	mu      sync.Mutex
	holders []*func()
	passed  int // on to others, by this process, which hears of them, too
}

func listen(end context.CancelCauseFunc, restore func()) *interrupts {
	i := &interrupts{signals: make(chan os.Signal, 8)}
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		defer restore()
		for sig := range i.signals {
			if sig != os.Interrupt {
				end(&Killed{sig})
				continue
			}
			i.tell()
		}
	}()
	return i
}

func (i *interrupts) tell() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.passed > 0 {
		i.passed--
		return
	}
	if n := len(i.holders); n > 0 {
		(*i.holders[n-1])()
	}
}

// pass interrupts the programs that have the terminal.
func (i *interrupts) pass() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.passed++
	interruptForeground()
}

// hold has interrupts call f, which should return soon, until they are released.
func (i *interrupts) hold(f func()) (release func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	holder := &f
	i.holders = append(i.holders, holder)
	return func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		for n, h := range i.holders {
			if h == holder {
				i.holders = append(i.holders[:n:n], i.holders[n+1:]...)
				return
			}
		}
	}
}

func (i *interrupts) close() {
	signal.Stop(i.signals)
	close(i.signals)
}

// again is how soon an interrupt has to follow the one before to be taken for its repetition.
const again = 3 * time.Second

// patience counts the interrupts of a cell that does not end.
type patience struct {
	mu       sync.Mutex
	asked    bool      // the cell to end
	offered  time.Time // a restart
	renewed  bool      // the session was restarted
	watching *time.Timer
}

func (p *patience) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.offered, p.renewed = false, time.Time{}, false
}

// done ends the counting for a cell that has ended, and tells whether the session was restarted.
func (p *patience) done() (renewed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watching != nil {
		p.watching.Stop()
	}
	return p.renewed
}

// offer reports whether a restart was offered just before, so that this is the answer.
func (p *patience) offer(now time.Time) (accepted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.offered) < again {
		p.offered, p.renewed = time.Time{}, true
		return true
	}
	p.offered = now
	return false
}

// first reports whether the cell was not asked to end yet.
func (p *patience) first(remind func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked {
		return false
	}
	p.asked = true
	p.watching = time.AfterFunc(remindAfter, remind)
	return true
}

// remindAfter is how long after an interrupt the user is told what it waits for.
const remindAfter = 700 * time.Millisecond

// interrupted takes an interrupt while a cell runs: the first ends the cell, the next ones offer a restart and do it.
func (t *terminal) interrupted(cancel func()) {
	t.screen.echoed()
	if t.patience.first(t.remind) {
		cancel()
		return
	}
	if !t.patience.offer(time.Now()) {
		t.say(offerText)
		return
	}
	go t.restart()
}

const offerText = "Press Ctrl-C again to restart the session and lose its variables."

func (t *terminal) remind() {
	defer t.restore()
	t.say("The cell is in a call that cannot be interrupted. Press Ctrl-C for a restart.")
}

// say prints a line of ours among what cells print.
func (t *terminal) say(text string) {
	t.screen.print(t.look.paint(highlight.Warning, text) + "\n")
}

func (t *terminal) restart() {
	defer t.restore()
	if err := t.Session.Restart(); err != nil {
		t.screen.print(t.style.Error(err) + "\n")
		return
	}
	t.say("The session was restarted. All variables are lost.")
}

// cancelled takes Ctrl-C at the prompt: while a cell is pending, two in a row restart the session.
func (t *terminal) cancelled() {
	if t.pending == 0 {
		return
	}
	if !t.patience.offer(time.Now()) {
		t.say(offerText)
		return
	}
	t.restart()
	t.screen.print("\n")
	t.number, t.pending = 1, 0
}
