package assets

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var wantTree = map[string]string{
	"wheels/lib/a.so":         "the library",
	"wheels/lib/b.so.12":      "another",
	"wheels/include/x/y.h":    "#pragma once\n",
	"wheels/stubs/libcuda.a":  "!<arch>\n",
	"wheels/stubs/libtorch.a": "!<arch>\n",
	"tasks/one.json":          `{"n":1}`,
	"tasks/two.json":          `{"n":2}`,
	"wheels/" + manifestName:  "",
	"tasks/" + manifestName:   "",
}

// wantComplete compares the cache with wantTree but for the manifests' text.
func wantComplete(t *testing.T, s *store) {
	t.Helper()
	got := tree(t, s.dir)
	for name := range got {
		if filepath.Base(name) == manifestName {
			got[name] = ""
		}
	}
	if diff := cmp.Diff(wantTree, got); diff != "" {
		t.Errorf("cache (-want +got):\n%s", diff)
	}
	for _, a := range s.table {
		if err := s.verify(context.Background(), a); err != nil {
			t.Error(err)
		}
	}
}

func TestFetch(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	var out strings.Builder
	if err := s.fetch(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	wantComplete(t, s)
	wantContains(t, out.String(), "fetching wheels\n", "  alpha 1.0, ", "wheels is complete in "+s.dir, "tasks is complete in "+s.dir)

	calls := shelf.calls(t)
	if len(calls) != 3 {
		t.Fatalf("pip was called %d times, want once for each archive: %q", len(calls), calls)
	}
	common := []string{"download", "--no-deps", "--no-input", "--resume-retries 20"}
	wantContains(t, calls[0], append(common, "--only-binary :all:", "--platform manylinux1_x86_64", "alpha==1.0")...)
	wantContains(t, calls[2], append(common, "--no-binary gamma", "gamma==3.0")...)

	if err := s.fetch(t.Context(), []string{"w", "tasks", "wheels"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	if again := shelf.calls(t); len(again) != 3 {
		t.Errorf("a second fetch called pip: %q", again[3:])
	}
	if dir, err := s.path("w"); err != nil || dir != filepath.Join(s.dir, "wheels") {
		t.Errorf("path(w) = %q, %v", dir, err)
	}
}

// A real pip goes on to build a source distribution, in children of its own,
// and may refuse it.
func TestFetchEndsPipWhenTheArchiveIsWhole(t *testing.T) {
	shelf := newShelf(t, `mkdir "$TMPDIR/u" && { sleep 600 & echo $! >"${found%/*}/pid"; } && cp "$found" "$TMPDIR/u" && wait`)
	s := shelf.store()
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	wantComplete(t, s)
	wantEnded(t, shelf.path("pid"))
}

// wantEnded fails if the process whose id is in the file is there after a while.
func wantEnded(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if running(pid) != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("pip (process %d) is still running", pid)
}

// running is nil if the process is there and is not merely waiting to be
// collected by whoever adopted it.
func running(pid int) error {
	if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
		return syscall.ESRCH
	}
	return syscall.Kill(pid, 0)
}

func TestFetchFailures(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{
			"no network", `echo "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno 101] Network is unreachable')': /simple/alpha/
ERROR: Could not find a version that satisfies the requirement alpha==1.0 (from versions: none)
ERROR: No matching distribution found for alpha==1.0" >&2; exit 1`,
			[]string{"wheels: ", "Failed to establish a new connection: [Errno 101] Network is unreachable", "check the network and proxy"},
		},
		{
			"connection lost", `mkdir "$TMPDIR/u"; printf part >"$TMPDIR/u/${found##*/}"; sleep 0.3
echo "error: incomplete-download

× Download failed after 6 attempts because not enough bytes were received (4 bytes/1 kB)
╰─> URL: http://x/

hint: Use --resume-retries to configure resume attempt limit." >&2; exit 1`,
			[]string{"Download failed after 6 attempts", "check the network and proxy"},
		},
		{
			"not in the index", `echo "ERROR: No matching distribution found for alpha==1.0" >&2; exit 1`,
			[]string{"No matching distribution found for alpha==1.0", "pip config list"},
		},
		{
			"pip breaks", `printf 'Traceback:\n  File x\nImportError: no module ssl\n' >&2; exit 2`,
			[]string{"pip 25.3", "exit status 2", "ImportError: no module ssl"},
		},
		{
			"silent", `exit 3`,
			[]string{"exit status 3", "it said nothing"},
		},
		{
			"something else delivered", `mkdir "$dest" && touch "$dest/alpha-1.0-cp39-none-any.whl"`,
			[]string{"without delivering alpha-1.0-py3-none-any.whl", "pip config list"},
		},
		{
			"corrupt", `mkdir "$dest" && sed s/library/LIBRARY/ "$found" >"$dest/${found##*/}" && printf . >>"$dest/${found##*/}"`,
			[]string{"alpha-1.0-py3-none-any.whl arrived with SHA-256 ", ", want ", "was deleted: run the same again"},
		},
		{
			"truncated", `mkdir "$dest" && head -c 10 "$found" >"$dest/${found##*/}"`,
			[]string{"arrived with SHA-256 "},
		},
		{
			"disk full below pip", `if ! cat "$found" >/dev/full; then echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device" >&2; exit 1; fi`,
			[]string{"[Errno 28]", "no space left on device", "wheels needs ", "free some"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShelf(t, c.body).store()
			err := s.fetch(t.Context(), []string{"wheels"}, io.Discard)
			if err == nil {
				t.Fatal("no error")
			}
			wantContains(t, err.Error(), append(c.want, "assets: fetch: wheels: ")...)
			if diff := cmp.Diff(map[string]string{}, tree(t, s.dir)); diff != "" {
				t.Errorf("left behind (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFetchWithoutPip(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	shelf.write(t, "broken", []byte("#!/bin/sh\necho No module named pip >&2; exit 1\n"))
	s.pips = [][]string{{shelf.path("broken"), "-m", "pip"}, {shelf.path("absent")}}
	err := s.fetch(t.Context(), nil, io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	wantContains(t, err.Error(), "no pip found (tried "+shelf.path("broken")+" -m pip, "+shelf.path("absent")+")", "install Python 3 with pip")
}

// stalls delivers alpha and leaves half of beta; its process id is in pid.
const stalls = `case $package in
alpha) mkdir "$dest" && cp "$found" "$dest" ;;
*) mkdir "$TMPDIR/u" && head -c 20 "$found" >"$TMPDIR/u/${found##*/}" && echo $$ >"${found%/*}/pid" && exec sleep 600 ;;
esac`

// awaitStall returns when the pip of stalls has written half of beta.
func awaitStall(t *testing.T, shelf shelf) {
	t.Helper()
	for range 500 {
		if exists(shelf.path("pid")) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("pip was not called for beta")
}

// wantResumed: the archive that arrived is there and is not fetched again.
func wantResumed(t *testing.T, shelf shelf) {
	t.Helper()
	s := shelf.store()
	if !exists(s.scratch("archives", "alpha-1.0-py3-none-any.whl")) {
		t.Error("the whole archive is gone")
	}
	if exists(s.home(s.table[0])) {
		t.Error("the unfinished asset is there")
	}
	shelf.script(t, copies)
	var out strings.Builder
	if err := s.fetch(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	wantContains(t, out.String(), "alpha 1.0 was downloaded before")
	wantComplete(t, s)
	if n := strings.Count(strings.Join(shelf.calls(t), ""), "alpha==1.0"); n != 1 {
		t.Errorf("alpha was downloaded %d times, want once", n)
	}
}

func TestFetchCancelled(t *testing.T) {
	shelf := newShelf(t, stalls)
	s := shelf.store()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() { result <- s.fetch(ctx, nil, io.Discard) }()
	awaitStall(t, shelf)
	start := time.Now()
	cancel()
	err := <-result
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
	wantContains(t, err.Error(), "run the same again to go on")
	if took := time.Since(start); took > time.Second {
		t.Errorf("cancelling took %s", took)
	}
	wantEnded(t, shelf.path("pid"))
	if exists(s.scratch("tmp")) {
		t.Error("temporary files are left")
	}
	wantResumed(t, shelf)
}

func TestFetchKilled(t *testing.T) {
	shelf := newShelf(t, stalls)
	cmd, _ := shelf.process(t)
	awaitStall(t, shelf)
	cmd.Process.Kill()
	cmd.Wait()
	if runtime.GOOS == "linux" {
		wantEnded(t, shelf.path("pid"))
	}
	if !exists(shelf.store().scratch("tmp")) {
		t.Error("the killed process left nothing, which this test is about")
	}
	wantResumed(t, shelf)
}

func TestFetchTwiceAtOnce(t *testing.T) {
	shelf := newShelf(t, "sleep 0.5\n"+copies)
	first, out1 := shelf.process(t)
	second, out2 := shelf.process(t)
	for _, cmd := range []*exec.Cmd{first, second} {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v\n%s%s", err, out1, out2)
		}
	}
	wantComplete(t, shelf.store())
	both := out1.String() + out2.String()
	if strings.Count(both, "waiting for another process") != 1 || strings.Count(both, "fetching wheels") != 1 {
		t.Errorf("want one process to work and one to wait:\n%s", both)
	}
	if calls := shelf.calls(t); len(calls) != 3 {
		t.Errorf("pip was called %d times, want 3: %q", len(calls), calls)
	}
}

func TestFetchWaitingIsCancelled(t *testing.T) {
	s := newShelf(t, copies).store()
	release, err := s.lock(t.Context(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.fetch(ctx, nil, io.Discard); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the context's", err)
	}
}

func TestFetchNeedsDisk(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	s.table[1].Unpacked = 1 << 60
	err := s.fetch(t.Context(), nil, io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	wantContains(t, err.Error(), s.dir+" has ", " free, 1152921.5 TB are needed", "set KAIROS_CACHE")
	if len(shelf.calls(t)) != 0 {
		t.Error("pip was called")
	}
}

// The kernel reports a full disk for every write to /dev/full.
func TestFetchFillsTheDisk(t *testing.T) {
	s := newShelf(t, copies).store()
	s.create = func(name string) (*os.File, error) {
		if filepath.Base(name) == "b.so.12" {
			return os.OpenFile("/dev/full", os.O_WRONLY, 0)
		}
		return os.Create(name)
	}
	err := s.fetch(t.Context(), []string{"wheels"}, io.Discard)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error %v, want ENOSPC", err)
	}
	wantContains(t, err.Error(), "unpack beta-2.0-py3-none-any.whl", "wheels needs ", "free some")
	if diff := cmp.Diff(map[string]string{}, tree(t, s.dir)); diff != "" {
		t.Errorf("left behind (-want +got):\n%s", diff)
	}
}

func TestFetchUnwritableCache(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	shelf.write(t, "cache", []byte("a file is in the way"))
	err := s.fetch(t.Context(), nil, io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	wantContains(t, err.Error(), "make the cache: ", shelf.path("cache"), "set KAIROS_CACHE")
}

func TestFetchElsewhere(t *testing.T) {
	s := newShelf(t, copies).store()
	s.table[0].Platform = "plan9/arm"
	err := s.fetch(t.Context(), nil, io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	wantContains(t, err.Error(), "wheels is for plan9/arm, this is "+s.platform, "LIBTORCH")
}

func TestFetchUnknownName(t *testing.T) {
	err := newShelf(t, copies).store().fetch(t.Context(), []string{"wheel"}, io.Discard)
	if err == nil || err.Error() != `assets: no asset "wheel": there are wheels, tasks` {
		t.Errorf("error %v", err)
	}
}
