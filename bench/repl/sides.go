package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// side is a program with a prompt, and how it is used.
type side struct {
	name    string
	command []string
	env     []string
	asks    []string       // its version: arguments
	prompt  *regexp.Regexp // the line of the cursor, when a cell can be typed
	before  string         // a cell that comes first
	lines   string         // one of the 200 lines; "": it edits one line at a time
	member  string         // keys before Tab
	menu    *regexp.Regexp // what is then on the screen
	lists   bool           // the first Tab completes, the second, which is measured, lists
	leave   string         // keys with which the menu closes and the line is empty
}

var (
	numbered = regexp.MustCompile(`^In \[\d+\]:$`)
	cell11   = "1+1"
)

// all are the sides, kairos first.
func all(kairos string) []side {
	return []side{
		{name: "kairos", command: []string{kairos}, asks: []string{"version"}, prompt: numbered,
			before: "x := 1", lines: "x = x + 1 // a line of the cell", member: "strings.Has", menu: regexp.MustCompile("HasSuffix"), leave: "<C-c>"},
		{name: "ipython", command: []string{"ipython"}, asks: []string{"--version"}, prompt: numbered,
			before: "import os; x = 1", lines: "x = x + 1 # a line of the cell", member: "os.pa", menu: regexp.MustCompile("pathsep"), leave: "<C-c>"},
		{name: "jupyter console, gonb", command: []string{"jupyter", "console", "--kernel", "gonb"}, asks: []string{"console", "--version"}, prompt: numbered,
			before: "x := 1", lines: "x = x + 1 // a line of the cell", member: "strings.Has", menu: regexp.MustCompile("HasSuffix"), leave: "<C-c>"},
		{name: "python3", command: []string{"python3", "-q"}, asks: []string{"--version"}, prompt: regexp.MustCompile(`^>>>$`),
			before: "import os", member: "os.pa", menu: regexp.MustCompile("pathsep"), lists: true, leave: "<C-e><C-u>"},
		{name: "yaegi", command: []string{"yaegi"}, asks: []string{"version"}, prompt: regexp.MustCompile(`^>$`), before: "x := 1"},
		{name: "evcxr", command: []string{"evcxr"}, asks: []string{"--version"}, prompt: regexp.MustCompile(`^>>$`),
			before: "let v = vec![3, 1, 2];", lines: "let x = 1; // a line of the cell", member: "v.is_", menu: regexp.MustCompile("is_sorted"), lists: true, leave: "<C-e><C-u>"},
	}
}

// sides are those that are here, each with a home of its own, and the names of those that are not.
func sides(kairos, only, dir string) (here []side, missing []string) {
	for i, s := range all(kairos) {
		if only != "" && !slices.Contains(strings.Split(only, ","), s.name) {
			continue
		}
		if _, err := exec.LookPath(s.command[0]); err != nil || !s.works() {
			missing = append(missing, s.name)
			continue
		}
		home := filepath.Join(dir, "home", string(rune('a'+i)))
		if err := os.MkdirAll(home, 0o777); err != nil {
			missing = append(missing, s.name)
			continue
		}
		s.env = append(s.env, "HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home, "IPYTHONDIR="+home,
			"CARGO_HOME="+userHome(".cargo", "CARGO_HOME"), "RUSTUP_HOME="+userHome(".rustup", "RUSTUP_HOME"), "PYENV_VERSION="+os.Getenv("PYENV_VERSION"))
		here = append(here, s)
	}
	return here, missing
}

// userHome is a directory that a toolchain has in the user's home.
func userHome(name, variable string) string {
	if dir := os.Getenv(variable); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, name)
}

// works tells whether the kernel of a console is there as well.
func (s side) works() bool {
	if s.command[0] != "jupyter" {
		return true
	}
	out, err := exec.Command("jupyter", "kernelspec", "list").Output()
	return err == nil && strings.Contains(string(out), "gonb")
}

var versionNumber = regexp.MustCompile(`\d+(\.\d+)+`)

// says is the version that the program tells.
func (s side) says() string {
	out, err := exec.Command(s.command[0], s.asks...).CombinedOutput()
	if err != nil || s.name == "kairos" {
		return ""
	}
	return versionNumber.FindString(string(out))
}
