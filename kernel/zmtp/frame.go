package zmtp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The flags of a frame.
const (
	flagMore    = 1 << iota // another frame of the message follows
	flagLong                // the length has eight bytes
	flagCommand             // it is no message but a command
	flagsKnown  = flagMore | flagLong | flagCommand
)

// maxCommand is the size of the largest command, and trusted that of a frame for which memory is taken before its bytes
// have come.
const (
	maxCommand = 64 << 10
	trusted    = 64 << 10
)

var (
	errFlags    = errors.New("a frame has flags that do not exist")
	errSequence = errors.New("a command has more frames, or is among those of a message")
	errTooLarge = errors.New("a message is too large")
	errTooMany  = errors.New("a message has too many frames")
	errCommand  = errors.New("a command is malformed")
)

// decoder reads messages and commands.
type decoder struct {
	r          *bufio.Reader
	maxMessage int64
	maxFrames  int
}

// next returns a message or a command.
func (d *decoder) next() (Message, *command, error) {
	var m Message
	left := d.maxMessage
	for {
		flags, size, err := d.head()
		if err != nil {
			return nil, nil, err
		}
		switch {
		case flags&flagCommand != 0 && (flags&flagMore != 0 || m != nil):
			return nil, nil, errSequence
		case flags&flagCommand != 0 && size > maxCommand, size > uint64(left):
			return nil, nil, fmt.Errorf("%w: a frame has %d bytes", errTooLarge, size)
		case len(m) == d.maxFrames:
			return nil, nil, errTooMany
		}
		body, err := d.body(int64(size))
		if err != nil {
			return nil, nil, err
		}
		if flags&flagCommand != 0 {
			c, err := parseCommand(body)
			return nil, c, err
		}
		m, left = append(m, body), left-int64(size)
		if flags&flagMore == 0 {
			return m, nil, nil
		}
	}
}

// head reads the flags and the length of a frame.
func (d *decoder) head() (flags byte, size uint64, err error) {
	if flags, err = d.r.ReadByte(); err != nil {
		return 0, 0, err
	}
	if flags&^flagsKnown != 0 {
		return 0, 0, errFlags
	}
	n := 1
	if flags&flagLong != 0 {
		n = 8
	}
	var length [8]byte
	if _, err := io.ReadFull(d.r, length[8-n:]); err != nil {
		return 0, 0, io.ErrUnexpectedEOF
	}
	return flags, binary.BigEndian.Uint64(length[:]), nil
}

// body reads a frame. It takes more memory only as the bytes come, for the length may be garbage.
func (d *decoder) body(size int64) ([]byte, error) {
	if size <= trusted {
		body := make([]byte, size)
		if _, err := io.ReadFull(d.r, body); err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		return body, nil
	}
	var b bytes.Buffer
	b.Grow(trusted)
	if _, err := io.CopyN(&b, d.r, size); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	return b.Bytes(), nil
}

// writeFrame writes one frame.
func writeFrame(w *bufio.Writer, flags byte, body []byte) error {
	if len(body) > 255 {
		var head [9]byte
		head[0] = flags | flagLong
		binary.BigEndian.PutUint64(head[1:], uint64(len(body)))
		w.Write(head[:])
	} else {
		w.WriteByte(flags)
		w.WriteByte(byte(len(body)))
	}
	_, err := w.Write(body) // which also tells of what went wrong before
	return err
}

// writeMessage writes a message.
func writeMessage(w *bufio.Writer, m Message) error {
	var err error
	for i, frame := range m {
		flags := byte(flagMore)
		if i == len(m)-1 {
			flags = 0
		}
		err = writeFrame(w, flags, frame)
	}
	return err
}

// command is one that peers send beside messages.
type command struct {
	name string
	body []byte
}

func parseCommand(body []byte) (*command, error) {
	if len(body) == 0 || body[0] == 0 || len(body) <= int(body[0]) {
		return nil, errCommand
	}
	n := 1 + int(body[0])
	return &command{string(body[1:n]), body[n:]}, nil
}

func (c *command) encode() []byte {
	b := append([]byte{byte(len(c.name))}, c.name...)
	return append(b, c.body...)
}
