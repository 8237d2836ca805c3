package model

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"kairos/stdlib/assets"
)

// resolve turns a name into the path of a GGUF file or of a directory with
// safetensors. The name is that of a file or directory, of a model in kairos'
// cache, or of one in the local Hugging Face cache, looked for in this order.
func resolve(name string) (string, error) {
	if _, err := os.Stat(name); err == nil {
		return modelIn(name)
	} else if !hubName.MatchString(name) || strings.HasSuffix(name, ".gguf") {
		return "", err
	}
	if slices.Contains(assets.Names(), name) {
		dir, err := assets.Path(name)
		if err != nil {
			return "", err
		}
		return modelIn(dir)
	}
	dir, err := hubSnapshot(name)
	if err != nil {
		return "", err
	}
	return modelIn(dir)
}

// modelIn is what to open of a path: the file that it names, the directory if
// it has safetensors, or the one GGUF file in there.
func modelIn(path string) (string, error) {
	for _, name := range []string{weightsFile, indexFile} {
		if _, err := os.Stat(filepath.Join(path, name)); err == nil {
			return path, nil
		}
	}
	var found []string
	entries, _ := os.ReadDir(path)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".gguf") {
			found = append(found, filepath.Join(path, e.Name()))
		}
	}
	switch len(found) {
	case 0:
		return path, nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%s holds %d GGUF files: load one of them, such as %s", path, len(found), found[0])
}

func open(path string) (source, error) {
	if strings.HasSuffix(path, ".gguf") {
		return openGGUF(path)
	}
	return openSafetensors(path)
}

// hubName is what names of models look like on the Hugging Face hub: of an
// owner and a model, or of a model alone.
var hubName = regexp.MustCompile(`^\w[\w.-]*(/\w[\w.-]*)?$`)

// hubSnapshot is the directory of a model in the local Hugging Face cache, which
// keeps the files of a revision under models--OWNER--NAME/snapshots/REVISION, and
// the revision that was fetched last in refs/main.
func hubSnapshot(name string) (string, error) {
	hub, err := hubCache()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(hub, "models--"+strings.ReplaceAll(name, "/", "--"))
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("it is no file or directory, no model of kairos' cache, and not in the Hugging Face cache, which has no %s: download it (hf download %s), or load a path", dir, name)
	}
	revision, err := os.ReadFile(filepath.Join(dir, "refs", "main"))
	if err != nil {
		return "", fmt.Errorf("the Hugging Face cache does not say which snapshot is the current one: %w: download it again (hf download %s), or load the path of a snapshot", err, name)
	}
	snapshot := filepath.Join(dir, "snapshots", filepath.Base(strings.TrimSpace(string(revision))))
	if _, err := os.Stat(snapshot); err != nil {
		return "", fmt.Errorf("the Hugging Face cache lacks the current snapshot: %w: download it again (hf download %s)", err, name)
	}
	return snapshot, nil
}

// hubCache is where huggingface_hub keeps what it has downloaded.
func hubCache() (string, error) {
	if dir := os.Getenv("HF_HUB_CACHE"); dir != "" {
		return dir, nil
	}
	if dir := os.Getenv("HF_HOME"); dir != "" {
		return filepath.Join(dir, "hub"), nil
	}
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "huggingface", "hub"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the Hugging Face cache: %w: set HF_HOME to a directory", err)
	}
	return filepath.Join(home, ".cache", "huggingface", "hub"), nil
}
