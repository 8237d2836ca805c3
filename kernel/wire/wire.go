// Package wire has the messages of Jupyter's protocol, and how they are written as the frames of a ZeroMQ message.
//
//	Message   a message; Content and Metadata are JSON
//	Header    who sent it, when, and of which type
//	Codec     signs, writes, reads and verifies messages
//	Error     what is wrong with frames that are no message
//	Source    makes the headers of one sender
//
// The frames are the identities of the peer, a delimiter, a signature, the header, the parent's header, metadata, content
// and any number of buffers. The signature is a keyed hash (HMAC) over the four that are JSON.
package wire

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"
)

// Version is that of the protocol.
const Version = "5.5"

// Message is a message. A Parent that is nil is that of a message that answers none.
type Message struct {
	Identities [][]byte
	Header     Header
	Parent     json.RawMessage // the header of the message that this one answers, as it came
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte

	Raw json.RawMessage // the header, of a message that was read
}

// Header says what a message is.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Time is the date, or zero if it is none.
func (h Header) Time() time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} { // the latter is in UTC too
		if t, err := time.Parse(layout, h.Date); err == nil {
			return t
		}
	}
	return time.Time{}
}

// ParentHeader is the parent, or zero if there is none that can be read.
func (m *Message) ParentHeader() Header {
	var h Header
	json.Unmarshal(m.Parent, &h) // what cannot be read is nobody's
	return h
}

// Date is a time as Jupyter writes it: ISO 8601, in UTC.
func Date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// NewID makes a name that nobody else has.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// Source makes headers. Make one with NewSource.
type Source struct {
	session, username string
	last              atomic.Int64
}

// NewSource begins a session of a user.
func NewSource(username string) *Source { return &Source{session: NewID(), username: username} }

// Session is the session's ID.
func (s *Source) Session() string { return s.session }

// Header makes the header of a new message.
func (s *Source) Header(kind string) Header {
	id := fmt.Sprintf("%s_%d", s.session, s.last.Add(1))
	return Header{ID: id, Session: s.session, Username: s.username, Date: Date(time.Now()), Type: kind, Version: Version}
}
