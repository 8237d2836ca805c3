// Package kernel makes a session that evaluates cells a Jupyter kernel.
//
//	Listen      binds the sockets of a connection file
//	Kernel      serves a repl.Session at them until it is asked to stop, or is left alone
//	Config      what it is told
//	Connection  what is in a connection file
//	History     what answers requests for earlier cells
//	Comms       channels between programs in the front end and here; those of cells are joined to them (comm_cells.go)
//
// Table.go lists every type of request with what answers it and in which order; dispatch.go brackets each answer with the
// states busy and idle. Cells run one after the other (queue.go). What only looks at the session is answered beside them,
// and what comes on the control socket at once. What cells show goes to everybody in the order in which it was shown
// (iopub.go, output.go). The sockets are of package zmtp, the messages of package wire.
//
// Whatever a client sends, the kernel stays: a message that cannot be read or is not signed is logged and dropped.
package kernel

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"kairos/kernel/wire"
	"kairos/kernel/zmtp"
	"kairos/repl"
)

// Config is what a kernel is told. Only the connection has to be given.
type Config struct {
	Connection Connection
	// Remote allows addresses other than those of this machine. Whoever reaches the ports and knows the key can do here
	// what the user can.
	Remote bool
	// History answers requests for earlier cells. Nil: there are none.
	History History
	Banner  string // shown by consoles
	Version string // of the implementation; "" for 0
	Links   []Link // for the help menu
	// Parent is the process that started this one: the kernel ends with it. 0: what JPY_PARENT_PID says; below 0: none.
	Parent int
	// Log is told about messages that were dropped and the like. Nil: standard error.
	Log *log.Logger
}

// Link is an entry of a help menu.
type Link struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Kernel is a kernel. Make one with Listen.
type Kernel struct {
	cfg     Config
	session repl.Session
	sockets sockets
	codec   *wire.Codec
	source  *wire.Source
	iopub   *iopub
	states  states
	table   map[string]entry
	queue   *queue // of what runs one after the other
	aside   *queue // of what does not wait for it
	cells   cells
	shown   shown
	inputs  inputs
	comms   Comms

	signals chan os.Signal
	quit    chan struct{} // closed when the kernel is to end
	once    sync.Once
}

// The kernel waits so long for a cell to end when it is about to end itself, and for clients to take what is for them.
const (
	cellGrace = 300 * time.Millisecond
	linger    = 3 * time.Second
)

// Listen binds the sockets of a connection. From now on an interrupt signal does not end the process: it is for the cell.
func Listen(cfg Config) (*Kernel, error) {
	if cfg.Log == nil {
		cfg.Log = log.New(os.Stderr, "kairos kernel: ", log.LstdFlags)
	}
	cfg.Version = cmp.Or(cfg.Version, "0")
	if err := cfg.Connection.check(cfg.Remote); err != nil {
		return nil, err
	}
	k := &Kernel{
		cfg: cfg, codec: wire.NewCodec([]byte(cfg.Connection.Key)), source: wire.NewSource("kairos"),
		table: table(), queue: newQueue(), aside: newQueue(),
		signals: make(chan os.Signal, 4), quit: make(chan struct{}),
	}
	k.iopub = newIOPub(k)
	k.states.publish = k.publishState
	k.comms.kernel = k
	if err := k.sockets.bind(&k.cfg.Connection, k.welcome, k.logError); err != nil {
		return nil, fmt.Errorf("kernel: %w", err)
	}
	k.iopub.socket = k.sockets.iopub
	signal.Notify(k.signals, os.Interrupt, syscall.SIGTERM)
	return k, nil
}

// Connection is what the sockets are bound to: with ports, where there were none.
func (k *Kernel) Connection() Connection { return k.cfg.Connection }

// Comms are the channels to programs in front ends.
func (k *Kernel) Comms() *Comms { return &k.comms }

// Serve answers requests until a client asks to shut down, ctx ends, the process is told to or its parent is gone. Then it
// closes the session.
func (k *Kernel) Serve(ctx context.Context, session repl.Session) error {
	k.session = session
	k.comms.connect(session)
	k.publishState("starting", nil)
	var readers, workers sync.WaitGroup
	readers.Go(func() { k.receive(k.sockets.shell, onShell) })
	readers.Go(func() { k.receive(k.sockets.control, onControl) })
	readers.Go(func() { k.receive(k.sockets.stdin, onStdin) })
	readers.Go(func() { echo(k.sockets.heartbeat) })
	workers.Go(func() { k.work(k.queue) })
	workers.Go(func() { k.work(k.aside) })
	k.wait(ctx)
	signal.Stop(k.signals)
	k.end(&workers)
	err := session.Close()
	readers.Wait()
	return err
}

// wait waits until the kernel is to end, and meanwhile passes signals on.
func (k *Kernel) wait(ctx context.Context) {
	orphaned := make(chan struct{})
	if watch := newParent(k.cfg.Parent, os.Getenv("JPY_PARENT_PID")); watch != nil {
		go watch.wait(k.quit, func() {
			k.logf("the process %d that started this kernel is gone", watch.pid)
			close(orphaned)
		})
	}
	for {
		select {
		case s := <-k.signals:
			if s != os.Interrupt {
				k.stop()
				return
			}
			k.Interrupt()
		case <-orphaned:
			k.stop()
			return
		case <-ctx.Done():
			k.stop()
			return
		case <-k.quit:
			return
		}
	}
}

// end lets a cell end, and sends what is still to be sent.
func (k *Kernel) end(workers *sync.WaitGroup) {
	k.Interrupt()
	k.queue.close()
	k.aside.close()
	done := make(chan struct{})
	go func() {
		workers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(cellGrace):
	}
	k.iopub.flush()
	k.sockets.close(linger)
}

// stop has Serve return.
func (k *Kernel) stop() { k.once.Do(func() { close(k.quit) }) }

// Interrupt interrupts the cell that runs and drops those that wait.
func (k *Kernel) Interrupt() {
	k.queue.interrupt()
}

// echo answers the heartbeat.
func echo(s *zmtp.Socket) {
	for m := range s.In() {
		s.Send(m)
	}
}

func (k *Kernel) logf(format string, args ...any) { k.cfg.Log.Printf(format, args...) }

func (k *Kernel) logError(err error) { k.cfg.Log.Print(err) }
