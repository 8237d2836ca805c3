//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// outcome is what must be the same, by the name of the file: all but times, and what says when and how a run was
// started.
func outcome(dir string) (map[string]string, error) {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || slices.Contains([]string{".lock", "manifest.json"}, e.Name()) {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		all[name] = string(text)
		if name == "metrics.jsonl" || name == "summary.json" {
			all[name], err = timeless(text)
		}
		return err
	})
	return all, err
}

// timeless is text of JSON values without their entry "seconds".
func timeless(text []byte) (string, error) {
	var list []string
	for decoder := json.NewDecoder(strings.NewReader(string(text))); decoder.More(); {
		var value map[string]any
		if err := decoder.Decode(&value); err != nil {
			return "", err
		}
		delete(value, "seconds")
		line, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		list = append(list, string(line))
	}
	return strings.Join(list, "\n"), nil
}

func compare(got, want map[string]string) error {
	var names []string
	for name := range maps.Keys(want) {
		if got[name] != want[name] {
			names = append(names, name)
		}
	}
	if len(names) > 0 || len(got) != len(want) {
		return fmt.Errorf("%d files, want %d; other than undisturbed: %v", len(got), len(want), names)
	}
	return nil
}

// fillDisk trains on a disk that has no room for a second checkpoint, makes room, and goes on.
func (t *trial) fillDisk() error {
	out := t.path("small")
	if err := os.Mkdir(out, 0o777); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", out, "tmpfs", 0, "size=2400k"); errors.Is(err, syscall.EPERM) {
		fmt.Println("a full disk: not measured, this user may not mount one")
		return nil
	} else if err != nil {
		return err
	}
	defer syscall.Unmount(out, 0)
	args := t.command(filepath.Join(out, "run"), t.steps, 5, 5)
	text, err := t.finish(args)
	if err == nil || !strings.Contains(text, "no space left on device") {
		return fmt.Errorf("a full disk: %v: %s", err, text)
	}
	_, said, _ := strings.Cut(strings.TrimSpace(text), "run: ")
	if err := syscall.Mount("tmpfs", out, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		return err
	}
	if text, err := t.finish(args); err != nil {
		return fmt.Errorf("a disk with room again: %w: %s", err, text)
	}
	got, err := outcome(filepath.Join(out, "run"))
	if err == nil {
		err = compare(got, t.want)
	}
	if err != nil {
		return fmt.Errorf("after a full disk: %w", err)
	}
	fmt.Println("a full disk: as undisturbed when there was room again. It had said:", said)
	return nil
}
