package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A connection begins with a greeting of either side: a signature, the version, the name of the mechanism, and zeros.
const (
	greetingSize  = 64
	signatureSize = 10
	mechanismAt   = 12
	mechanism     = "NULL"
)

func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[9] = 0xff, 0x7f
	g[10], g[11] = 3, 1
	copy(g[mechanismAt:], mechanism)
	return g
}

// readGreeting reads a peer's greeting. What is no greeting is found out at its first bytes.
func readGreeting(r io.Reader) error {
	var g [greetingSize]byte
	if _, err := io.ReadFull(r, g[:signatureSize+1]); err != nil {
		return fmt.Errorf("read the greeting: %w", err)
	}
	if g[0] != 0xff || g[9]&1 == 0 {
		return errors.New("the peer does not speak ZMTP")
	}
	if g[10] < 3 {
		return fmt.Errorf("the peer speaks ZMTP %d, and not 3", g[10])
	}
	if _, err := io.ReadFull(r, g[signatureSize+1:]); err != nil {
		return fmt.Errorf("read the greeting: %w", err)
	}
	var name [20]byte
	copy(name[:], mechanism)
	if [20]byte(g[mechanismAt:]) != name {
		return fmt.Errorf("the peer wants the mechanism %q, and not %s", g[mechanismAt:mechanismAt+20], mechanism)
	}
	return nil
}

// peersOf are the sockets that can be connected to one.
func peersOf(t Type) []string {
	switch t {
	case Router:
		return []string{"DEALER", "REQ", "ROUTER"}
	case XPub:
		return []string{"SUB", "XSUB"}
	case Rep:
		return []string{"REQ", "DEALER"}
	}
	return nil
}

// shakeHands introduces a socket to a peer, and returns the identity that the peer wants.
func shakeHands(rw io.Writer, in *decoder, t Type) (identity string, err error) {
	if _, err := rw.Write(greeting()); err != nil {
		return "", fmt.Errorf("write the greeting: %w", err)
	}
	if err := readGreeting(in.r); err != nil {
		return "", err
	}
	ready := command{"READY", appendProperty(nil, "Socket-Type", string(t))}
	if t != XPub {
		ready.body = appendProperty(ready.body, "Identity", "")
	}
	if err := writeCommand(rw, ready); err != nil {
		return "", fmt.Errorf("write READY: %w", err)
	}
	_, c, err := in.next()
	if err != nil {
		return "", fmt.Errorf("read READY: %w", err)
	}
	identity, err = accept(c, t)
	if err != nil {
		reason := err.Error()
		writeCommand(rw, command{"ERROR", append([]byte{byte(len(reason))}, reason...)}) // for its log
	}
	return identity, err
}

// accept looks at what a peer introduces itself with.
func accept(c *command, t Type) (identity string, err error) {
	switch {
	case c == nil:
		return "", errors.New("the peer sent a message before READY")
	case c.name == "ERROR":
		return "", fmt.Errorf("the peer refused: %q", c.body)
	case c.name != "READY":
		return "", fmt.Errorf("the peer sent %q before READY", c.name)
	}
	properties, err := parseProperties(c.body)
	if err != nil {
		return "", err
	}
	identity = properties["identity"]
	switch kind := properties["socket-type"]; {
	case !slices.Contains(peersOf(t), kind):
		return "", fmt.Errorf("a socket %.20q cannot talk to %s", kind, t)
	case len(identity) > 255:
		return "", errors.New("the peer's identity has more than 255 bytes")
	case identity != "" && identity[0] == 0:
		return "", errors.New("the peer's identity begins with a zero")
	}
	return identity, nil
}

func writeCommand(w io.Writer, c command) error {
	b := bufio.NewWriter(w)
	writeFrame(b, flagCommand, c.encode())
	return b.Flush()
}

func appendProperty(b []byte, name, value string) []byte {
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

// parseProperties returns the properties of a READY by their names, in small letters.
func parseProperties(b []byte) (map[string]string, error) {
	properties := map[string]string{}
	for len(b) > 0 {
		n := 1 + int(b[0])
		if n == 1 || len(b) < n+4 {
			return nil, errCommand
		}
		name, rest := b[1:n], b[n+4:]
		size := binary.BigEndian.Uint32(b[n:])
		if uint64(size) > uint64(len(rest)) {
			return nil, errCommand
		}
		properties[strings.ToLower(string(name))] = string(rest[:size])
		b = rest[size:]
	}
	return properties, nil
}
