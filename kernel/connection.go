package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"kairos/kernel/wire"
)

// Connection is what is in a connection file. A port 0 stands for any that is free.
type Connection struct {
	Transport string `json:"transport"` // tcp or ipc; "" for tcp
	IP        string `json:"ip"`        // "" for 127.0.0.1; of ipc, the beginning of the files' paths
	Shell     int    `json:"shell_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Control   int    `json:"control_port"`
	Heartbeat int    `json:"hb_port"`
	Key       string `json:"key"` // "" for messages that are not signed
	Scheme    string `json:"signature_scheme"`
	Name      string `json:"kernel_name,omitempty"`
}

// ReadConnection reads a connection file.
func ReadConnection(path string) (Connection, error) {
	var c Connection
	data, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("kernel: read the connection file: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("kernel: read the connection file %s: %w", path, err)
	}
	return c, nil
}

// Write makes a connection file, which only this user can read: it has the key.
func (c Connection) Write(path string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err == nil {
		os.Remove(path) // its mode may be another; that of a new file is ours
		err = os.WriteFile(path, append(data, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("kernel: write the connection file: %w", err)
	}
	return nil
}

// check fills in what is missing and refuses what is not supported or, unless remote, what others could reach.
func (c *Connection) check(remote bool) error {
	if c.Transport == "" {
		c.Transport = "tcp"
	}
	if c.Scheme == "" {
		c.Scheme = wire.Scheme
	}
	switch {
	case c.Scheme != wire.Scheme:
		return fmt.Errorf("kernel: the signature scheme %q is not supported: use %s", c.Scheme, wire.Scheme)
	case c.Transport == "ipc" && c.IP == "":
		return errors.New("kernel: ip, which begins the paths of ipc sockets, is empty")
	case c.Transport == "ipc":
		return nil
	case c.Transport != "tcp":
		return fmt.Errorf("kernel: the transport %q is not supported: use tcp or ipc", c.Transport)
	}
	if c.IP == "" {
		c.IP = "127.0.0.1"
	}
	if c.IP == "*" { // as ZeroMQ writes it
		c.IP = "0.0.0.0"
	}
	ip, err := netip.ParseAddr(c.IP)
	local := c.IP == "localhost" || err == nil && ip.IsLoopback()
	if !local && !remote {
		return fmt.Errorf("kernel: others could reach %s: use 127.0.0.1, or allow it explicitly", c.IP)
	}
	if !local && c.Key == "" {
		return fmt.Errorf("kernel: others could reach %s, and there is no key", c.IP)
	}
	return nil
}

// endpoint is where a socket is bound.
func (c *Connection) endpoint(port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return "tcp://" + net.JoinHostPort(c.IP, fmt.Sprint(port))
}
