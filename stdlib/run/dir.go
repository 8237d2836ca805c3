package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// What lies in a run directory.
const (
	configFile     = "config.json"
	manifestFile   = "manifest.json"
	metricsFile    = "metrics.jsonl"
	checkpointFile = "checkpoint.safetensors"
	modelDir       = "model"
	summaryFile    = "summary.json"
	lockFile       = ".lock"
	resultsFile    = "test_results.json" // in step_N
)

// patience is long enough for a process that was told to end, which saves first.
const patience = 30 * time.Second

func in(dir, name string) string { return filepath.Join(dir, name) }

// directory is a run directory that this process has for itself.
type directory struct {
	path string
	lock *flock.Flock
	made bool      // it was not there before
	was  *settings // of the run that is there, nil if there is none
}

// openDir makes the directory if it is not there, and takes it. For another process to leave it, it
// waits so long.
func openDir(ctx context.Context, path string, patience time.Duration) (*directory, error) {
	_, err := os.Stat(path)
	d := &directory{path: path, lock: flock.New(in(path, lockFile)), made: errors.Is(err, fs.ErrNotExist)}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = d.lock.TryLockContext(limited, 50*time.Millisecond)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return nil, errors.New("another process works on this run")
	case err != nil:
		return nil, err
	}
	return d, nil
}

// close leaves the directory, and takes it away if it was made for a run that could not begin.
func (d *directory) close() {
	if _, err := os.Stat(in(d.path, configFile)); d.made && errors.Is(err, fs.ErrNotExist) {
		os.Remove(in(d.path, lockFile))
		os.Remove(d.path) // unless there is something else
	}
	d.lock.Close()
}

// admit decides whether a run of these settings can begin or go on here.
func (d *directory) admit(cfg Config, s settings) error {
	var err error
	if d.was, err = readSettings(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch {
	case d.was == nil:
		return d.empty()
	case !cfg.Resume:
		return errors.New("there is a run already: resume it, or choose another directory")
	}
	return s.agree(*d.was, "model", "weights.trained", "weights.frozen") // the weights' turn comes when they are loaded
}

// readSettings reads config.json. Where there is none the error is fs.ErrNotExist.
func readSettings(dir string) (*settings, error) {
	text, err := os.ReadFile(in(dir, configFile))
	if err != nil {
		return nil, err
	}
	s := new(settings)
	if err := json.Unmarshal(text, s); err != nil || s.Train.SHA256 == "" {
		return nil, fmt.Errorf("%s there is not that of a run", configFile)
	}
	return s, nil
}

// empty refuses a directory that holds what is not of a run. A run that was killed before its
// settings were there left at most a manifest and unfinished files.
func (d *directory) empty() error {
	entries, err := os.ReadDir(d.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); name != lockFile && name != manifestFile && !strings.HasSuffix(name, ".tmp") {
			return fmt.Errorf("the directory is not empty, and holds no run: there is %s", name)
		}
	}
	return nil
}

func (d *directory) complete() bool {
	_, err := os.Stat(in(d.path, summaryFile))
	return err == nil
}

// sweep removes what processes that were killed were writing under these names.
func sweep(dir string, names ...string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		for _, name := range names {
			if strings.HasPrefix(e.Name(), name+".") && strings.HasSuffix(e.Name(), ".tmp") {
				if err := os.RemoveAll(in(dir, e.Name())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
