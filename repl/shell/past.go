package shell

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"kairos/repl"
	"kairos/repl/history"
)

const rangesHelp = "Ranges: 3, 3-7, 3- of this session; ~1/4 of the one before, ~1/ all of it, ~2/3-~1/5 across; 12/3 of session 12."

func historyCommands() []*command {
	return []*command{
		{
			name: "history", aliases: []string{"hist"}, group: groupHistory, usage: "[-n] [-o] [-u] [-l N] [-g PATTERN] [RANGE…]", run: listHistory,
			help: "the cells of this session, or of ranges",
			more: "-n with numbers, -o with values, -u no cell twice, -l the last N of all sessions, -g those of all sessions that\nmatch a pattern with * and ? anywhere.\n" + rangesHelp,
		},
		{
			name: "recall", aliases: []string{"rep"}, group: groupHistory, usage: "[RANGE…]", run: recall,
			help: "put cells into the next one, to be edited; by default the last", more: rangesHelp,
		},
		{
			name: "rerun", group: groupHistory, usage: "[RANGE…]", run: rerun,
			help: "run cells again; by default the last", more: rangesHelp,
		},
		{
			name: "load", group: groupHistory, usage: "FILE|RANGE…", args: fileArgument, run: load,
			help: "put a file or cells into the next cell", more: rangesHelp,
		},
	}
}

func listHistory(_ context.Context, c *call) error {
	var numbers, outputs, unique bool
	var last int
	var pattern string
	rest, err := c.parse(func(f *flag.FlagSet) {
		f.BoolVar(&numbers, "n", false, "")
		f.BoolVar(&outputs, "o", false, "")
		f.BoolVar(&unique, "u", false, "")
		f.IntVar(&last, "l", 0, "")
		f.StringVar(&pattern, "g", "", "")
	})
	if err != nil {
		return err
	}
	spans, wrong := parseSpans(rest)
	if wrong != "" {
		return c.fail("%q is not a range, such as 3-7 or ~1/4", wrong)
	}
	list, err := c.wanted(spans, pattern, last)
	if err != nil {
		return c.fail("%v", err)
	}
	if unique {
		list = withoutRepeats(list)
	}
	if len(list) == 0 {
		c.print("no such cells")
		return nil
	}
	c.print("%s", listing(list, c.shell.History().Session(), numbers, outputs))
	return nil
}

// wanted are the cells that %history is asked for.
func (c *call) wanted(spans []span, pattern string, last int) ([]history.Entry, error) {
	h := c.shell.History()
	now := h.Session()
	switch {
	case pattern != "":
		list := c.others(h.Search("*"+pattern+"*", 0, false), now)
		if last > 0 {
			list = list[max(len(list)-last, 0):]
		}
		return list, nil
	case last > 0:
		list := c.others(h.Tail(last+1), now)
		return list[max(len(list)-last, 0):], nil
	case len(spans) == 0:
		return c.others(h.Range(0, 1, 0), now), nil
	}
	return c.cells(spans)
}

// withoutRepeats keeps the last of equal cells.
func withoutRepeats(list []history.Entry) (kept []history.Entry) {
	last := map[string]int{}
	for i, e := range list {
		last[e.Source] = i
	}
	for i, e := range list {
		if last[e.Source] == i {
			kept = append(kept, e)
		}
	}
	return kept
}

// listing writes cells, with their numbers in a column if those are wanted, and of which session if not of this one.
func listing(list []history.Entry, now int, numbers, outputs bool) string {
	var b strings.Builder
	width := 0
	for _, e := range list {
		width = max(width, len(label(e, now)))
	}
	for _, e := range list {
		prefix, more := "", ""
		if numbers {
			prefix = fmt.Sprintf("%*s: ", width, label(e, now))
			more = strings.Repeat(" ", len(prefix))
		}
		src := strings.NewReplacer("\n", "\n"+more, "\t", "    ").Replace(strings.TrimRight(e.Source, "\n"))
		b.WriteString(prefix + src + "\n")
		if outputs && e.Output != "" {
			b.WriteString(more + "→ " + strings.ReplaceAll(e.Output, "\n", "\n"+more+"  ") + "\n")
		}
	}
	return b.String()
}

func label(e history.Entry, now int) string {
	if e.Session == now {
		return fmt.Sprint(e.Number)
	}
	return fmt.Sprintf("%d/%d", e.Session, e.Number)
}

// sources are the cells that the arguments name; by default the last one that was not one of these commands itself.
func (c *call) sources() ([]history.Entry, error) {
	list, err := words(c.args)
	if err != nil {
		return nil, c.fail("%v", err)
	}
	spans, wrong := parseSpans(list)
	if wrong != "" {
		return nil, c.fail("%q is not a range, such as 3-7 or ~1/4", wrong)
	}
	if len(spans) == 0 {
		h := c.shell.History()
		all := c.others(h.Range(0, 1, 0), h.Session())
		for i := len(all) - 1; i >= 0; i-- {
			if !c.shell.repeats(all[i].Source) {
				return all[i : i+1], nil
			}
		}
		return nil, c.fail("there is no cell before this one")
	}
	cells, err := c.cells(spans)
	if err != nil {
		return nil, c.fail("%v", err)
	}
	return cells, nil
}

// repeats tells whether a cell runs or shows others.
func (s *Shell) repeats(src string) bool {
	for _, p := range s.split(src) {
		if cmd := s.table.find(p); p.command && cmd != nil && (cmd.name == "rerun" || cmd.name == "recall") {
			return true
		}
	}
	return false
}

func joined(list []history.Entry) string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = strings.Trim(e.Source, "\n")
	}
	return strings.Join(texts, "\n")
}

// next puts text into the next cell.
func (c *call) next(text string) error {
	if c.shell.Next == nil {
		return c.fail("there is no next cell here to put text into")
	}
	c.shell.Next(text)
	return nil
}

func recall(_ context.Context, c *call) error {
	list, err := c.sources()
	if err != nil {
		return err
	}
	return c.next(joined(list))
}

// rerun evaluates cells again, one after the other, under the number of this one.
func rerun(ctx context.Context, c *call) error {
	list, err := c.sources()
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Session == c.shell.History().Session() && c.shell.repeats(e.Source) {
			return c.fail("cell %d runs cells itself", e.Number)
		}
	}
	for _, e := range list {
		c.print("%s", strings.TrimRight(e.Source, "\n"))
		result, err := c.shell.eval(ctx, c.number, e.Source, c.out)
		c.add(result)
		if err != nil {
			return err
		}
	}
	return nil
}

// add adds what became of a piece of the cell.
func (c *call) add(r repl.Result) {
	c.result.Values = r.Values
	c.result.Names = append(c.result.Names, r.Names...)
	c.result.Elapsed += r.Elapsed
}

func load(_ context.Context, c *call) error {
	list, err := words(c.args)
	if err != nil {
		return c.fail("%v", err)
	}
	if len(list) == 0 {
		return c.usage()
	}
	if _, wrong := parseSpans(list); wrong == "" {
		cells, err := c.sources()
		if err != nil {
			return err
		}
		return c.next(joined(cells))
	}
	if len(list) > 1 {
		return c.usage()
	}
	_, src, err := c.readSource(list[0])
	if err != nil {
		return err
	}
	return c.next(src)
}

// readSource reads a file of Go.
func (c *call) readSource(path string) (name, src string, err error) {
	path = home(path)
	if strings.HasSuffix(path, ".ipynb") {
		return "", "", c.fail("%s is a notebook: kairos export %[1]s makes a Go file of it, which can be read here", path)
	}
	if strings.Contains(path, "://") {
		return "", "", c.fail("%s is no file: fetch it first, as with !curl -O %[1]s", path)
	}
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) && !strings.HasSuffix(path, ".go") {
		if again, second := os.ReadFile(path + ".go"); second == nil {
			path, data, err = path+".go", again, nil
		}
	}
	if err != nil {
		return "", "", c.fail("%v%s", err, c.nearFile(path))
	}
	return path, strings.ReplaceAll(string(data), "\r\n", "\n"), nil
}
