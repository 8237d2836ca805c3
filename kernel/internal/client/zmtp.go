// Package client is the other side of a kernel, for tests: just enough of ZMTP and of Jupyter's protocol, written apart
// from the packages that it tests.
//
//	Conn    a connection to one socket
//	Client  the connections of one Jupyter client, in jupyter.go
package client

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Timeout is how long a test waits for what has to come.
const Timeout = 20 * time.Second

// Conn is a connection that shook hands.
type Conn struct {
	net.Conn
	r *bufio.Reader
}

// Greeting is what a peer of version 3.1 sends first.
func Greeting() []byte {
	return []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL" + strings.Repeat("\x00", 48))
}

// Open opens a connection and says nothing.
func Open(endpoint string) (net.Conn, error) {
	transport, address, _ := strings.Cut(endpoint, "://")
	return net.Dial(map[string]string{"tcp": "tcp", "ipc": "unix"}[transport], address)
}

// Dial connects a socket of a kind, "DEALER", "SUB" or "REQ", with an identity that may be "".
func Dial(endpoint, kind, identity string) (*Conn, error) {
	c, err := Open(endpoint)
	if err != nil {
		return nil, err
	}
	conn := &Conn{c, bufio.NewReader(c)}
	c.Write(Greeting())
	conn.Command("READY", property("Socket-Type", kind)+property("Identity", identity))
	c.SetDeadline(time.Now().Add(Timeout))
	defer c.SetDeadline(time.Time{})
	if _, err := io.ReadFull(conn.r, make([]byte, 64)); err != nil {
		c.Close()
		return nil, fmt.Errorf("read the greeting: %w", err)
	}
	if flags, body, err := conn.Frame(); err != nil || flags&4 == 0 || !strings.HasPrefix(string(body), "\x05READY") {
		c.Close()
		return nil, fmt.Errorf("not READY: %d %q %v", flags, body, err)
	}
	return conn, nil
}

func property(name, value string) string {
	size := binary.BigEndian.AppendUint32(nil, uint32(len(value)))
	return string(rune(len(name))) + name + string(size) + value
}

// Command sends a command.
func (c *Conn) Command(name, body string) error {
	return c.Raw(4, string(rune(len(name)))+name+body)
}

// Raw sends a frame with the given flags.
func (c *Conn) Raw(flags byte, body string) error {
	head := []byte{flags, byte(len(body))}
	if len(body) > 255 {
		head = binary.BigEndian.AppendUint64([]byte{flags | 2}, uint64(len(body)))
	}
	_, err := c.Write(append(head, body...))
	return err
}

// Send sends a message.
func (c *Conn) Send(frames ...string) error {
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = 1
		}
		if err := c.Raw(flags, f); err != nil {
			return err
		}
	}
	return nil
}

// Frame reads a frame.
func (c *Conn) Frame() (flags byte, body []byte, err error) {
	if flags, err = c.r.ReadByte(); err != nil {
		return 0, nil, err
	}
	length := make([]byte, 8)
	n := 1
	if flags&2 != 0 {
		n = 8
	}
	if _, err = io.ReadFull(c.r, length[8-n:]); err != nil {
		return 0, nil, err
	}
	body = make([]byte, binary.BigEndian.Uint64(length))
	_, err = io.ReadFull(c.r, body)
	return flags, body, err
}

// Recv reads a message, and passes over commands.
func (c *Conn) Recv(timeout time.Duration) ([]string, error) {
	c.SetReadDeadline(time.Now().Add(timeout))
	var m []string
	for {
		flags, body, err := c.Frame()
		if err != nil {
			return m, err
		}
		if flags&4 != 0 {
			continue
		}
		if m = append(m, string(body)); flags&1 == 0 {
			return m, nil
		}
	}
}
