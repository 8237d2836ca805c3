package term_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kairos/internal/screen"
)

var update = flag.Bool("update", false, "write what the screens show into the transcripts")

// TestTranscripts types the sessions of testdata into kairos, in a pseudo-terminal, and compares the screens. In the
// first column of a line stands what it does:
//
//	# text                a remark
//	size 80x24            of the windows that are opened from here on
//	env NAME=VALUE        for the programs that are started from here on
//	file NAME             is written, in the directory where the session runs; the lines follow, each after "| "
//	run COMMAND           is what the shell starts in a window, if it is not kairos
//	window NAME           goes to a window, and opens it if there is none
//	> KEYS                are typed; then the screen comes to rest while a line is edited. Keys are written as for screen.Keys
//	>> KEYS               are typed, and nothing is waited for
//	paste                 pastes the lines that follow, each after "| "
//	running               waits until no line is edited: a cell runs
//	wait REGEXP           waits for text on the screen
//	resize 60x10          changes the size of the window
//	kill worker           kills the process that runs the cells; kill kairos, kairos itself; close, the window
//	replace REGEXP TEXT   in what is compared from here on; the two are quoted as in Go
//	screen                and the lines that are seen, each after "| "; all, also those that scrolled away; styles, with styles
//	cursor COLUMN ROW     from 0
//	wrote REGEXP          something that the program sent to the terminal
//	exit STATUS           waits for the end of the program
//
// In the text $DIR is the directory, and the version is left out. go test -update rewrites the screens.
func TestTranscripts(t *testing.T) {
	bin := build(t)
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			transcribe(t, bin, path)
		})
	}
}

// build builds kairos, as it is without libtorch, and returns its directory.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", dir, "kairos") // or the version names the commit
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build kairos: %v\n%s", err, out)
	}
	return dir
}

// transcript is a session that is played.
type transcript struct {
	*testing.T
	bin, dir string
	columns  int
	rows     int
	env      []string
	command  string
	windows  map[string]*screen.Terminal
	name     string // of the window
	replace  []replacement
	lines    []string
	next     int      // line
	played   []string // the lines as they should be
}

// version is the first line of a session, with styles or without.
var version = regexp.MustCompile(`(?m)^(\{1\})?kairos(\{\})? .*\bgo1\..*/.*$`)

type replacement struct {
	pattern *regexp.Regexp
	text    string
}

func transcribe(t *testing.T, bin, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &transcript{T: t, bin: bin, dir: t.TempDir(), columns: 80, rows: 24, windows: map[string]*screen.Terminal{},
		lines: strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")}
	s.replace = []replacement{{regexp.MustCompile(regexp.QuoteMeta(s.dir)), "$$DIR"}, {version, "kairos VERSION"}}
	t.Cleanup(s.close)
	for s.next < len(s.lines) {
		line := s.lines[s.next]
		s.next++
		s.played = append(s.played, line)
		if err := s.do(line); err != nil {
			t.Fatalf("%s:%d: %s: %v", path, s.next, line, err)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(s.played, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *transcript) close() {
	for _, w := range s.windows {
		w.Close()
	}
}

// do does what a line says.
func (s *transcript) do(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "", "#":
		return nil
	case "size":
		return s.size(rest)
	case "env":
		s.env = append(s.env, strings.ReplaceAll(rest, "$DIR", s.dir))
		return nil
	case "file":
		return s.file(rest)
	case "run":
		s.command = rest
		return nil
	case "window":
		s.name = rest
		_, err := s.window()
		return err
	case "replace":
		return s.addReplacement(rest)
	}
	w, err := s.window()
	if err != nil {
		return err
	}
	return s.inWindow(w, verb, rest)
}

// rest is how long a screen that has come to rest does not change.
const rest = 80 * time.Millisecond

func (s *transcript) inWindow(w *screen.Terminal, verb, arg string) error {
	switch verb {
	case ">":
		if err := w.Send(arg); err != nil {
			return err
		}
		return w.Settle(rest)
	case ">>":
		return w.Send(arg)
	case "paste":
		text := s.block()
		s.put(text)
		return s.inWindow(w, ">", "<Paste>"+text+"</Paste>")
	case "running":
		return w.Running()
	case "wait":
		return w.WaitFor(arg)
	case "resize":
		return s.resize(w, arg)
	case "kill":
		return kill(w, arg)
	case "close":
		return w.Close()
	case "screen":
		return s.compare(w, screen.Screen.Text)
	case "all":
		return s.compare(w, screen.Screen.All)
	case "styles":
		return s.compare(w, screen.Screen.Styled)
	case "cursor":
		return s.cursor(w, arg)
	case "wrote":
		return wrote(w, arg)
	case "exit":
		return exit(w, arg)
	}
	return fmt.Errorf("there is no %q", verb)
}

// window is the window that is looked at. The first one opens by itself.
func (s *transcript) window() (*screen.Terminal, error) {
	if w := s.windows[s.name]; w != nil {
		return w, nil
	}
	command := []string{filepath.Join(s.bin, "kairos")}
	if s.command != "" {
		command = []string{"sh", "-c", s.command}
	}
	w, err := screen.Start(screen.Config{Command: command, Columns: s.columns, Rows: s.rows, Dir: s.dir, Env: append([]string{
		"PATH=" + s.bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + s.dir, "XDG_STATE_HOME=" + s.dir, "XDG_CONFIG_HOME=" + s.dir, "XDG_CACHE_HOME=" + s.dir, "PWD=" + s.dir,
		"GOCACHE=" + filepath.Join(s.dir, "go"), "SHELL=/bin/sh", "PAGER=cat", "EDITOR=true",
	}, s.env...)})
	if err != nil {
		return nil, err
	}
	s.windows[s.name] = w
	if s.command != "" {
		return w, nil
	}
	return w, w.Settle(rest)
}

func (s *transcript) size(arg string) (err error) {
	s.columns, s.rows, err = parseSize(arg)
	return err
}

func parseSize(arg string) (columns, rows int, err error) {
	_, err = fmt.Sscanf(arg, "%dx%d", &columns, &rows)
	return columns, rows, err
}

func (s *transcript) resize(w *screen.Terminal, arg string) error {
	columns, rows, err := parseSize(arg)
	if err != nil {
		return err
	}
	if err := w.Resize(columns, rows); err != nil {
		return err
	}
	return w.Settle(rest)
}

// block takes the lines that follow a line, without their marks.
func (s *transcript) block() string {
	var lines []string
	for s.next < len(s.lines) && strings.HasPrefix(s.lines[s.next], "|") {
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(s.lines[s.next], "|"), " "))
		s.next++
	}
	return strings.Join(lines, "\n")
}

// put adds a block to what was played.
func (s *transcript) put(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		s.played = append(s.played, strings.TrimRight("| "+line, " "))
	}
}

func (s *transcript) file(name string) error {
	text := s.block()
	s.put(text)
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text+"\n"), 0o666)
}

func (s *transcript) addReplacement(arg string) error {
	first, err := strconv.QuotedPrefix(arg)
	if err != nil {
		return err
	}
	pattern, err := strconv.Unquote(first)
	if err != nil {
		return err
	}
	text, err := strconv.Unquote(strings.TrimSpace(arg[len(first):]))
	if err != nil {
		return err
	}
	re, err := regexp.Compile(pattern)
	s.replace = append(s.replace, replacement{re, text})
	return err
}

// compare waits for a screen. What is expected may come later than what was waited for.
func (s *transcript) compare(w *screen.Terminal, text func(screen.Screen) string) error {
	want := s.block()
	show := func(now screen.Screen) string {
		got := text(now)
		for _, r := range s.replace {
			got = r.pattern.ReplaceAllString(got, r.text)
		}
		return got
	}
	if *update {
		err := w.Quiet(5 * rest)
		s.put(show(w.Screen()))
		return err
	}
	s.put(want)
	if _, err := w.Wait("such screen", func(now screen.Screen) bool { return show(now) == want }); err != nil {
		return fmt.Errorf("%w\n%s", err, cmp.Diff(want, show(w.Screen())))
	}
	return nil
}

func (s *transcript) cursor(w *screen.Terminal, arg string) error {
	at := func(now screen.Screen) string { return fmt.Sprint(now.X, " ", now.Y) }
	if *update {
		s.played[len(s.played)-1] = "cursor " + at(w.Screen())
		return nil
	}
	_, err := w.Wait("such cursor", func(now screen.Screen) bool { return at(now) == arg })
	return err
}

func wrote(w *screen.Terminal, pattern string) error {
	if err := w.WaitOutput(pattern); err != nil {
		return fmt.Errorf("%w\n%q", err, w.Output())
	}
	return nil
}

func kill(w *screen.Terminal, what string) error {
	pids := []int{w.Pid()}
	if what == "worker" {
		var err error
		if pids, err = w.Children(); err != nil {
			return err
		}
	}
	if len(pids) != 1 {
		return fmt.Errorf("processes %v, want one", pids)
	}
	return syscall.Kill(pids[0], syscall.SIGKILL)
}

func exit(w *screen.Terminal, arg string) error {
	status, err := w.Ended()
	if err == nil && strconv.Itoa(status) != arg {
		err = fmt.Errorf("exit status %d", status)
	}
	return err
}
