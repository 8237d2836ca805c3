package line

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// suspend stops the process and those with it as Ctrl-Z does, and shows the text again when they go on.
func (r *reading) suspend() {
	r.mu.Lock()
	r.finish("")
	r.tty.cooked()
	r.mu.Unlock()
	unix.Kill(0, unix.SIGTSTP)
	for timeout := time.After(100 * time.Millisecond); ; { // a process without a shell does not stop
		select {
		case s := <-r.signals:
			if s != unix.SIGCONT {
				continue
			}
		case <-timeout:
		}
		break
	}
	r.resume()
}

// resume takes the terminal again and shows the text in a new row.
func (r *reading) resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tty.cooked()
	r.tty.raw()
	r.fresh(r.tty.size())
	r.paint()
}

// external lets another program edit the text.
func (r *reading) external() {
	r.mu.Lock()
	r.painter.Erase()
	r.flush()
	r.mu.Unlock()
	r.queue = append(r.queue, r.decoder.Feed(r.tty.hush())...)
	r.tty.cooked()
	edited, err := editElsewhere(r.config.In, r.config.Out, r.machine.Text())
	r.resume()
	r.tty.listen()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.above("line: the editor did not end well: " + err.Error() + "; VISUAL or EDITOR names another\n")
		return
	}
	r.machine.Rewrite(edited)
}

// editElsewhere runs the user's editor on a file with a text. The variable may hold arguments too.
func editElsewhere(in, out *os.File, src string) (string, error) {
	f, err := os.CreateTemp("", "cell-*.go")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	if _, err = f.WriteString(src + "\n"); err != nil {
		return "", err
	}
	f.Close()
	program := "vi"
	for _, name := range []string{"EDITOR", "VISUAL"} {
		if v := os.Getenv(name); v != "" {
			program = v
		}
	}
	cmd := exec.Command("sh", "-c", program+` "$1"`, "sh", f.Name())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, out
	if err := cmd.Run(); err != nil {
		return "", err
	}
	edited, err := os.ReadFile(f.Name())
	return strings.TrimRight(string(bytes.TrimPrefix(edited, []byte("\ufeff"))), " \t\r\n"), err
}
