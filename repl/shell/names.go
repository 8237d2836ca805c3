package shell

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"kairos/repl"
	"kairos/stdlib/cell/render"
)

func nameCommands() []*command {
	const filter = "What follows names kinds (var, func, type, const) or types ([]int): others are left out."
	return []*command{
		{
			name: "who", group: groupNames, usage: "[KIND|TYPE…]", args: oneOf(kinds...), run: who,
			help: "the names that cells declared", more: filter,
		},
		{
			name: "whos", aliases: []string{"vars"}, group: groupNames, usage: "[KIND|TYPE…]", args: oneOf(kinds...), run: whos,
			help: "a table of them, with types and values", more: filter,
		},
		{
			name: "type", aliases: []string{"t"}, group: groupNames, usage: "EXPRESSION", code: true, args: goArgument, run: typeOf,
			help: "the static type of an expression, which is not evaluated",
		},
	}
}

var kinds = []string{"var", "func", "type", "const"}

// chosen are the declared names that the arguments of a call leave.
func (c *call) chosen(ctx context.Context) ([]repl.Name, error) {
	all, err := c.shell.Names(ctx)
	if err != nil {
		return nil, c.fail("%v", err)
	}
	wanted := strings.Fields(c.args)
	named := func(n repl.Name) bool { return slices.Contains(wanted, n.Kind) }
	typed := func(n repl.Name) bool {
		return n.Kind == "var" && (n.Type == c.args || slices.Contains(wanted, n.Type))
	}
	all = slices.DeleteFunc(slices.Clone(all), func(n repl.Name) bool { return len(wanted) > 0 && !named(n) && !typed(n) })
	slices.SortStableFunc(all, func(a, b repl.Name) int {
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
}

// none says that nothing was chosen.
func (c *call) none() {
	if c.args == "" {
		c.print("nothing is declared")
		return
	}
	c.print("nothing of kind or type %s is declared", c.args)
}

func who(ctx context.Context, c *call) error {
	all, err := c.chosen(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		c.none()
		return nil
	}
	var names []string
	for _, n := range all {
		names = append(names, n.Name)
	}
	c.print("%s", columns(names, 80))
	return nil
}

func whos(ctx context.Context, c *call) error {
	all, err := c.chosen(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		c.none()
		return nil
	}
	var rows [][]string
	for _, n := range all {
		rows = append(rows, []string{n.Name, n.Kind, cut(n.Type, 40), cut(n.Value, 60)})
	}
	c.display(tabular([]string{"Name", "Kind", "Type", "Value"}, rows))
	return nil
}

// cut shortens a text to one line of so many characters.
func cut(text string, size int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > size {
		return string(r[:size-1]) + "…"
	}
	return text
}

// tabular is a table as text and as HTML.
func tabular(header []string, rows [][]string) repl.Bundle {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Options = table.Options{SeparateHeader: true}
	w.Style().Format.Header = 0
	w.Style().HTML = table.HTMLOptions{CSSClass: "kairos", EscapeText: true}
	w.Style().Box.PaddingLeft, w.Style().Box.PaddingRight = "", "  "
	w.SuppressTrailingSpaces()
	w.AppendHeader(row(header))
	for _, r := range rows {
		w.AppendRow(row(r))
	}
	return repl.Bundle{render.Plain: []byte(w.Render()), render.HTML: []byte(w.RenderHTML())}
}

func row(cells []string) (r table.Row) {
	for _, text := range cells {
		r = append(r, text)
	}
	return r
}

// columns arranges words in lines of a width.
func columns(words []string, width int) string {
	widest := 0
	for _, w := range words {
		widest = max(widest, len([]rune(w)))
	}
	per := max(width/(widest+2), 1)
	var b strings.Builder
	for i, w := range words {
		b.WriteString(w)
		if i%per == per-1 || i == len(words)-1 {
			b.WriteByte('\n')
			continue
		}
		b.WriteString(strings.Repeat(" ", widest+2-len([]rune(w))))
	}
	return b.String()
}

// probe is a name that cells have no use for.
const probe = "kairosǃ"

// typeOf has the assistant tell the type of a variable that would be defined by the expression. Nothing is evaluated.
func typeOf(ctx context.Context, c *call) error {
	if c.args == "" {
		return c.usage()
	}
	expr := strings.TrimRight(c.args, "; \t")
	for results := 1; results <= 5; results++ {
		types, err := c.typesOf(ctx, expr, results)
		if err != nil {
			return c.fail("%v", err)
		}
		if types != nil {
			text := strings.Join(types, ", ")
			if results > 1 {
				text = "(" + text + ")"
			}
			c.print("%s", text)
			return nil
		}
	}
	if i, err := c.shell.Session.Inspect(ctx, expr, len(expr), 0); err == nil && i.Type != "" && isPath(expr) {
		c.print("%s", i.Type)
		return nil
	}
	return c.noType(ctx, expr)
}

// typesOf are the types of the results of an expression, or nil if it has not so many.
func (c *call) typesOf(ctx context.Context, expr string, results int) (types []string, err error) {
	vars := make([]string, results)
	for i := range vars {
		vars[i] = probe + strings.Repeat("x", i)
	}
	src := strings.Join(vars, ", ") + " := " + expr
	at := 0
	for _, v := range vars {
		i, err := c.shell.Session.Inspect(ctx, src, at+1, 0)
		if err != nil {
			return nil, err
		}
		text, ok := strings.CutPrefix(i.Type, "var "+v+" ")
		if !ok || strings.Contains(text, "invalid type") {
			return nil, nil
		}
		types = append(types, text)
		at += len(v) + 2
	}
	return types, nil
}

// noType is the error of an expression without a type: that of the checker, for a function that is never called.
func (c *call) noType(ctx context.Context, expr string) error {
	_, err := c.shell.quietly(ctx, "func() { _ = "+expr+"\n};")
	if wrong, ok := err.(*repl.CompileError); ok && len(wrong.Problems) > 0 {
		return c.fail("%s", wrong.Problems[0].Message)
	}
	if isOfSession(err) {
		return err
	}
	return c.fail("%s has no type", expr)
}
