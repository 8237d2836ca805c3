package worker

import (
	"context"
	"errors"
	"strings"
	"sync"

	"kairos/repl"
)

// keptOutputs is how many cells still get what the goroutines show that they left behind.
const keptOutputs = 64

// errDead is the answer to what was asked of a process that ended.
var errDead = errors.New("worker: the process ended")

// process is a worker process as the front sees it. It answers calls until it is dead.
type process struct {
	requests *sender
	queue    *queue
	front    func(repl.CommEvent) // takes what the session does with comms

	mu      sync.Mutex
	pid     int // while it can be signalled
	last    int // ID
	calls   map[int]*call
	cells   []*call         // the last evaluations
	current *call           // whose text is being printed
	ready   bool            // it could start
	over    bool            // it ended
	killed  bool            // by us
	stderr  tail            // since the current cell began
	comms   map[string]bool // open ones, by ID

	dead    chan struct{} // closed when what follows is known
	status  string
	head    string   // of the crash
	running bool     // a cell was being evaluated
	lost    []string // variables; kept by the session
}

func newProcess(turn *sync.Mutex, front func(repl.CommEvent)) *process {
	return &process{queue: newQueue(turn), front: front, calls: map[int]*call{}, comms: map[string]bool{}, dead: make(chan struct{})}
}

// call is a request that waits for its answer.
type call struct {
	id     int
	number int // of the cell
	ctx    context.Context
	out    repl.Output // nil unless it is an evaluation
	answer chan event  // holds one
}

// call sends a request.
func (p *process) call(ctx context.Context, r request, out repl.Output) *call {
	p.mu.Lock()
	p.last++
	r.ID = p.last
	c := &call{id: r.ID, number: r.Number, ctx: ctx, out: out, answer: make(chan event, 1)}
	if p.over {
		p.mu.Unlock()
		c.answer <- event{Err: errDead}
		return c
	}
	if out != nil {
		p.expect(c)
	}
	p.calls[c.id] = c
	p.mu.Unlock()
	p.send(r)
	return c
}

// expect remembers an evaluation that is about to be asked for. If no other is going on, its text can come at any time.
func (p *process) expect(c *call) {
	if len(p.cells) == keptOutputs {
		p.cells = p.cells[1:]
	}
	p.cells = append(p.cells, c)
	for _, other := range p.calls {
		if other.out != nil {
			return
		}
	}
	p.begin(c)
}

// begin has text be that of a cell from now on.
func (p *process) begin(c *call) {
	if p.current == c {
		return
	}
	p.current = c
	p.stderr = tail{}
	if s, ok := c.out.(repl.Starter); ok {
		p.queue.do(s.Start)
	}
}

// send sends a request that has no answer. It fails only when the process is about to be found dead.
func (p *process) send(r request) { p.requests.send(r) }

// print takes what the process printed. Before the first cell nobody wants it, unless the process cannot start.
func (p *process) print(stream string, text []byte) {
	p.mu.Lock()
	if stream == repl.Stderr {
		p.stderr.add(text)
	}
	current := p.current
	p.mu.Unlock()
	if current != nil {
		p.queue.print(current.out, stream, text)
	}
}

// handle takes an event, after all text printed before it.
func (p *process) handle(e event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Kind {
	case kindReady:
		p.ready = true
	case kindAnswer:
		p.answer(e)
	case kindFence:
		go p.send(request{ID: e.Seq, Op: opFenced})
	case kindComm:
		p.track(*e.Comm)
		p.queue.do(func() {
			p.front(*e.Comm)
			go p.send(request{ID: e.Seq, Op: opFenced})
		})
	default:
		p.show(e)
	}
}

// answer ends a call; an evaluation, when all it has shown was delivered.
func (p *process) answer(e event) {
	c := p.calls[e.ID]
	if c == nil {
		return
	}
	delete(p.calls, e.ID)
	if c.out == nil {
		c.answer <- e
		return
	}
	p.queue.do(func() { c.answer <- e })
}

// show has the output of a cell show something.
func (p *process) show(e event) {
	var c *call
	for _, cell := range p.cells {
		if cell.id == e.ID {
			c = cell
		}
	}
	switch {
	case c == nil:
	case e.Kind == kindStarted:
		p.begin(c)
	case e.Kind == kindInput:
		p.queue.do(func() { go p.ask(c, e) })
	case e.Kind == kindClear:
		if cl, ok := c.out.(repl.Clearer); ok {
			p.queue.do(func() { cl.Clear(e.Wait) })
		}
	case e.Display != nil:
		p.queue.do(func() { c.out.Display(*e.Display) })
	case e.Progress != nil:
		p.queue.do(func() { c.out.Progress(*e.Progress) })
	}
	if e.Seq != 0 && (e.Kind == kindShown || e.Kind == kindClear) {
		go p.send(request{ID: e.Seq, Op: opFenced})
	}
}

// ask asks the user.
func (p *process) ask(c *call, e event) {
	text, err := c.out.Input(c.ctx, e.Prompt, e.Secret)
	p.send(request{ID: e.Seq, Op: opInput, Text: text, Err: packed(err)})
}

// died is called when all that the process printed has been read. Text that belongs to a crash is part of the error, and
// not shown as if the cell had printed it.
func (p *process) died(status string) {
	p.mu.Lock()
	text := p.stderr.text
	if at := crashStart(text); at >= 0 {
		p.head = crashHead(text[at:])
		p.queue.cut(repl.Stderr, len(text)-at)
	} else if !p.ready {
		p.head = strings.TrimSpace(string(text))
	}
	p.status = status
	p.over = true
	calls := p.calls
	for _, c := range calls {
		p.running = p.running || c.out != nil
	}
	p.mu.Unlock()
	p.queue.close()
	<-p.queue.done
	p.closeComms()
	close(p.dead)
	for _, c := range calls {
		c.answer <- event{Err: errDead}
	}
}
