// Package spec tells Jupyter about the kernel: it writes and removes the kernelspec, the directory in which Jupyter's
// programs find how a kernel is started and what it looks like.
//
//	Config      which kernel, under which name, where
//	Install     writes it
//	Uninstall   removes it
//
// What Jupyter reads is described in jupyter_client's documentation, "Making kernels for Jupyter", and where it looks
// in jupyter_core's.
package spec

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

//go:embed logo
var logos embed.FS

// Config says what is installed, and where. The zero value is the kernel "kairos" for this user.
type Config struct {
	Name        string // of the directory; "" is kairos
	DisplayName string // in menus; "" is Go (kairos)
	Program     string // the path of kairos
	// Env is what the kernel finds in its environment beside what Jupyter has.
	Env map[string]string
	// Prefix has the kernel for all users of what is installed there: PREFIX/share/jupyter. "" is for this user alone.
	Prefix string
	// Getenv looks a variable up; nil is os.Getenv.
	Getenv func(string) string
}

// DefaultName is the name of the kernel.
const DefaultName = "kairos"

// names are those that Jupyter accepts.
var names = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// Install writes the kernelspec, in place of one of the same name, and returns its directory.
func Install(c Config) (dir string, err error) {
	dir, err = c.dir()
	if err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	aside, err := os.MkdirTemp(parent, ".kairos-")
	if err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	defer os.RemoveAll(aside) // not there once renamed
	if err := c.write(aside); err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("install the kernel: %w", err)
	}
	return dir, os.Rename(aside, dir)
}

// Uninstall removes the kernelspec and returns where it was.
func Uninstall(c Config) (dir string, err error) {
	dir, err = c.dir()
	if err != nil {
		return "", fmt.Errorf("uninstall the kernel: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err != nil {
		return "", fmt.Errorf("uninstall the kernel: there is none in %s; jupyter kernelspec list shows where they are", dir)
	}
	return dir, os.RemoveAll(dir)
}

// dir is where the kernelspec lies.
func (c Config) dir() (string, error) {
	name := c.Name
	if name == "" {
		name = DefaultName
	}
	if !names.MatchString(name) {
		return "", fmt.Errorf("the name %q: letters, digits, '.', '_' and '-' are what Jupyter accepts", name)
	}
	data, err := c.data()
	return filepath.Join(data, "kernels", name), err
}

// data is Jupyter's directory of data.
func (c Config) data() (string, error) {
	if c.Prefix != "" {
		return filepath.Join(c.Prefix, "share", "jupyter"), nil
	}
	getenv := c.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	if dir := getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	home := getenv("HOME")
	if home == "" {
		return "", errors.New("$HOME is not set; say where with --prefix")
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter"), nil
	}
	if dir := getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// write fills the directory.
func (c Config) write(dir string) error {
	display := c.DisplayName
	if display == "" {
		display = "Go (kairos)"
	}
	text, err := json.MarshalIndent(map[string]any{
		"argv":           []string{c.Program, "kernel", "serve", "-f", "{connection_file}"},
		"display_name":   display,
		"language":       "go",
		"interrupt_mode": "message",
		"env":            c.environment(),
		"metadata":       map[string]any{"debugger": false},
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	entries, err := logos.ReadDir("logo")
	if err != nil {
		return err
	}
	for _, e := range entries {
		data, err := logos.ReadFile("logo/" + e.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) environment() map[string]string {
	if c.Env == nil {
		return map[string]string{}
	}
	return c.Env
}
