package zmtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
)

// FuzzDecoder reads whatever comes: it never takes much more than it was given, and what it can read it can write.
func FuzzDecoder(f *testing.F) {
	for _, seed := range []string{
		"", "\x00\x05hello", "\x01\x01a\x00\x01b", "\x02\x00\x00\x00\x00\x00\x00\x00\x03abc", "\x04\x05\x04PING",
		"\x04\x07\x04PING\x00\x01", "\x02\xff\xff\xff\xff\xff\xff\xff\xff", "\x05\x02\x01a", "\x80\x00", "\x03\x00\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := decoder{bufio.NewReader(bytes.NewReader(data)), 1 << 20, 100}
		for {
			m, c, err := d.next()
			if err != nil {
				known := []error{errFlags, errSequence, errTooLarge, errTooMany, errCommand, io.EOF, io.ErrUnexpectedEOF}
				for _, k := range known {
					if errors.Is(err, k) {
						return
					}
				}
				t.Fatalf("%q: an unknown error: %v", data, err)
			}
			again(t, m, c)
		}
	})
}

// again writes what was read, and reads it.
func again(t *testing.T, m Message, c *command) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	if c != nil {
		writeFrame(w, flagCommand, c.encode())
	} else {
		writeMessage(w, m)
	}
	w.Flush()
	d := decoder{bufio.NewReader(&b), 1 << 20, 100}
	m2, c2, err := d.next()
	if err != nil || len(m) != len(m2) || c != nil && !reflect.DeepEqual(c, c2) {
		t.Fatalf("%q %v became %q %v, %v", m, c, m2, c2, err)
	}
	for i := range m {
		if !bytes.Equal(m[i], m2[i]) {
			t.Fatalf("%q became %q", m, m2)
		}
	}
}

func FuzzReady(f *testing.F) {
	f.Add([]byte("\x0bSocket-Type\x00\x00\x00\x03REQ\x08Identity\x00\x00\x00\x01a"))
	f.Add([]byte("\x01a\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if id, err := accept(&command{"READY", data}, Router); err == nil && len(id) > 255 {
			t.Fatalf("%q: a long identity", data)
		}
	})
}
