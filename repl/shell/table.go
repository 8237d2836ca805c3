package shell

import (
	"fmt"
	"slices"
	"strings"
)

// The groups of commands, in the order in which %help lists them.
const (
	groupNames   = "Names and help"
	groupTime    = "Time"
	groupHistory = "History and files"
	groupSystem  = "The system"
	groupSession = "The session"
)

var groups = []string{groupNames, groupTime, groupHistory, groupSystem, groupSession}

// catalogue has all commands.
type catalogue struct {
	list   []*command
	byName map[string]*command
}

func newTable() *catalogue {
	t := &catalogue{byName: map[string]*command{}}
	for _, of := range [][]*command{helpCommands(), nameCommands(), timeCommands(), historyCommands(), fileCommands(), systemCommands(), sessionCommands()} {
		for _, c := range of {
			t.list = append(t.list, c)
			for _, name := range append([]string{c.name}, c.aliases...) {
				t.byName[name] = c
			}
		}
	}
	return t
}

// find returns the command that a part of a cell names, or nil.
func (t *catalogue) find(p part) *command {
	if p.name == "" {
		return t.byName[p.sign]
	}
	return t.byName[p.name]
}

// names are those of all commands that have letters, sorted, without aliases.
func (t *catalogue) names() (names []string) {
	for _, c := range t.list {
		if c.isNamed() {
			names = append(names, c.name)
		}
	}
	slices.Sort(names)
	return names
}

// isNamed tells a command from what has only a sign, such as !.
func (c *command) isNamed() bool { return c.name[0] >= 'a' }

// title is how a command is written.
func (c *command) title() string {
	sign := "%"
	switch {
	case !c.isNamed():
		sign = ""
	case c.form == inCell:
		sign = "%%"
	}
	return strings.TrimRight(sign+c.name+" "+c.usage, " ")
}

// unknown says that there is no such command, and what may be meant.
func (t *catalogue) unknown(p part) string {
	if hint := foreign[strings.ToLower(p.name)]; hint != "" {
		return p.typed() + ": " + hint
	}
	all := t.names()
	for name := range t.byName {
		all = append(all, name)
	}
	text := fmt.Sprintf("%s: no such command", p.typed())
	if names := near(p.name, all); len(names) > 0 {
		sign := p.sign
		if t.byName[names[0]].form == inCell {
			sign = "%%"
		}
		text += fmt.Sprintf("; did you mean %s%s?", sign, names[0])
	}
	return text + " (%help lists the commands)"
}

// foreign are commands of other prompts, and what to do here instead.
var foreign = map[string]string{
	"matplotlib":       "plots need no setting here: a chart that is a cell's value is shown, see ?plot",
	"pylab":            "plots need no setting here: a chart that is a cell's value is shown, see ?plot",
	"pip":              "there is nothing to install: the packages of Go and of kairos can be imported, and need no import line",
	"conda":            "there is nothing to install: the packages of Go and of kairos can be imported, and need no import line",
	"dep":              importsHint,
	"import":           importsHint,
	"load_ext":         "there are no extensions; %help lists what there is",
	"reload_ext":       "there are no extensions; %help lists what there is",
	"autoreload":       "files are read again with %run",
	"debug":            "there is no debugger; %explain tells about the last error",
	"pdb":              "there is no debugger; %explain tells about the last error",
	"prun":             "there is no profiler here; %timeit measures",
	"lprun":            "there is no profiler here; %timeit measures",
	"memit":            "there is no command for it; see ?runtime.ReadMemStats",
	"store":            "write values to files with Go, and read them in the next session; %save keeps the cells",
	"notebook":         "kairos export writes notebooks",
	"capture":          "assign what a function returns; !!cmd has a program's output as a value",
	"html":             "a value with a method HTML() string is shown as that",
	"latex":            "a value with a method Latex() string is shown as that",
	"markdown":         "a value with a method Markdown() string is shown as that",
	"svg":              "a value with a method SVG() string is shown as that",
	"javascript":       "there is no JavaScript in cells",
	"js":               "there is no JavaScript in cells",
	"python":           "there is no Python in cells; !python3 FILE runs one",
	"macro":            "write a function: func name() { … }",
	"alias":            "write a function, or !cmd",
	"sql":              "there is no SQL in cells",
	"opt":              "cells are not compiled; a program is, with go build",
	"last_error":       "see %explain",
	"preserve":         "nothing to do: an interrupt keeps the variables",
	"clear":            "%reset forgets what cells declared; Ctrl-L clears the screen",
	"undo":             "declare the name again: the newest declaration counts",
	"colors":           "NO_COLOR=1 in the environment turns colours off",
	"config":           "there is nothing to configure in a session; kairos --help has the options",
	"magic":            "see %lsmagic and %help",
	"logstart":         "every cell is in the history already; see %history and %save",
	"fmt":              "see gofmt: !gofmt -d FILE",
	"efmt":             "values are shown as %+v would; use fmt.Printf for another form",
	"sccache":          "cells are not compiled, and start at once",
	"linker":           "cells are not compiled, and start at once",
	"last_compile_dir": "cells are not compiled to files",
}

const importsHint = "a package needs no import line: strings.Cut(…) is enough. import \"…\" works as well, for the packages of Go and of kairos; " +
	"others can be used in programs that go build compiles"
