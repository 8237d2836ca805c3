package shell

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"kairos/repl"
	"kairos/repl/history"
	"kairos/repl/pretty"
)

func helpCommands() []*command {
	return []*command{
		{name: "?", group: groupNames, usage: "NAME", args: goArgument, run: doc, help: "what it is, as in ?strings.Cut or x?; ?strings.*Index* lists names"},
		{name: "??", group: groupNames, usage: "NAME", args: goArgument, run: source, help: "the same with the source, as in x??"},
		{name: "doc", aliases: []string{"pinfo", "d"}, group: groupNames, usage: "NAME", args: goArgument, run: doc, help: "the same as ?NAME"},
		{name: "source", aliases: []string{"pinfo2", "psource"}, group: groupNames, usage: "NAME", args: goArgument, run: source, help: "the same as ??NAME"},
		{
			name: "explain", group: groupNames, usage: "[MESSAGE]", run: explain,
			help: "the last error in more words: what it means, and what to do",
		},
		{
			name: "help", aliases: []string{"h", "quickref"}, group: groupNames, usage: "[COMMAND]", args: commandArgument, run: help,
			help: "this list, or more about one command",
		},
		{name: "lsmagic", group: groupNames, run: list, help: "the names of all commands"},
	}
}

// help shows what there is.
func help(_ context.Context, c *call) error {
	if c.args != "" {
		return c.shell.helpOn(c, c.args)
	}
	var b strings.Builder
	b.WriteString("Type Go. The value of the last expression is shown; a ; at its end keeps that to itself.\n" +
		"_ is the last value, _3 and Out[3] that of cell 3.\n" +
		"A line can be a command, as %name or :name; what is for a whole cell begins it, as %%name.\n")
	for _, group := range groups {
		b.WriteString("\n" + group + "\n" + c.shell.table.lines(group))
	}
	if c.shell.Keys != "" {
		b.WriteString("\nKeys\n" + indented(c.shell.Keys) + "\n")
	}
	c.page(strings.TrimRight(b.String(), "\n"))
	return nil
}

// titleWidth is what a command with its arguments may take up before its help begins in the same line, and helpWidth what
// the help may in each.
const titleWidth, helpWidth = 28, 48

// lines are the commands of a group, each with its help.
func (t *catalogue) lines(group string) string {
	var b strings.Builder
	for _, cmd := range t.list {
		if cmd.group != group {
			continue
		}
		title := cmd.title()
		if n := len([]rune(title)); n > titleWidth {
			title += "\n  " + strings.Repeat(" ", titleWidth)
		} else {
			title += strings.Repeat(" ", titleWidth-n)
		}
		fmt.Fprintf(&b, "  %s", title)
		for i, line := range strings.Split(text.WrapSoft(cmd.help, helpWidth), "\n") {
			if i > 0 {
				b.WriteString(strings.Repeat(" ", 2+titleWidth))
			}
			fmt.Fprintf(&b, "  %s\n", strings.TrimRight(line, " "))
		}
	}
	return b.String()
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}

// helpOn shows the help of a command.
func (s *Shell) helpOn(c *call, name string) error {
	cmd := s.command(name)
	if cmd == nil {
		return c.fail("there is no command %s%s", name, didYouMean("%", near(bare(name), s.table.names())))
	}
	c.page(cmd.text())
	return nil
}

// command returns a command by its name, with or without its sign, or nil.
func (s *Shell) command(name string) *command {
	if cmd := s.table.byName[name]; cmd != nil {
		return cmd
	}
	return s.table.byName[bare(name)]
}

// bare is the name of a command without its sign.
func bare(name string) string { return strings.TrimLeft(name, "%:") }

// text is the help of a command.
func (c *command) text() string {
	all := c.title() + "\n" + indented(c.help)
	if c.more != "" {
		all += "\n\n" + indented(c.more)
	}
	if len(c.aliases) > 0 {
		all += "\n\n  Also: %" + strings.Join(c.aliases, ", %")
	}
	return all
}

// list shows the names of all commands.
func list(_ context.Context, c *call) error {
	var line, cell []string
	for _, cmd := range c.shell.table.list {
		if cmd.isNamed() && cmd.form != inCell {
			line = append(line, "%"+cmd.name)
		}
		if cmd.isNamed() && cmd.form != inLine {
			cell = append(cell, "%%"+cmd.name)
		}
	}
	slices.Sort(line)
	slices.Sort(cell)
	c.print("In a line (%%name or :name), and !command, ?name, name?, name??:\n%s\nFor a whole cell:\n%s", columns(line, 80), columns(cell, 80))
	return nil
}

// overview is what ? alone says.
const overview = `kairos runs Go, a cell at a time, and keeps what cells declare.

  x                       a value is shown; with ; at the end it is not
  _   _3   Out[3]         the last value; that of cell 3
  strings.Cut(s, ",")     packages need no import line
  ?strings.Cut   x?       help on anything; x?? has the source
  Tab                     completes names, packages, files, commands
  !ls                     has sh run a command
  %time f()               says how long it took; %timeit measures well
  %who   %whos            what cells declared
  %history   %save x.go   the cells so far; as a program that kairos run accepts
  %explain                the last error in more words
  %help                   all commands and keys`

func doc(ctx context.Context, c *call) error    { return c.inspect(ctx, 0) }
func source(ctx context.Context, c *call) error { return c.inspect(ctx, 1) }

// inspect shows help on what the arguments name.
func (c *call) inspect(ctx context.Context, detail int) error {
	s, what := c.shell, strings.TrimRight(c.args, "; \t")
	switch {
	case what == "":
		c.page(overview)
		return nil
	case s.isCommand(what):
		return s.helpOn(c, what)
	case strings.Contains(what, "*") && isPattern(what):
		return c.matching(ctx, what)
	}
	i, err := s.Session.Inspect(ctx, what, len(what), detail)
	if err != nil {
		return c.fail("%v", err)
	}
	if i.Name == "" {
		if s.command(what) != nil {
			return s.helpOn(c, what)
		}
		return &repl.Failed{Text: c.typed() + ": there is nothing called " + what + didYouMean("", s.nearNames(ctx, what))}
	}
	c.page(pretty.Inspection(i, s.Color))
	return nil
}

// isCommand tells whether a text is the name of a command with its sign.
func (s *Shell) isCommand(text string) bool {
	return text[0] == '%' || text[0] == ':' || text == "!" || text == "!!"
}

// nearNames are names beside which what was asked for does not exist.
func (s *Shell) nearNames(ctx context.Context, what string) []string {
	prefix, last := cutPath(what)
	items, err := s.Session.Complete(ctx, prefix, len(prefix))
	if err != nil {
		return nil
	}
	var names []string
	for _, item := range items.Items {
		names = append(names, item.Text)
	}
	found := near(last, names)
	for i := range found {
		found[i] = prefix + found[i]
	}
	return found
}

// cutPath cuts a name after its last dot.
func cutPath(name string) (prefix, last string) {
	i := strings.LastIndexByte(name, '.') + 1
	return name[:i], name[i:]
}

// didYouMean names what may be meant.
func didYouMean(sign string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	for i := range names {
		names[i] = sign + names[i]
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// maxMatching is how many names are listed.
const maxMatching = 200

// matching lists the names that a pattern matches.
func (c *call) matching(ctx context.Context, pattern string) error {
	prefix, last := cutPath(pattern)
	if strings.Contains(prefix, "*") {
		return c.fail("%s: a * can stand in the last part of a name only", pattern)
	}
	items, err := c.shell.Session.Complete(ctx, prefix, len(prefix))
	if err != nil {
		return c.fail("%v", err)
	}
	var b strings.Builder
	found := 0
	for _, item := range items.Items {
		if item.Kind == "keyword" || !history.Match(strings.ToLower(last), strings.ToLower(item.Text)) {
			continue
		}
		if found++; found <= maxMatching {
			b.WriteString(strings.TrimRight(prefix+item.Text+"  "+item.Type, " ") + "\n")
		}
	}
	if found == 0 {
		return c.fail("no name matches %s", pattern)
	}
	if found > maxMatching {
		fmt.Fprintf(&b, "… and %d more\n", found-maxMatching)
	}
	c.page(strings.TrimRight(b.String(), "\n"))
	return nil
}
