package cell

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// role has this test binary be a script.
const role = "KAIROS_TEST_CELL"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "wrong":
		Check(nil)
		Check(errors.New("went wrong"))
	case "cancelled":
		Check(fmt.Errorf("train: %w", context.Canceled))
	case "patient": // finishes when asked to end
		fmt.Println("ready")
		<-Context().Done()
		Check(Context().Err())
	case "stubborn": // does not
		Context()
		fmt.Println("ready")
		time.Sleep(20 * time.Second)
	}
}

// start runs this binary in a role until it is ready.
func start(t *testing.T, name string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"="+name)
	errs := new(bytes.Buffer)
	cmd.Stderr = errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if name == "patient" || name == "stubborn" {
		if _, err := out.Read(make([]byte, 8)); err != nil {
			t.Fatal(err)
		}
	}
	return cmd, errs
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		role, errs string
		status     int
	}{
		{"wrong", "error: went wrong\n", 1},
		{"cancelled", "interrupted\n", 130},
	} {
		cmd, errs := start(t, c.role)
		cmd.Wait()
		if cmd.ProcessState.ExitCode() != c.status || errs.String() != c.errs {
			t.Errorf("%s: status %d, %q", c.role, cmd.ProcessState.ExitCode(), errs)
		}
	}
}

func TestInterrupts(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd, errs := start(t, "patient")
		time.Sleep(20 * time.Millisecond) // until Context is asked for
		cmd.Process.Signal(sig)
		cmd.Wait()
		if cmd.ProcessState.ExitCode() != 130 || errs.String() != "interrupted\n" {
			t.Errorf("after %v: status %d, %q", sig, cmd.ProcessState.ExitCode(), errs)
		}

		cmd, _ = start(t, "stubborn")
		begin := time.Now()
		cmd.Process.Signal(sig)
		cmd.Process.Signal(sig) // the same request
		time.Sleep(sameRequest + 100*time.Millisecond)
		if err := cmd.Process.Signal(sig); err != nil {
			t.Errorf("two signals at once end the process")
		}
		err := cmd.Wait()
		if err == nil || err.Error() != "signal: "+sig.String() || time.Since(begin) > 5*time.Second {
			t.Errorf("after a second %v: %v, %v", sig, err, time.Since(begin))
		}
	}
}

func TestContextIsOne(t *testing.T) {
	if Context() != Context() || Context().Err() != nil {
		t.Error("Context returns different contexts, or a cancelled one")
	}
}

// clocked returns a terminal with a clock that stands still between advances.
func clocked(screen bool) (term *terminal, errs *bytes.Buffer, advance func(time.Duration)) {
	errs = new(bytes.Buffer)
	now := time.Unix(0, 0)
	term = newTerminal(func() io.Writer { return errs }, errs, screen, "prog")
	term.now = func() time.Time { return now }
	return term, errs, func(d time.Duration) { now = now.Add(d) }
}

func TestProgressLines(t *testing.T) {
	term, errs, advance := clocked(false)
	p := term.Progress("train")
	for done := range 9 {
		p(done, 8)
		advance(2 * time.Second)
	}
	advance(time.Minute)
	p(1, 3) // again, with another total
	advance(20 * time.Second)
	p(1, 3)
	advance(20 * time.Second)
	p(1, 3)
	p(9, 3)
	p(0, 0)
	want := `train: 0% (0/8)
train: 25% (2/8), 0.5/s, 12s left
train: 50% (4/8), 0.5/s, 8s left
train: 75% (6/8), 0.5/s, 4s left
train: 100% (8/8), 0.5/s, took 16s
train: 33% (1/3)
train: 33% (1/3), 0.025/s, 1m20s left
train: 100% (3/3), 0.075/s, took 40s
`
	if errs.String() != want {
		t.Errorf("got\n%swant\n%s", errs, want)
	}
}

// screen returns what a terminal of 80 columns shows after text was written to it.
func screen(text string) []string {
	lines := []string{""}
	for text != "" {
		last := &lines[len(lines)-1]
		switch {
		case text[0] == '\n':
			lines = append(lines, "")
		case text[0] == '\r', strings.HasPrefix(text, "\x1b[2K"):
			*last = "" // whoever returns rewrites the line
		case strings.HasPrefix(text, "\x1b["):
		default:
			*last += text[:1]
		}
		if strings.HasPrefix(text, "\x1b[") {
			text = text[strings.IndexAny(text, "Kmh")+1:]
		} else {
			text = text[1:]
		}
	}
	return lines
}

func TestProgressBars(t *testing.T) {
	term, errs, advance := clocked(true)
	outer := term.Progress("outer")
	for i := range 3 {
		outer(i, 2)
		if i == 2 {
			break
		}
		inner := term.Progress("inner")
		for j := range 11 {
			advance(time.Second)
			inner(j, 10)
		}
		advance(time.Second)
	}
	var labels []string
	for _, line := range screen(errs.String()) {
		if label, _, ok := strings.Cut(line, " "); ok {
			labels = append(labels, label)
		}
		if strings.Count(line, "|") > 2 {
			t.Errorf("two bars in one line: %q", line)
		}
	}
	if got := strings.Join(labels, " "); got != "inner inner outer" {
		t.Errorf("the bars left on the screen are %q:\n%s", got, strings.Join(screen(errs.String()), "\n"))
	}
	if !strings.Contains(errs.String(), "(10/10") || !strings.Contains(errs.String(), "100%") {
		t.Errorf("the end is not shown: %q", errs)
	}
}

func TestBarIsLeftBehind(t *testing.T) {
	term, errs, _ := clocked(true)
	term.Progress("half")(1, 2)
	if status := term.fail(errors.New("bad")); status != 1 {
		t.Errorf("status %d", status)
	}
	lines := screen(errs.String())
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "half  50%") || lines[1] != "error: bad" {
		t.Errorf("the screen shows %q", lines)
	}
}

func TestProgressFromGoroutines(t *testing.T) {
	term, _, _ := clocked(false)
	p := term.Progress("many")
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() { p(i, 50) })
	}
	wg.Wait()
}

type picturePNG struct{ err error }

func (p picturePNG) PNG() ([]byte, error) { return []byte("png"), p.err }
func (p picturePNG) SVG() ([]byte, error) { return []byte("svg"), p.err }

type pictureSVG struct{}

func (pictureSVG) SVG() ([]byte, error) { return []byte("svg"), nil }

func TestShowPictures(t *testing.T) {
	t.Chdir(t.TempDir())
	term, out, _ := clocked(false)
	for _, v := range []any{picturePNG{}, pictureSVG{}} {
		if err := term.Show(v); err != nil {
			t.Error(err)
		}
	}
	if want := "prog-figure-1.png\nprog-figure-2.svg\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out, want)
	}
	for name, want := range map[string]string{"prog-figure-1.png": "png", "prog-figure-2.svg": "svg"} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	err := term.Show(picturePNG{errors.New("no font")})
	if err == nil || err.Error() != "cell: show: draw cell.picturePNG: no font" {
		t.Errorf("a picture that cannot be made: %v", err)
	}
	if entries, _ := os.ReadDir("."); len(entries) != 2 {
		t.Errorf("%d files are left", len(entries))
	}
}

func TestInput(t *testing.T) {
	term, errs, _ := clocked(false)
	term.stdin = bufio.NewReader(strings.NewReader("first\r\n\nlast"))
	for i, want := range []string{"first", "", "last"} {
		if got, err := term.Input("? "); got != want || err != nil {
			t.Errorf("line %d: %q, %v", i, got, err)
		}
	}
	if got, err := term.Input("? "); got != "" || err != io.EOF || errs.String() != "? ? ? ? " {
		t.Errorf("at the end: %q, %v; prompts %q", got, err, errs)
	}
}
