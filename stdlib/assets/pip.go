package assets

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// pip is a pip that answers.
type pip struct {
	argv    []string
	version string
}

// findPip returns the first candidate that tells its version.
func findPip(ctx context.Context, candidates [][]string) (pip, error) {
	var tried []string
	for _, argv := range candidates {
		tried = append(tried, strings.Join(argv, " "))
		out, err := exec.CommandContext(ctx, argv[0], append(argv[1:len(argv):len(argv)], "--version")...).Output()
		if ctx.Err() != nil {
			return pip{}, ctx.Err()
		}
		var version string
		if err == nil {
			if _, err = fmt.Sscanf(string(out), "pip %s", &version); err == nil {
				return pip{argv, version}, nil
			}
		}
	}
	return pip{}, fmt.Errorf("no pip found (tried %s): install Python 3 with pip, such as by \"apt install python3-pip\"", strings.Join(tried, ", "))
}

func (p pip) String() string { return strings.Join(p.argv, " ") + " " + p.version }

// resumes tells whether this pip goes on where a broken connection left it.
func (p pip) resumes() bool {
	var major, minor int
	fmt.Sscanf(p.version, "%d.%d", &major, &minor)
	return major > 25 || major == 25 && minor >= 1
}

// args downloads exactly one archive. Wheels are chosen for the interpreter and
// platform they were built for, whatever Python runs pip. pip's own cache is
// left out: it would hold a second copy, and older pips build it in memory.
func (p pip) args(a archive, dest string) []string {
	args := append(slices.Clone(p.argv), "download", "--dest", dest,
		"--no-deps", "--no-input", "--no-color", "--no-cache-dir", "--disable-pip-version-check",
		"--progress-bar", "off", "--python-version", "3.11")
	if p.resumes() {
		args = append(args, "--resume-retries", "20")
	}
	if a.wheel() {
		args = append(args, "--only-binary", ":all:", "--implementation", "cp", "--platform", "manylinux1_x86_64")
	} else {
		args = append(args, "--no-binary", a.Package)
	}
	return append(args, a.Package+"=="+a.Version)
}

// download runs pip with its temporary files in work, which exists and is
// empty, until the archive is whole, and returns where the archive lies.
//
// It does not wait for pip to end: given a source distribution, pip goes on to
// unpack it, to run its build and to judge its metadata (newer ones refuse
// bigbench's), and nothing of that is wanted. pip writes the archive under its
// own name into a directory of $TMPDIR, so its size tells when it is whole;
// what is not downloaded, such as a file of a local wheel directory, appears in
// dest instead.
func (p pip) download(ctx context.Context, a archive, work string, progress func(done, total int64)) (string, error) {
	run := newRun(ctx, p.args(a, filepath.Join(work, "dest")), filepath.Join(work, "tmp"))
	if err := os.Mkdir(filepath.Join(work, "tmp"), 0o755); err != nil {
		return "", err
	}
	run.start()
	defer run.stop()
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		ended := false
		select {
		case <-run.done:
			ended = true
		case <-tick.C:
		}
		path, size := locate(work, a.File)
		progress(size, a.Size)
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case path != "" && size >= a.Size, path != "" && ended && run.err == nil:
			return path, nil
		case ended:
			return "", p.failure(run, a)
		}
	}
}

// locate finds the archive, whole or not, in pip's directories.
func locate(work, name string) (path string, size int64) {
	for _, pattern := range []string{"dest/" + name, "tmp/*/" + name} {
		found, _ := fs.Glob(os.DirFS(work), pattern)
		for _, f := range found {
			if info, err := os.Stat(filepath.Join(work, f)); err == nil && info.Size() >= size {
				path, size = filepath.Join(work, f), info.Size()
			}
		}
	}
	return path, size
}

// run is a child process in a process group of its own.
type run struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	stderr bytes.Buffer
	done   chan struct{} // closed at the end; err is set then
	err    error
}

func newRun(ctx context.Context, argv []string, tmp string) *run {
	ctx, cancel := context.WithCancel(ctx)
	r := &run{cancel: cancel, done: make(chan struct{})}
	r.cmd = exec.CommandContext(ctx, argv[0], argv[1:]...)
	r.cmd.Env = append(os.Environ(), "TMPDIR="+tmp, "PIP_REQUIRE_VIRTUALENV=0")
	r.cmd.Stderr = &r.stderr
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r.cmd.Cancel = func() error { return syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) }
	r.cmd.WaitDelay = time.Second // for grandchildren that hold stderr open
	dieWithParent(r.cmd.SysProcAttr)
	return r
}

func (r *run) start() {
	go func() {
		defer close(r.done)
		runtime.LockOSThread() // the thread is the parent that dieWithParent means
		defer runtime.UnlockOSThread()
		r.err = r.cmd.Run()
	}()
}

// stop ends the group and returns when nothing of it writes any more.
func (r *run) stop() {
	r.cancel()
	<-r.done
}

// failure explains why pip ended without the archive.
func (p pip) failure(r *run, a archive) error {
	text := r.stderr.String()
	said := strings.TrimSuffix(lastWord(text), ".")
	switch {
	case strings.Contains(text, "No space left on device"):
		return fmt.Errorf("%s: %s: %w", p, said, syscall.ENOSPC)
	case networkTrouble(text):
		return fmt.Errorf("%s: %s: check the network and proxy, then run the same again%s", p, said, p.resumeHint())
	case r.err == nil:
		return fmt.Errorf("%s ended well without delivering %s: see by \"pip config list\" which index it uses", p, a.File)
	case strings.Contains(text, "No matching distribution"):
		return fmt.Errorf("%s: %s: check the network, and by \"pip config list\" which index it uses and whether that carries it", p, said)
	}
	return fmt.Errorf("%s: %w: %s", p, r.err, said)
}

func (p pip) resumeHint() string {
	if p.resumes() {
		return ""
	}
	return " (pip 25.1 or newer goes on where a connection broke)"
}

// networkTrouble knows pip's ways to say that a connection failed or ended
// early; older ones only find that the wheel is invalid.
func networkTrouble(stderr string) bool {
	for _, sign := range []string{
		"connection broken by", "ReadTimeout", "IncompleteRead", "ConnectionError", "ConnectionReset", "ProtocolError",
		"ProxyError", "SSLError", "incomplete-download", "is invalid.",
	} {
		if strings.Contains(stderr, sign) {
			return true
		}
	}
	return false
}

var (
	brokenBy = regexp.MustCompile(`connection broken by '(.*)'`)
	object   = regexp.MustCompile(`<[^>]*>: `)
)

// lastWord is what pip said about its failure: why the connection broke, if it
// did, because the errors after that only say that nothing was found; else the
// last error; else the last line.
func lastWord(stderr string) string {
	if found := brokenBy.FindStringSubmatch(stderr); found != nil {
		return object.ReplaceAllString(found[1], "")
	}
	last, failed := "it said nothing", false
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		text, old := strings.CutPrefix(line, "ERROR: ")
		text, recent := strings.CutPrefix(text, "× ")
		if old || recent || !failed && line != "" {
			last, failed = text, old || recent
		}
	}
	return last
}
