package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Delimiter stands between the identities and the message.
const Delimiter = "<IDS|MSG>"

// Scheme is the only one for signatures, and the one that Jupyter uses.
const Scheme = "hmac-sha256"

// What can be wrong with a message.
var (
	ErrNoDelimiter = errors.New("there is no " + Delimiter)
	ErrShort       = errors.New("frames are missing")
	ErrSignature   = errors.New("the signature is wrong")
	ErrReplayed    = errors.New("the same message came before")
	ErrJSON        = errors.New("it is no JSON object")
	ErrNoType      = errors.New("msg_type or msg_id is missing")
)

// Error is the error of frames that are no message.
type Error struct {
	Part string // the frame
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("wire: read %s: %v", e.Part, e.Err) }

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.Err }

// remembered is how many messages are known again.
const remembered = 1 << 13

// Codec writes and reads messages. Make one with NewCodec.
type Codec struct {
	key []byte

	mu   sync.Mutex
	seen map[[sha256.Size]byte]bool
	past [][sha256.Size]byte // a ring
	next int
}

// NewCodec returns a codec for a key. With an empty one messages are neither signed nor verified.
func NewCodec(key []byte) *Codec {
	return &Codec{key: slices.Clone(key), seen: map[[sha256.Size]byte]bool{}}
}

// parts are the names of the frames after the signature.
var parts = [4]string{"header", "parent header", "metadata", "content"}

// Encode writes a message.
func (c *Codec) Encode(m *Message) ([][]byte, error) {
	header, err := json.Marshal(m.Header)
	if err != nil {
		return nil, fmt.Errorf("wire: write header: %w", err)
	}
	body := [4][]byte{header, orEmpty(m.Parent), orEmpty(m.Metadata), orEmpty(m.Content)}
	frames := append(slices.Clip(m.Identities), []byte(Delimiter), c.sign(body[:]))
	frames = append(frames, body[:]...)
	return append(frames, m.Buffers...), nil
}

func orEmpty(object json.RawMessage) []byte {
	if len(object) == 0 {
		return []byte("{}")
	}
	return object
}

// Decode reads a message. The error is an *Error.
func (c *Codec) Decode(frames [][]byte) (*Message, error) {
	at := slices.IndexFunc(frames, func(f []byte) bool { return string(f) == Delimiter })
	if at < 0 {
		return nil, &Error{"identities", ErrNoDelimiter}
	}
	rest := frames[at+1:]
	if len(rest) < 1+len(parts) {
		return nil, &Error{"frames", ErrShort}
	}
	signature, body := rest[0], rest[1:1+len(parts)]
	if err := c.verify(signature, body); err != nil {
		return nil, &Error{"signature", err}
	}
	for i, part := range body {
		if !isObject(part) {
			return nil, &Error{parts[i], ErrJSON}
		}
	}
	m := &Message{
		Identities: frames[:at], Raw: body[0], Parent: body[1], Metadata: body[2], Content: body[3],
		Buffers: rest[1+len(parts):],
	}
	if err := json.Unmarshal(m.Raw, &m.Header); err != nil {
		return nil, &Error{parts[0], err}
	}
	if m.Header.Type == "" || m.Header.ID == "" {
		return nil, &Error{parts[0], ErrNoType}
	}
	return m, nil
}

func isObject(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && b[0] == '{' && json.Valid(b)
}

// sign makes the signature, in hexadecimal digits: nothing if there is no key.
func (c *Codec) sign(body [][]byte) []byte {
	if len(c.key) == 0 {
		return []byte{}
	}
	return hex.AppendEncode(nil, c.sum(body))
}

func (c *Codec) sum(body [][]byte) []byte {
	h := hmac.New(sha256.New, c.key)
	for _, part := range body {
		h.Write(part)
	}
	return h.Sum(nil)
}

// verify compares the signature in a time that does not depend on where it is wrong, and looks whether it is new.
func (c *Codec) verify(signature []byte, body [][]byte) error {
	if len(c.key) == 0 {
		return nil
	}
	got := make([]byte, hex.DecodedLen(len(signature)))
	if _, err := hex.Decode(got, signature); err != nil || !hmac.Equal(got, c.sum(body)) {
		return ErrSignature
	}
	if !c.remember([sha256.Size]byte(got)) {
		return ErrReplayed
	}
	return nil
}

// remember keeps a signature, and reports whether it is new.
func (c *Codec) remember(sum [sha256.Size]byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[sum] {
		return false
	}
	if len(c.past) < remembered {
		c.past = append(c.past, sum)
	} else {
		delete(c.seen, c.past[c.next])
		c.past[c.next] = sum
		c.next = (c.next + 1) % remembered
	}
	c.seen[sum] = true
	return true
}
