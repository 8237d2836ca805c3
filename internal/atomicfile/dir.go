package atomicfile

import (
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteDir fills a directory by way of a temporary one beside it, which write
// gets: so path is either the directory that it was before, or one with
// everything that write put there, on disk. What was there before is removed.
func WriteDir(path string, write func(dir string) error) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	tmp := path + "." + rand.Text()[:8] + ".tmp"
	if err := os.Mkdir(tmp, 0o777); err != nil {
		return err
	}
	defer os.RemoveAll(tmp) // after the exchange it is what was there before
	if err := write(tmp); err != nil {
		return err
	}
	if err := filepath.WalkDir(tmp, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncPath(name)
	}); err != nil {
		return err
	}
	if err := exchange(tmp, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

// syncPath waits until a file, or the names in a directory, are on disk.
func syncPath(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// exchange gives tmp the name path, and what had it before the name tmp, if
// there was something.
func exchange(tmp, path string) error {
	if _, err := os.Lstat(path); os.IsNotExist(err) {
		return os.Rename(tmp, path)
	}
	if swap(tmp, path) == nil {
		return nil
	}
	old := tmp + ".old" // where the system cannot swap two names there is a moment without
	if err := os.Rename(path, old); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		os.Rename(old, path)
		return err
	}
	return os.Rename(old, tmp)
}
