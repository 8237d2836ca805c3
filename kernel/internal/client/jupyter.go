package client

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Message is a message as it came.
type Message struct {
	Topic    string // or identity
	Header   Header
	Parent   Header
	Metadata map[string]any
	Content  map[string]any
	Buffers  []string
}

// Header is a header.
type Header struct {
	ID      string `json:"msg_id"`
	Session string `json:"session"`
	Date    string `json:"date"`
	Type    string `json:"msg_type"`
	Version string `json:"version"`
}

// Client is a client of a kernel.
type Client struct {
	Session                             string
	Shell, Control, Stdin, IOPub, Heart *Conn
	Key                                 string
	pending                             []Message // published, and not yet asked for
	Now                                 func() time.Time
}

// Endpoints are where a kernel is, and its key.
type Endpoints struct{ Shell, Control, Stdin, IOPub, Heartbeat, Key string }

// Connect connects a client to all sockets, and waits until it is welcomed.
func Connect(e Endpoints) (*Client, error) {
	c := &Client{Session: rand.Text(), Key: e.Key, Now: time.Now}
	for _, s := range []struct {
		conn           **Conn
		endpoint, kind string
	}{
		{&c.IOPub, e.IOPub, "SUB"}, {&c.Stdin, e.Stdin, "DEALER"}, {&c.Control, e.Control, "DEALER"},
		{&c.Shell, e.Shell, "DEALER"}, {&c.Heart, e.Heartbeat, "REQ"},
	} {
		conn, err := Dial(s.endpoint, s.kind, c.Session)
		if err != nil {
			c.Close()
			return nil, fmt.Errorf("connect to %s: %w", s.endpoint, err)
		}
		*s.conn = conn
	}
	c.IOPub.Send("\x01")
	m, err := c.Published(Timeout)
	if err == nil && m.Header.Type != "iopub_welcome" {
		err = fmt.Errorf("got %s instead of a welcome", m.Header.Type)
	}
	return c, err
}

// Close closes all connections.
func (c *Client) Close() {
	for _, conn := range []*Conn{c.Shell, c.Control, c.Stdin, c.IOPub, c.Heart} {
		if conn != nil {
			conn.Close()
		}
	}
}

// Frames are a request's, as they are sent, and its ID.
func (c *Client) Frames(kind string, parent Header, content any, buffers ...string) (frames []string, id string) {
	h := map[string]any{
		"msg_id": rand.Text(), "session": c.Session, "username": "test", "date": c.Now().UTC().Format(time.RFC3339Nano),
		"msg_type": kind, "version": "5.4", "extra": []int{1},
	}
	body := []string{encode(h), "{}", "{}", encode(content)}
	if parent.ID != "" {
		body[1] = encode(parent)
	}
	frames = append([]string{"<IDS|MSG>", c.sign(body)}, body...)
	return append(frames, buffers...), h["msg_id"].(string)
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (c *Client) sign(body []string) string {
	if c.Key == "" {
		return ""
	}
	h := hmac.New(sha256.New, []byte(c.Key))
	for _, part := range body {
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Request sends a request, and returns its ID.
func (c *Client) Request(on *Conn, kind string, content any) string {
	frames, id := c.Frames(kind, Header{}, content)
	on.Send(frames...)
	return id
}

// Execute sends a cell.
func (c *Client) Execute(code string) string {
	return c.Request(c.Shell, "execute_request", map[string]any{"code": code, "store_history": true, "allow_stdin": true})
}

// Receive receives a message, and checks its signature.
func (c *Client) Receive(on *Conn, timeout time.Duration) (Message, error) {
	frames, err := on.Recv(timeout)
	if err != nil {
		return Message{}, err
	}
	at := 0
	for at < len(frames) && frames[at] != "<IDS|MSG>" {
		at++
	}
	if len(frames) < at+6 {
		return Message{}, fmt.Errorf("not a message: %.200q", frames)
	}
	if body := frames[at+2 : at+6]; frames[at+1] != c.sign(body) {
		return Message{}, errors.New("the signature is wrong")
	}
	m := Message{Buffers: frames[at+6:]}
	if at > 0 {
		m.Topic = frames[0]
	}
	for i, v := range []any{&m.Header, &m.Parent, &m.Metadata, &m.Content} {
		if err := json.Unmarshal([]byte(frames[at+2+i]), v); err != nil {
			return m, err
		}
	}
	return m, nil
}

// Published returns the next published message, but for the one that comes when a kernel starts: a client may be there
// before it.
func (c *Client) Published(timeout time.Duration) (Message, error) {
	if len(c.pending) > 0 {
		m := c.pending[0]
		c.pending = c.pending[1:]
		return m, nil
	}
	m, err := c.Receive(c.IOPub, timeout)
	if err == nil && m.Content["execution_state"] == "starting" {
		return c.Published(timeout)
	}
	return m, err
}

// Until returns what is published for a request until the kernel is idle with it. What is for others is kept.
func (c *Client) Until(id string) ([]Message, error) {
	var mine, others []Message
	for {
		m, err := c.Published(Timeout)
		if err != nil {
			return mine, fmt.Errorf("after %d messages: %w", len(mine), err)
		}
		if m.Parent.ID != id {
			others = append(others, m)
			continue
		}
		mine = append(mine, m)
		if m.Header.Type == "status" && m.Content["execution_state"] == "idle" {
			c.pending = append(others, c.pending...)
			return mine, nil
		}
	}
}

// Reply returns the reply to a request.
func (c *Client) Reply(on *Conn, id string) (Message, error) {
	m, err := c.Receive(on, Timeout)
	if err == nil && m.Parent.ID != id {
		err = fmt.Errorf("%s answers another request", m.Header.Type)
	}
	return m, err
}
