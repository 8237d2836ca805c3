package kernel

import (
	"fmt"
	"sync"
	"time"

	"kairos/kernel/zmtp"
)

// sockets are those of a kernel.
type sockets struct{ shell, control, stdin, iopub, heartbeat *zmtp.Socket }

// bind binds all, and tells the connection their ports; or none.
func (s *sockets) bind(c *Connection, welcome func([]byte) zmtp.Message, log func(error)) error {
	for i, b := range []struct {
		name   string
		socket **zmtp.Socket
		port   *int
		cfg    zmtp.Config
	}{
		{"heartbeat", &s.heartbeat, &c.Heartbeat, zmtp.Config{Type: zmtp.Rep}},
		{"iopub", &s.iopub, &c.IOPub, zmtp.Config{Type: zmtp.XPub, Welcome: welcome}},
		{"stdin", &s.stdin, &c.Stdin, zmtp.Config{Type: zmtp.Router}},
		{"control", &s.control, &c.Control, zmtp.Config{Type: zmtp.Router}},
		{"shell", &s.shell, &c.Shell, zmtp.Config{Type: zmtp.Router}},
	} {
		if c.Transport == "ipc" && *b.port == 0 {
			*b.port = i + 1
		}
		b.cfg.Log = log
		socket, err := zmtp.Listen(c.endpoint(*b.port), b.cfg)
		if err != nil {
			s.close(0)
			return fmt.Errorf("bind the %s socket: %w", b.name, err)
		}
		*b.socket = socket
		if *b.port == 0 {
			*b.port = socket.Port()
		}
	}
	return nil
}

// close closes those that are bound, at the same time.
func (s *sockets) close(linger time.Duration) {
	var all sync.WaitGroup
	for _, socket := range []*zmtp.Socket{s.shell, s.control, s.stdin, s.iopub, s.heartbeat} {
		if socket != nil {
			all.Go(func() { socket.Close(linger) })
		}
	}
	all.Wait()
}
