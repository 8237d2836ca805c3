package shell

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"kairos/repl"
)

func fileCommands() []*command {
	return []*command{
		{
			name: "run", group: groupHistory, usage: "FILE [ARGUMENTS]", args: fileArgument, run: run,
			help: "run a program, or a file of // %% cells, in this session",
			more: "What it declares can be used afterwards. The main of a program is called. Its os.Args are the file and the arguments.",
		},
		{
			name: "save", group: groupHistory, usage: "[-f] [-last] FILE [RANGE…]", args: fileArgument, run: save,
			help: "write cells as a program that kairos run and go run accept",
			more: "Without ranges, all cells of this session that did not fail. -f overwrites a file.\n" +
				"-last takes the last definition of a name that a program cannot have twice.\n" + rangesHelp,
		},
		{
			name: "edit", group: groupHistory, usage: "[RANGE…|NAME]", args: goArgument, run: edit,
			help: "edit cells, or what declares a name, with $VISUAL or $EDITOR; the text is in the next cell then",
			more: rangesHelp,
		},
		{
			name: "writefile", aliases: []string{"file"}, group: groupHistory, usage: "[-a] FILE", form: inCell, args: fileArgument, run: writeFile,
			help: "write the rest of the cell to a file; -a at its end",
		},
	}
}

// nearFile suggests a file.
func (c *call) nearFile(path string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return didYouMean("", near(filepath.Base(path), names))
}

// run evaluates a file in the session, as pieces of this cell.
func run(ctx context.Context, c *call) error {
	list, err := words(c.args)
	if err != nil {
		return c.fail("%v", err)
	}
	if len(list) == 0 {
		return c.usage()
	}
	if info, err := os.Stat(home(list[0])); err == nil && info.IsDir() {
		return c.fail("%s is a directory: !kairos run %[1]s runs the program in it", list[0])
	}
	name, src, err := c.readSource(list[0])
	if err != nil {
		return err
	}
	pieces := fileCells(src)
	switch pkg := packageOf(src); pkg {
	case "":
		c.shell.ranFile(c.number, src)
	case "main":
		pieces = []string{src} // a session calls the main of a program
	default:
		return c.fail("%s is of package %s: what can be run is package main, or a file of cells", name, pkg)
	}
	if err := c.setArgs(ctx, append([]string{name}, list[1:]...)); err != nil {
		return err
	}
	return c.pieces(ctx, name, pieces)
}

// pieces evaluates those of a file. Errors have the file's name.
func (c *call) pieces(ctx context.Context, name string, pieces []string) error {
	for i, piece := range pieces {
		result, err := c.shell.eval(ctx, c.number, piece, c.out)
		c.add(result)
		if exit := new(repl.Exited); errors.As(err, &exit) && exit.Status == 0 {
			return nil
		}
		if err != nil {
			return renamed(err, fmt.Sprintf("cell[%d]", c.number), name)
		}
		if i < len(pieces)-1 && len(result.Values) > 0 {
			c.display(result.Bundle())
		}
	}
	return nil
}

var separator = regexp.MustCompile(`(?m)^//[ \t]*%%.*$`)

// fileCells are the cells of a file, each in its lines.
func fileCells(src string) (cells []string) {
	begin := 0
	add := func(end int) {
		if strings.TrimSpace(src[begin:end]) != "" {
			cells = append(cells, strings.Repeat("\n", strings.Count(src[:begin], "\n"))+src[begin:end])
		}
	}
	for _, at := range separator.FindAllStringIndex(src, -1) {
		add(at[0])
		begin = at[1]
	}
	add(len(src))
	return cells
}

// packageOf is the package that a file is of; "" if it is of none, or does not parse, which the session will say.
func packageOf(src string) string {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	return f.Name.Name
}

// setArgs sets the arguments of the session's process.
func (c *call) setArgs(ctx context.Context, args []string) error {
	c.shell.restore(ctx)
	src := fmt.Sprintf("os.Args = %#v; flag.CommandLine = flag.NewFlagSet(%q, flag.ContinueOnError);", args, args[0])
	if _, err := c.shell.quietly(ctx, src); err != nil {
		return c.ofSession(err)
	}
	return nil
}

func writeFile(_ context.Context, c *call) error {
	var end bool
	rest, err := c.parse(func(f *flag.FlagSet) { f.BoolVar(&end, "a", false, "") })
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return c.usage()
	}
	path, how, verb := home(rest[0]), os.O_TRUNC, "Wrote"
	if _, err := os.Stat(path); err == nil {
		verb = "Overwrote"
		if end {
			how, verb = os.O_APPEND, "Added to"
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, 0o644)
	if err != nil {
		return c.fail("%v", err)
	}
	body := c.body
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	_, err = f.WriteString(body)
	if err := errors.Join(err, f.Close()); err != nil {
		return c.fail("%v", err)
	}
	c.print("%s %s", verb, path)
	return nil
}

func edit(ctx context.Context, c *call) error {
	if c.shell.Terminal == nil {
		return c.fail("there is no terminal for an editor here")
	}
	text, err := c.toEdit(ctx)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp("", "kairos-*.go")
	if err != nil {
		return c.fail("%v", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return c.fail("%v", err)
	}
	editor := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), "vi")
	if err := c.shell.Terminal(ctx, exec.Command("sh", "-c", editor+` "$1"`, "sh", f.Name())); err != nil {
		return c.fail("%s: %v", editor, err)
	}
	edited, err := os.ReadFile(f.Name())
	if err != nil {
		return c.fail("%v", err)
	}
	if strings.TrimSpace(string(edited)) == "" {
		return nil
	}
	return c.next(strings.TrimRight(string(edited), "\n"))
}

// toEdit is the text to begin with.
func (c *call) toEdit(ctx context.Context) (string, error) {
	if c.args == "" {
		return "", nil
	}
	if !isPath(c.args) || c.args[0] >= '0' && c.args[0] <= '9' {
		list, err := c.sources()
		return joined(list) + "\n", err
	}
	i, err := c.shell.Session.Inspect(ctx, c.args, len(c.args), 1)
	switch {
	case err != nil:
		return "", c.fail("%v", err)
	case i.Source == "" && i.Name != "":
		return "", c.fail("%s is not declared by a cell", c.args)
	case i.Source == "":
		return "", c.fail("there is no name %s", c.args)
	}
	return i.Source + "\n", nil
}
