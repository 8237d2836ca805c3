package zmtp

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Socket is a bound socket. Its methods may be called by several goroutines.
type Socket struct {
	cfg      Config
	endpoint string
	listener net.Listener
	in       chan Message
	stop     chan struct{} // closed by Close
	readers  sync.WaitGroup
	writers  sync.WaitGroup

	mu     sync.Mutex
	peers  map[*peer]bool   // also those whose handshake goes on
	routes map[string]*peer // by identity
	last   uint32           // identity given to a peer that had none
	closed bool
}

// Listen binds a socket to an endpoint: tcp://127.0.0.1:5555, or ipc:///run/socket. Port 0 is any that is free.
func Listen(endpoint string, cfg Config) (*Socket, error) {
	if peersOf(cfg.Type) == nil {
		return nil, fmt.Errorf("zmtp: listen at %s: there is no socket %q", endpoint, cfg.Type)
	}
	l, err := listen(endpoint)
	if err != nil {
		return nil, err
	}
	s := &Socket{
		cfg: cfg.withDefaults(), endpoint: endpoint, listener: l,
		in: make(chan Message, 64), stop: make(chan struct{}),
		peers: map[*peer]bool{}, routes: map[string]*peer{},
	}
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		s.endpoint = "tcp://" + a.String()
	}
	s.readers.Go(s.accept)
	return s, nil
}

// Endpoint is what the socket is bound to.
func (s *Socket) Endpoint() string { return s.endpoint }

// Port is the port of a socket bound with tcp, and otherwise 0.
func (s *Socket) Port() int {
	if a, ok := s.listener.Addr().(*net.TCPAddr); ok {
		return a.Port
	}
	return 0
}

// In is where messages arrive. It is closed with the socket.
func (s *Socket) In() <-chan Message { return s.in }

// accept lets peers in until the socket is closed.
func (s *Socket) accept() {
	for {
		conn, err := s.listener.Accept()
		if err == nil {
			s.add(conn)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		s.cfg.Log(fmt.Errorf("zmtp: accept at %s: %w", s.endpoint, err))
		select {
		case <-s.stop:
			return
		case <-time.After(50 * time.Millisecond): // files may be short
		}
	}
}

// add begins to talk to a peer.
func (s *Socket) add(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.peers) >= s.cfg.MaxPeers {
		conn.Close()
		return
	}
	p := newPeer(s, conn)
	s.peers[p] = true
	s.readers.Go(p.read)
}

// enter makes a peer known under its identity, and starts to write to it. A peer with the identity of another takes its
// place: it may have come back before the end of its first connection was noticed.
func (s *Socket) enter(p *peer, identity string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	if identity == "" {
		s.last++
		identity = string([]byte{0, byte(s.last >> 24), byte(s.last >> 16), byte(s.last >> 8), byte(s.last)})
	}
	p.identity, p.entered = identity, true
	if before := s.routes[identity]; before != nil {
		before.abort()
	}
	s.routes[identity] = p
	s.writers.Go(p.write)
	return true
}

// leave forgets a peer.
func (s *Socket) leave(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.peers, p)
	if s.routes[p.identity] == p {
		delete(s.routes, p.identity)
	}
}

// Send queues a message, and returns how many peers will get it: at most one, unless the socket is an XPub. The frames
// must not be changed afterwards.
func (s *Socket) Send(m Message) (peers int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(m) == 0 || s.closed {
		return 0
	}
	if s.cfg.Type != XPub {
		if p := s.routes[string(m[0])]; p != nil && len(m) > 1 && p.out.put(m[1:]) {
			return 1
		}
		return 0
	}
	for _, p := range s.routes {
		if p.topics.want(m[0]) && p.out.put(m) {
			peers++
		}
	}
	return peers
}

// Connected tells whether there is a peer with an identity.
func (s *Socket) Connected(identity []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.routes[string(identity)] != nil
}

// Drain waits until no more than limit bytes are queued for any peer. It does not wait for one that took nothing for while.
func (s *Socket) Drain(limit int64, while time.Duration) {
	for s.behind(limit, while) {
		select {
		case <-s.stop:
			return
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func (s *Socket) behind(limit int64, while time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.routes {
		if p.out.behind(limit, while) {
			return true
		}
	}
	return false
}

// Close closes the socket when what is queued has been written, but not later than linger from now.
func (s *Socket) Close(linger time.Duration) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.stop)
	err := s.listener.Close()
	deadline := time.Now().Add(linger)
	for p := range s.peers {
		p.finish(deadline)
	}
	s.mu.Unlock()
	s.writers.Wait()
	s.readers.Wait()
	close(s.in)
	return err
}
