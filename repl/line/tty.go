//go:build unix

package line

import (
	"io"
	"os"
	"strings"

	"github.com/chzyer/readline"
	"golang.org/x/sys/unix"
)

// tty is a terminal that is read only as long as somebody wants to.
type tty struct {
	in, out  *os.File
	saved    *readline.State // the ordinary mode; nil while it is on
	wakeR    *os.File
	wakeW    *os.File
	chunks   chan []byte // what is read
	chunkMax int
}

func openTTY(in, out *os.File) (*tty, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &tty{in: in, out: out, wakeR: r, wakeW: w, chunkMax: 64 << 10}, nil
}

func (t *tty) close() {
	t.cooked()
	t.wakeR.Close()
	t.wakeW.Close()
}

// raw lets keys through as they are; bracketed says where a paste begins and ends.
func (t *tty) raw() (err error) {
	if t.saved == nil {
		t.saved, err = readline.MakeRaw(int(t.in.Fd()))
		io.WriteString(t.out, "\x1b[?2004h")
	}
	return err
}

// cooked restores the mode that was on before.
func (t *tty) cooked() {
	if t.saved != nil {
		readline.Restore(int(t.in.Fd()), t.saved) // first, so that who sees the end of the editing can interrupt
		io.WriteString(t.out, "\x1b[?2004l")
		t.saved = nil
	}
}

func (t *tty) size() (columns, rows int) {
	columns, rows, err := readline.GetSize(int(t.out.Fd()))
	if err != nil || columns <= 0 || rows <= 0 {
		return 80, 24
	}
	return columns, rows
}

// listen begins to read. The channel is closed when the terminal is gone, or after hush.
func (t *tty) listen() {
	t.chunks = make(chan []byte)
	go t.pump(t.chunks)
}

// hush stops reading and returns what was read and not taken.
func (t *tty) hush() []byte {
	t.wakeW.Write([]byte{0})
	var rest []byte
	for chunk := range t.chunks {
		rest = append(rest, chunk...)
	}
	t.wakeR.Read(make([]byte, 1))
	return rest
}

func (t *tty) pump(chunks chan<- []byte) {
	defer close(chunks)
	for {
		if woken, err := t.wait(nil); woken || err != nil {
			return
		}
		chunk, err := t.chunk()
		if len(chunk) > 0 {
			chunks <- chunk
		}
		if err != nil {
			return
		}
	}
}

// wait waits for input, for ever or for a time. woken says that hush was called.
func (t *tty) wait(timeout *unix.Timeval) (woken bool, err error) {
	in, wake := int(t.in.Fd()), int(t.wakeR.Fd())
	for {
		var set unix.FdSet
		set.Set(in)
		set.Set(wake)
		_, err := unix.Select(max(in, wake)+1, &set, nil, nil, timeout)
		if err == unix.EINTR {
			continue
		}
		return err == nil && set.IsSet(wake), err
	}
}

// ready tells whether there is input already, or within some microseconds.
func (t *tty) ready(micros int64) bool {
	in := int(t.in.Fd())
	var set unix.FdSet
	set.Set(in)
	timeout := unix.NsecToTimeval(micros * 1000)
	n, err := unix.Select(in+1, &set, nil, nil, &timeout)
	return err == nil && n > 0
}

// chunk reads what there is. What comes in one burst, such as a paste, is taken as one.
func (t *tty) chunk() ([]byte, error) {
	var all []byte
	buf := make([]byte, 4096)
	for {
		n, err := unix.Read(int(t.in.Fd()), buf)
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
		case err != nil:
			return all, err
		case n == 0:
			return all, io.EOF
		}
		all = append(all, buf[:max(n, 0)]...)
		patience := int64(0)
		if len(all) >= 64 {
			patience = 2000
		}
		if len(all) >= t.chunkMax || !t.ready(patience) {
			return all, nil
		}
	}
}

// typedAhead reads what was typed in the ordinary mode, where the key Enter sends a newline.
func (t *tty) typedAhead() string {
	if !t.ready(0) {
		return ""
	}
	chunk, _ := t.chunk()
	return strings.ReplaceAll(string(chunk), "\n", "\r")
}

// reflows tells whether a terminal wraps the lines on its screen anew when it is resized, by its name.
func reflows(getenv func(string) string) bool {
	name := getenv("TERM")
	for _, old := range []string{"linux", "st-", "screen", "vt", "cons", "sun"} {
		if strings.HasPrefix(name, old) && getenv("TMUX") == "" {
			return false
		}
	}
	return getenv("XTERM_VERSION") == ""
}
