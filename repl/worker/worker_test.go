//go:build linux

package worker

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/toy"
)

// role has this test binary be one of the processes of the tests.
const role = "KAIROS_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "supervisor": // runs the rest of its arguments as a worker does
		os.Exit(Run(os.Args[1:], append(os.Environ(), role+"=patient"), Streams{os.Stdin, os.Stdout, os.Stderr}))
	case "patient": // says which signal it got
		received := make(chan os.Signal, 1)
		signal.Notify(received, syscall.SIGTERM, os.Interrupt)
		fmt.Println("ready", os.Getpid())
		select {
		case sig := <-received:
			fmt.Println(sig)
		case <-time.After(20 * time.Second):
			fmt.Println("no signal")
		}
		os.Exit(7)
	case "session":
		os.Exit(Serve(func() (repl.Session, error) {
			s, _ := toy.New()
			return s, nil
		}))
	case "front":
		asFront(os.Args[1])
	case "broken":
		fmt.Fprintln(os.Stderr, "no libtorch here")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		script, out, errs string
		status            int
	}{
		{"echo out; echo err >&2", "out\n", "err\n", 0},
		{"cat; echo $GREETING", "inputhello\n", "", 0},
		{"exit 3", "", "exit status 3\n", 1},
		{"kill -9 $$", "", "signal: killed\n", 1},
		{"kill -ABRT $$", "", "signal: aborted", 1},
	} {
		var out, errs bytes.Buffer
		env := append(os.Environ(), "GREETING=hello")
		status := Run([]string{"sh", "-c", c.script}, env, Streams{strings.NewReader("input"), &out, &errs})
		if status != c.status || out.String() != c.out || !strings.HasPrefix(errs.String(), c.errs) {
			t.Errorf("%s: status %d, out %q, err %q", c.script, status, &out, &errs)
		}
	}
	var errs bytes.Buffer
	if status := Run([]string{"/nonexistent/worker"}, nil, Streams{nil, &errs, &errs}); status != 1 || !strings.Contains(errs.String(), "no such file") {
		t.Errorf("no worker: status %d, err %q", status, &errs)
	}
}

// TestSignals: a signal sent to the supervisor alone reaches the worker once, and the supervisor waits for it.
func TestSignals(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			supervisor, lines := supervise(t)
			supervisor.Process.Signal(sig)
			if got := <-lines; got != sig.String() {
				t.Errorf("the worker says %q", got)
			}
			if err := supervisor.Wait(); err == nil || err.Error() != "exit status 1" {
				t.Errorf("the supervisor ends with %v", err)
			}
			if got := supervisor.Stderr.(*bytes.Buffer).String(); got != "exit status 7\n" {
				t.Errorf("the supervisor says %q", got)
			}
		})
	}
}

// TestDeath: a worker does not outlive its supervisor.
func TestDeath(t *testing.T) {
	supervisor, lines := supervise(t)
	supervisor.Process.Kill()
	if got := <-lines; got != syscall.SIGTERM.String() {
		t.Errorf("the worker says %q", got)
	}
	supervisor.Wait()
}

// supervise starts a supervisor in a session of its own, away from any terminal, and returns the lines its worker
// writes once it is ready.
func supervise(t *testing.T) (*exec.Cmd, <-chan string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, self)
	cmd.Env = append(os.Environ(), role+"=supervisor")
	cmd.Stdout, cmd.Stderr = w, new(bytes.Buffer)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	lines := make(chan string, 10)
	go func() {
		defer close(lines)
		for out := bufio.NewScanner(r); out.Scan(); {
			lines <- out.Text()
		}
	}()
	if got := <-lines; !strings.HasPrefix(got, "ready") {
		t.Fatalf("the worker starts with %q", got)
	}
	return cmd, lines
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	front, beside := filepath.Join(dir, "kairos"), filepath.Join(dir, Name)
	none := func(string) string { return "" }
	if path, err := Find(front, none); path != "" || err != nil {
		t.Errorf("without a worker: %q, %v", path, err)
	}
	for _, path := range []string{front, beside} {
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if path, err := Find(front, none); path != beside || err != nil {
		t.Errorf("beside the front: %q, %v", path, err)
	}
	if argv, err := Argv(front, none); err != nil || argv[0] != beside || argv[1] != Flag {
		t.Errorf("to serve a session: %q, %v", argv, err)
	}
	link := filepath.Join(t.TempDir(), "kairos")
	if err := os.Symlink(front, link); err != nil {
		t.Fatal(err)
	}
	if path, err := Find(link, none); path != beside || err != nil {
		t.Errorf("by a link to the front: %q, %v", path, err)
	}
	named := func(path string) func(string) string {
		return func(name string) string { return map[string]string{Env: path}[name] }
	}
	if path, err := Find(link, named(front)); path != front || err != nil {
		t.Errorf("by $%s: %q, %v", Env, path, err)
	}
	if _, err := Find(front, named("/nonexistent")); err == nil || !strings.Contains(err.Error(), "worker: find $KAIROS_WORKER: stat /nonexistent") {
		t.Errorf("by a wrong $%s: %v", Env, err)
	}
}
