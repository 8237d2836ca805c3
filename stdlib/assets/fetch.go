package assets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Fetch makes the named assets complete, or all of them if none is named, and
// tells out what it does: a progress bar for each archive on a terminal, a line
// now and then elsewhere. Complete assets cost a stat for each of their files.
//
// It is safe to call from several processes at once: the others wait for the
// first, then find its work done. Archives that arrived whole survive an
// interruption; nothing half-written is ever under its final name. Where
// $LIBTORCH is set, that libtorch is checked and none is fetched.
//
// Cancelling ctx ends the download at once and unpacking at the next read.
func Fetch(ctx context.Context, names []string, out io.Writer) error {
	s, err := open()
	if err != nil {
		return err
	}
	return s.fetch(ctx, names, out)
}

func (s *store) fetch(ctx context.Context, names []string, out io.Writer) error {
	wanted, err := s.wanted(names, out)
	if err != nil {
		return err
	}
	if todo := s.incomplete(wanted); len(todo) > 0 {
		if err := s.complete(ctx, todo, out); err != nil {
			return fmt.Errorf("assets: fetch: %w", err)
		}
	}
	for _, a := range wanted {
		fmt.Fprintf(out, "%s is complete in %s\n", a.Name, s.dir)
	}
	return nil
}

// wanted turns names into assets, each once.
func (s *store) wanted(names []string, out io.Writer) ([]asset, error) {
	named := make(map[string]bool)
	for _, name := range names {
		a, err := s.find(name)
		if err != nil {
			return nil, err
		}
		named[a.Name] = true
	}
	var all []asset
	for _, a := range s.table {
		if len(names) > 0 && !named[a.Name] {
			continue
		}
		if a.Name == libtorchName && s.libtorch != "" {
			t, err := s.torch()
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(out, "libtorch %s is used from LIBTORCH=%s\n", t.Version, t.Dir)
			continue
		}
		all = append(all, a)
	}
	return all, nil
}

func (s *store) incomplete(wanted []asset) []asset {
	var todo []asset
	for _, a := range wanted {
		if st := s.status(a); !st.Complete() {
			todo = append(todo, a)
		}
	}
	return todo
}

// scratch is where everything unfinished lies: whole archives, and tmp, of
// which everything may be removed by whoever holds the lock.
func (s *store) scratch(elem ...string) string {
	return filepath.Join(append([]string{s.dir, ".fetch"}, elem...)...)
}

// complete installs what is still incomplete once the lock is held.
func (s *store) complete(ctx context.Context, todo []asset, out io.Writer) error {
	if err := s.supported(todo); err != nil {
		return err
	}
	release, err := s.lock(ctx, out)
	if err != nil {
		return err
	}
	defer release()
	tmp := s.scratch("tmp")
	if err := os.RemoveAll(tmp); err != nil { // a killed run's
		return err
	}
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	todo = s.incomplete(todo)
	if err := s.checkSpace(todo); err != nil {
		return err
	}
	for _, a := range todo {
		if err := s.install(ctx, a, out); err != nil {
			return fmt.Errorf("%s: %w", a.Name, s.explain(ctx, a, err))
		}
	}
	return nil
}

func (s *store) supported(todo []asset) error {
	for _, a := range todo {
		if a.Platform != "" && a.Platform != s.platform {
			return fmt.Errorf("%s is for %s, this is %s: unpack an official libtorch 2.1 and set LIBTORCH to it", a.Name, a.Platform, s.platform)
		}
	}
	return nil
}

// lock waits until no other process fetches into this cache. The lock is the
// kernel's, so it ends with its process.
func (s *store) lock(ctx context.Context, out io.Writer) (release func(), err error) {
	if err := os.MkdirAll(s.scratch("archives"), 0o755); err != nil {
		return nil, fmt.Errorf("make the cache: %w: set KAIROS_CACHE to a directory that can be written", err)
	}
	f, err := os.OpenFile(s.scratch("lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("lock the cache: %w: set KAIROS_CACHE to a directory that can be written", err)
	}
	for told := false; ; told = true {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		if !told {
			fmt.Fprintf(out, "waiting for another process that fetches into %s\n", s.dir)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// checkSpace compares the free disk with the most that is needed at a time:
// an asset's archives are deleted before the next one's are fetched.
func (s *store) checkSpace(todo []asset) error {
	var kept, most int64
	for _, a := range todo {
		needed := kept + a.Unpacked
		for _, p := range a.Archives {
			if !s.arrived(p) {
				needed += p.Size
			}
		}
		most = max(most, needed)
		kept += a.Unpacked
	}
	free, err := freeDisk(s.dir)
	if err != nil {
		return err
	}
	if free < most {
		return fmt.Errorf("%s has %s free, %s are needed: free some, or set KAIROS_CACHE to a directory on another disk", s.dir, bytesText(free), bytesText(most))
	}
	return nil
}

// freeDisk tells how many bytes this user can still write in dir.
func freeDisk(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("tell the free disk of %s: %w", dir, err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// install obtains, unpacks and puts in place one asset.
func (s *store) install(ctx context.Context, a asset, out io.Writer) error {
	start := time.Now()
	fmt.Fprintf(out, "fetching %s\n", a.Name)
	if err := s.obtain(ctx, a, out); err != nil {
		return err
	}
	dir := s.scratch("tmp", a.Name)
	if err := s.unpack(ctx, a, dir, out); err != nil {
		return err
	}
	if err := s.replace(s.home(a), dir); err != nil {
		return err
	}
	fmt.Fprintf(out, "  done in %s\n", time.Since(start).Round(100*time.Millisecond))
	s.dropArchives(a)
	return nil
}

// obtain downloads the asset's archives, as far as they have not arrived.
func (s *store) obtain(ctx context.Context, a asset, out io.Writer) error {
	var p pip
	for _, ar := range a.Archives {
		if s.arrived(ar) && verifyArchive(ctx, ar, s.scratch("archives", ar.File)) == nil {
			fmt.Fprintf(out, "  %s was downloaded before\n", ar)
			continue
		}
		if p.argv == nil {
			var err error
			if p, err = findPip(ctx, s.pips); err != nil {
				return err
			}
		}
		if err := s.downloadVerified(ctx, p, ar, out); err != nil {
			return err
		}
	}
	return nil
}

// arrived tells whether the archive is among the whole ones.
func (s *store) arrived(a archive) bool {
	info, err := os.Stat(s.scratch("archives", a.File))
	return err == nil && info.Size() == a.Size
}

// downloadVerified moves the archive among the whole ones if its hash is right.
func (s *store) downloadVerified(ctx context.Context, p pip, a archive, out io.Writer) error {
	work, err := os.MkdirTemp(s.scratch("tmp"), "pip-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	fmt.Fprintf(out, "  %s, %s\n", a, bytesText(a.Size))
	m := newMeter(out, "downloading")
	path, err := p.download(ctx, a, work, m.set)
	m.end()
	if err != nil {
		return err
	}
	if err := verifyArchive(ctx, a, path); err != nil {
		return err
	}
	return os.Rename(path, s.scratch("archives", a.File))
}

// verifyArchive deletes an archive whose hash is not the table's.
func verifyArchive(ctx context.Context, a archive, path string) error {
	got, err := fileSHA256(ctx, path)
	if err != nil {
		return err
	}
	if got == a.SHA256 {
		return nil
	}
	return errors.Join(os.Remove(path), fmt.Errorf("%s arrived with SHA-256 %s, want %s, and was deleted: run the same again; if it stays so, a mirror or proxy alters it: see %q", a.File, got, a.SHA256, "pip config list"))
}

// unpack fills dir with the whole asset, manifest included, and has it on disk.
func (s *store) unpack(ctx context.Context, a asset, dir string, out io.Writer) error {
	u := &unpacker{dir: dir, create: s.create}
	for _, ar := range a.Archives {
		m := newMeter(out, "unpacking  ")
		err := u.unpack(ctx, ar, s.scratch("archives", ar.File), m.set)
		m.end()
		if err != nil {
			return err
		}
	}
	for _, lib := range a.Stubs {
		if err := u.add("stubs/lib"+lib+".a", strings.NewReader(emptyArchive)); err != nil {
			return err
		}
	}
	m := manifest{Asset: a.Name, Archives: a.Archives, Stubs: a.Stubs, Files: u.files}
	if err := m.write(dir); err != nil {
		return err
	}
	return syncTree(dir)
}

// replace puts dir in the place of home. What was there is moved aside first,
// so that the path is without a directory for two renames only.
func (s *store) replace(home, dir string) error {
	old := dir + ".old"
	if err := os.Rename(home, old); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(dir, home); err != nil {
		return errors.Join(err, os.Rename(old, home))
	}
	if err := syncTree(s.dir); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

func (s *store) dropArchives(a asset) {
	for _, ar := range a.Archives {
		os.Remove(s.scratch("archives", ar.File))
	}
}

// explain adds what can be done about the causes that have no explanation yet.
// A full disk keeps nothing of the asset.
func (s *store) explain(ctx context.Context, a asset, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: run the same again to go on; archives that arrived whole are kept", ctx.Err())
	case errors.Is(err, syscall.ENOSPC):
		s.dropArchives(a)
		return fmt.Errorf("%w: %s needs %s in %s while it is unpacked: free some, or set KAIROS_CACHE to a directory on another disk", err, a.Name, bytesText(a.download()+a.Unpacked), s.dir)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%w: set KAIROS_CACHE to a directory that can be written", err)
	}
	return err
}
