package shell

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kairos/repl"
)

// question is where something is to be completed.
type question struct {
	shell *Shell
	src   string
	pos   int
	part  part
}

// argument completes the arguments of a command.
type argument func(ctx context.Context, q question) (repl.Completion, error)

// Complete implements repl.Session.
func (s *Shell) Complete(ctx context.Context, src string, pos int) (repl.Completion, error) {
	pos = max(0, min(pos, len(src)))
	q := question{shell: s, src: src, pos: pos}
	parts := s.split(src)
	p, ok := partAt(parts, pos)
	if !ok {
		if name, is := beginsCommand(src, pos); is {
			return s.commands(name, pos), nil
		}
		return s.Session.Complete(ctx, blankCommands(src, parts), pos)
	}
	q.part = p
	nameEnd := p.start + strings.Index(src[p.start:], p.typed()) + len(p.typed())
	if p.name != "" && pos <= nameEnd {
		return s.commands(src[nameEnd-len(p.typed()):pos], pos), nil
	}
	cmd := s.table.find(p)
	if cmd == nil || cmd.args == nil {
		return repl.Completion{From: pos, To: pos}, nil
	}
	return cmd.args(ctx, q)
}

// partAt returns the command that an offset is in.
func partAt(parts []part, pos int) (part, bool) {
	for i, p := range parts {
		last := i == len(parts)-1
		if p.command && p.start <= pos && (pos < p.end || last && pos == p.end) {
			return p, true
		}
	}
	return part{}, false
}

// beginsCommand tells whether the line up to an offset is the sign of a command, whose name is still to come.
func beginsCommand(src string, pos int) (sign string, ok bool) {
	begin := strings.LastIndexByte(src[:pos], '\n') + 1
	sign = strings.TrimLeft(src[begin:pos], " \t")
	return sign, sign != "" && strings.Trim(sign, "%:") == "" && !unfinished(src[:begin])
}

// blankCommands puts blanks in place of commands, for the session to see Go alone, where it is.
func blankCommands(src string, parts []part) string {
	for _, p := range parts {
		if p.command {
			src = src[:p.start] + blank(src[p.start:p.end]) + src[p.end:]
		}
	}
	return src
}

// blank is as long a text, of blanks in the same lines.
func blank(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// commands are those that what was typed of a name, with its sign, can become.
func (s *Shell) commands(typed string, pos int) repl.Completion {
	c := repl.Completion{From: pos - len(typed), To: pos}
	prefix := bare(typed)
	sign := typed[:len(typed)-len(prefix)]
	for _, cmd := range s.table.list {
		if !cmd.isNamed() || !strings.HasPrefix(cmd.name, prefix) {
			continue
		}
		as := sign
		switch {
		case sign == "%%" && cmd.form == inLine:
			continue
		case sign == "%" && cmd.form == inCell:
			as = "%%"
		case sign == ":" && cmd.form == inCell:
			continue
		}
		c.Items = append(c.Items, repl.Candidate{Text: as + cmd.name, Kind: "command", Type: cmd.help})
	}
	slices.SortFunc(c.Items, func(a, b repl.Candidate) int { return strings.Compare(bare(a.Text), bare(b.Text)) })
	return c
}

// goArgument has the session complete Go. All of the cell before it is hidden.
func goArgument(ctx context.Context, q question) (repl.Completion, error) {
	code, pos := q.code()
	return q.shell.Session.Complete(ctx, code, pos)
}

// code is the Go of the command in the question, where it is in the cell.
func (q question) code() (string, int) {
	p := q.part
	from, end := p.argsAt+loopFlags(p.args), p.argsAt+len(p.args)
	switch {
	case p.sign == "%%" && q.pos >= p.bodyAt:
		from, end = p.bodyAt, p.end
	case q.pos < from || q.pos > end:
		from, end = q.pos, q.pos
	}
	return blank(q.src[:from]) + q.src[from:end], q.pos
}

// oneOf completes words.
func oneOf(words ...string) argument {
	return func(_ context.Context, q question) (repl.Completion, error) { return q.among(words, "keyword"), nil }
}

// among are those of some words that what was typed can become.
func (q question) among(words []string, kind string) repl.Completion {
	from := q.wordStart()
	c := repl.Completion{From: from, To: q.pos}
	for _, w := range words {
		if strings.HasPrefix(w, q.src[from:q.pos]) {
			c.Items = append(c.Items, repl.Candidate{Text: w, Kind: kind})
		}
	}
	return c
}

// wordStart is where the word before the cursor begins.
func (q question) wordStart() int {
	return q.part.start + strings.LastIndexAny(q.src[q.part.start:q.pos], " \t\n!'\"=<>|;&") + 1
}

func envArgument(_ context.Context, q question) (repl.Completion, error) {
	return q.among(envNames(), "var"), nil
}

func commandArgument(_ context.Context, q question) (repl.Completion, error) {
	return q.among(q.shell.table.names(), "command"), nil
}

func fileArgument(_ context.Context, q question) (repl.Completion, error) {
	return q.files(func(os.DirEntry) bool { return true }), nil
}

func dirArgument(_ context.Context, q question) (repl.Completion, error) {
	return q.files(func(e os.DirEntry) bool { return e.IsDir() }), nil
}

// shellArgument completes files in what sh runs.
func shellArgument(ctx context.Context, q question) (repl.Completion, error) {
	return fileArgument(ctx, q)
}

// files are those that the path before the cursor can become. Directories end in a slash.
func (q question) files(wanted func(os.DirEntry) bool) repl.Completion {
	from := q.wordStart()
	typed := q.src[from:q.pos]
	dir, name := filepath.Split(typed)
	c := repl.Completion{From: from, To: q.pos}
	where := home(dir)
	if where == "" {
		where = "."
	}
	entries, err := os.ReadDir(where)
	if err != nil {
		return c
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), name) || strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(name, ".") {
			continue
		}
		e = followed(where, e)
		if !wanted(e) {
			continue
		}
		text := dir + e.Name()
		if e.IsDir() {
			text += "/"
		}
		c.Items = append(c.Items, repl.Candidate{Text: text, Kind: "path"})
	}
	return c
}

// followed is what a symbolic link leads to, under its own name.
func followed(dir string, e os.DirEntry) os.DirEntry {
	if e.Type()&os.ModeSymlink == 0 {
		return e
	}
	info, err := os.Stat(filepath.Join(dir, e.Name()))
	if err != nil || !info.IsDir() {
		return e
	}
	return link{e}
}

// link is a symbolic link to a directory.
type link struct{ os.DirEntry }

// IsDir implements os.DirEntry.
func (link) IsDir() bool { return true }

// Inspect implements repl.Session. Commands are told about as well.
func (s *Shell) Inspect(ctx context.Context, src string, pos, detail int) (repl.Inspection, error) {
	pos = max(0, min(pos, len(src)))
	parts := s.split(src)
	p, ok := partAt(parts, pos)
	if !ok {
		return s.Session.Inspect(ctx, blankCommands(src, parts), pos, detail)
	}
	cmd := s.table.find(p)
	nameEnd := p.start + strings.Index(src[p.start:], p.typed()) + len(p.typed())
	if cmd != nil && p.name != "" && pos <= nameEnd {
		return repl.Inspection{Name: p.typed(), Kind: "command", Type: cmd.title(), Doc: strings.TrimSpace(cmd.help + "\n\n" + cmd.more)}, nil
	}
	if cmd == nil || !cmd.code && cmd.run != nil && !isHelp(cmd) {
		return repl.Inspection{}, nil
	}
	q := question{shell: s, src: src, pos: pos, part: p}
	code, at := q.code()
	return s.Session.Inspect(ctx, code, at, detail)
}

// isHelp tells whether a command is about a name.
func isHelp(cmd *command) bool {
	return slices.Contains([]string{"?", "??", "doc", "source", "edit"}, cmd.name)
}

// IsComplete implements repl.Session. Lines of commands are complete. What is for a whole cell is when it is Go that is,
// and otherwise when a blank line ends it.
func (s *Shell) IsComplete(ctx context.Context, src string) (repl.Completeness, error) {
	parts := s.split(src)
	if len(parts) == 0 {
		return s.Session.IsComplete(ctx, src)
	}
	p := parts[len(parts)-1]
	cmd := s.table.find(p)
	switch {
	case !p.command:
		return s.Session.IsComplete(ctx, src[p.start:])
	case cmd == nil || p.sign == "%%" && cmd.form == inLine:
	case p.sign == "%%" && cmd.code && strings.TrimSpace(p.body) != "":
		return s.Session.IsComplete(ctx, p.body)
	case p.sign == "%%" && !endsBlank(p.body):
		return repl.Completeness{Status: repl.Incomplete}, nil
	case p.sign != "%%" && cmd.code && p.args != "":
		return s.Session.IsComplete(ctx, src[p.argsAt+loopFlags(p.args):])
	}
	return repl.Completeness{Status: repl.Complete}, nil
}

// endsBlank tells whether there is a blank line at the end.
func endsBlank(body string) bool {
	i := strings.LastIndexByte(body, '\n')
	return i >= 0 && strings.TrimSpace(body[i+1:]) == ""
}
