package zmtp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// farewell is how long a peer that got everything may take to hang up too.
const farewell = 250 * time.Millisecond

// bufferSize is that of what is read and written at once.
const bufferSize = 64 << 10

// peer is a connection.
type peer struct {
	socket   *Socket
	conn     net.Conn
	in       decoder
	out      queue
	topics   topics
	identity string
	entered  bool // the handshake is over; guarded by the socket

	deadline sync.Mutex // guards last
	last     time.Time  // when the connection ends at the latest; zero while the socket is open
}

func newPeer(s *Socket, conn net.Conn) *peer {
	p := &peer{socket: s, conn: conn}
	p.in = decoder{bufio.NewReaderSize(conn, bufferSize), s.cfg.MaxMessage, s.cfg.MaxFrames}
	p.out.max, p.out.wake = s.cfg.Queue, make(chan struct{}, 1)
	return p
}

// read reads until the connection ends, whoever ends it.
func (p *peer) read() {
	defer p.socket.leave(p)
	defer p.abort()
	p.setDeadline(time.Now().Add(p.socket.cfg.Handshake))
	identity, err := shakeHands(p.conn, &p.in, p.socket.cfg.Type)
	if err == nil {
		p.setDeadline(time.Time{})
		if !p.socket.enter(p, identity) {
			return
		}
		err = p.receive()
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && !p.ending() {
		p.socket.cfg.Log(fmt.Errorf("zmtp: peer %s at %s is disconnected: %w", p.conn.RemoteAddr(), p.socket.endpoint, err))
	}
}

// receive handles what the peer sends.
func (p *peer) receive() error {
	for {
		m, c, err := p.in.next()
		switch {
		case err != nil:
			return err
		case c != nil:
			err = p.obey(c)
		case p.socket.cfg.Type == XPub:
			err = p.subscribe(m)
		case !p.deliver(m):
			_, err = io.Copy(io.Discard, p.in.r) // until the peer has all that is for it
		}
		if err != nil {
			return err
		}
	}
}

// deliver hands a message to the socket's user. It reports false when there is none any more.
func (p *peer) deliver(m Message) bool {
	select {
	case p.socket.in <- append(Message{[]byte(p.identity)}, m...):
		return true
	case <-p.socket.stop:
		return false
	}
}

// obey handles a command. Unknown ones mean nothing.
func (p *peer) obey(c *command) error {
	switch c.name {
	case "PING": // two bytes of time to live, then what the PONG has to repeat
		if len(c.body) < 2 {
			return errCommand
		}
		p.out.command(command{"PONG", c.body[2:]})
	case "SUBSCRIBE":
		return p.add(c.body)
	case "CANCEL":
		p.topics.remove(c.body)
	case "ERROR":
		return fmt.Errorf("the peer says ERROR %q", c.body)
	}
	return nil
}

// subscribe handles a message to an XPub: a subscription in the manner of ZMTP 3.0, or else nothing.
func (p *peer) subscribe(m Message) error {
	if len(m) != 1 || len(m[0]) == 0 {
		return nil
	}
	switch topic := m[0][1:]; m[0][0] {
	case 1:
		return p.add(topic)
	case 0:
		p.topics.remove(topic)
	}
	return nil
}

// add subscribes the peer to a topic, and welcomes it before it can get anything else of that topic.
func (p *peer) add(topic []byte) error {
	welcome := p.socket.cfg.Welcome
	if welcome != nil {
		p.out.put(welcome(topic))
	}
	return p.topics.add(topic)
}

// write writes what is queued until the connection ends or, when the socket is closed, all was written.
func (p *peer) write() {
	w := bufio.NewWriterSize(p.conn, bufferSize)
	for {
		m, c, ok := p.out.next()
		if !ok {
			break
		}
		var err error
		switch {
		case c != nil:
			err = writeFrame(w, flagCommand, c.encode())
		case m != nil:
			err = writeMessage(w, m)
		default:
			err = w.Flush()
			p.out.wait()
		}
		if err != nil {
			p.abort()
			return
		}
	}
	w.Flush()
	p.hangUp()
}

// hangUp tells the peer that nothing follows. The connection is closed when the peer has read all and closes it too:
// otherwise what is still on its way could be lost.
func (p *peer) hangUp() {
	if c, ok := p.conn.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
	p.deadline.Lock()
	defer p.deadline.Unlock()
	if end := time.Now().Add(farewell); end.Before(p.last) {
		p.conn.SetReadDeadline(end)
	}
}

// finish has the connection end when all was written, or at the deadline.
func (p *peer) finish(deadline time.Time) {
	if !p.entered {
		p.abort()
		return
	}
	p.deadline.Lock()
	defer p.deadline.Unlock()
	p.last = deadline
	p.conn.SetDeadline(deadline)
	p.out.close()
}

func (p *peer) ending() bool {
	p.deadline.Lock()
	defer p.deadline.Unlock()
	return !p.last.IsZero()
}

// abort ends the connection.
func (p *peer) abort() {
	p.out.abort()
	p.conn.Close()
}

// setDeadline sets a deadline for the handshake, unless the connection is about to end.
func (p *peer) setDeadline(t time.Time) {
	p.deadline.Lock()
	defer p.deadline.Unlock()
	if p.last.IsZero() {
		p.conn.SetDeadline(t)
	}
}
