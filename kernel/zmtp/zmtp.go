// Package zmtp has the sockets that a Jupyter kernel binds, in the ZeroMQ Message Transport Protocol.
//
//	Socket   a bound ROUTER, XPUB or REP; Listen makes one
//	Message  the frames that make one message
//	Config   the kind of socket, and its limits
//
// It speaks ZMTP 3.1 and 3.0 (RFC 37 and 23 of ZeroMQ) over tcp and ipc, with the NULL mechanism. It leaves out what a
// kernel does not need: connecting, other sockets, older versions, security, resuming.
//
// No peer can hold up another. Each has a goroutine that reads, one that writes and a bounded queue between the socket
// and the latter; what does not fit is dropped, as ZeroMQ does. A peer that breaks the protocol loses its own connection.
// A connection is in conn.go, how it begins in handshake.go, bytes in frame.go, and which peer wants what in topics.go.
package zmtp

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// Message is a message's frames.
type Message [][]byte

// Type is the kind of a socket.
type Type string

const (
	// Router puts the identity of the peer before what it sent, and sends to the peer that the first frame names.
	Router Type = "ROUTER"
	// XPub sends to the peers that subscribed to what the first frame begins with. It receives nothing.
	XPub Type = "XPUB"
	// Rep is used as Router is: answers go to the peer that the first frame names, with the empty frame it sent.
	Rep Type = "REP"
)

// Config is the kind of a socket and its limits. Zero limits are the defaults.
type Config struct {
	Type Type
	// Handshake is how long a peer may take to introduce itself: 10 seconds.
	Handshake time.Duration
	// MaxMessage is the size of the largest message that is received: 1 GiB.
	MaxMessage int64
	// MaxFrames is how many frames a message may have: 65536.
	MaxFrames int
	// Queue is how many bytes may wait for a peer: 64 MiB. One message may always.
	Queue int64
	// MaxPeers is how many peers may be connected: 1024.
	MaxPeers int
	// Welcome makes the first message of an XPub to a peer that subscribed to a topic. Nil: none.
	Welcome func(topic []byte) Message
	// Log is told why a peer was disconnected. Nil: nobody is.
	Log func(err error)
}

func (c Config) withDefaults() Config {
	set(&c.Handshake, 10*time.Second)
	set(&c.MaxMessage, 1<<30)
	set(&c.MaxFrames, 1<<16)
	set(&c.Queue, 64<<20)
	set(&c.MaxPeers, 1024)
	if c.Log == nil {
		c.Log = func(error) {}
	}
	return c
}

func set[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// listen opens an endpoint: tcp://127.0.0.1:5555 or ipc:///run/socket.
func listen(endpoint string) (net.Listener, error) {
	transport, address, _ := strings.Cut(endpoint, "://")
	var l net.Listener
	var err error
	switch transport {
	case "tcp":
		l, err = net.Listen("tcp", address)
	case "ipc":
		l, err = listenFile(address)
	default:
		err = errors.New("the transport is neither tcp nor ipc")
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("it is in use by another process: choose another, or end that process (%w)", syscall.EADDRINUSE)
	}
	if err != nil {
		return nil, fmt.Errorf("zmtp: listen at %s: %w", endpoint, err)
	}
	return l, nil
}

// listenFile opens a socket in the file system that is for this user alone. It replaces one that nobody listens at.
func listenFile(path string) (net.Listener, error) {
	l, err := net.Listen("unix", path)
	if errors.Is(err, syscall.EADDRINUSE) && abandoned(path) {
		os.Remove(path)
		l, err = net.Listen("unix", path)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// abandoned tells whether a file is a socket of a process that is gone.
func abandoned(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Type() != os.ModeSocket {
		return false
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}
