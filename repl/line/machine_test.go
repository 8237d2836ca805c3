package line

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"kairos/repl"
	"kairos/repl/line/internal/keys"
)

// entries is a History for tests.
type entries []string

func (e entries) Len() int        { return len(e) }
func (e entries) At(i int) string { return e[i] }

// press reads a script: characters stand for themselves, «Ctrl-A» for a key.
func press(script string) []keys.Key {
	var list []keys.Key
	for len(script) > 0 {
		if strings.HasPrefix(script, "«") && strings.Contains(script, "»") {
			name, rest, _ := strings.Cut(script[len("«"):], "»")
			list, script = append(list, named(name)), rest
			continue
		}
		r := []rune(script)[0]
		_, size := utf8.DecodeRuneInString(script)
		script = script[size:]
		if r == '\t' {
			list = append(list, keys.Key{Code: keys.Tab})
			continue
		}
		list = append(list, keys.Key{Rune: r})
	}
	return list
}

// named finds the key with a name.
func named(name string) keys.Key {
	if text, is := strings.CutPrefix(name, "Paste "); is {
		return keys.Key{Code: keys.Paste, Text: text}
	}
	k := keys.Key{}
	for _, m := range []keys.Mod{keys.Ctrl, keys.Alt, keys.Shift} {
		prefix := map[keys.Mod]string{keys.Ctrl: "Ctrl-", keys.Alt: "Alt-", keys.Shift: "Shift-"}[m]
		if rest, is := strings.CutPrefix(name, prefix); is && rest != "" {
			name, k.Mod = rest, k.Mod|m
		}
	}
	for code := keys.Enter; code < keys.Paste; code++ {
		if (keys.Key{Code: code}).String() == name {
			k.Code = code
			return k
		}
	}
	if len([]rune(name)) != 1 {
		panic("no key " + name)
	}
	k.Rune = []rune(strings.ToLower(name))[0]
	return k
}

// brackets is a simple completeness: open brackets want more, too many closing ones are wrong.
func brackets(_ context.Context, src string) repl.Completeness {
	depth := strings.Count(src, "{") + strings.Count(src, "(") - strings.Count(src, "}") - strings.Count(src, ")")
	switch {
	case depth > 0:
		return repl.Completeness{Status: repl.Incomplete, Indent: strings.Repeat("\t", depth)}
	case depth < 0:
		return repl.Completeness{Status: repl.Invalid}
	}
	return repl.Completeness{Status: repl.Complete}
}

// fruits completes names of fruits.
func fruits(_ context.Context, src string, pos int) (repl.Completion, error) {
	from := strings.LastIndexAny(src[:pos], " .(\t\n") + 1
	c := repl.Completion{From: from, To: pos}
	for _, s := range []string{"apple", "apricot", "banana", "日本梨"} {
		if strings.HasPrefix(s, src[from:pos]) {
			c.Items = append(c.Items, repl.Candidate{Text: s, Kind: "var", Type: "fruit"})
		}
	}
	if src[from:pos] == "boom" {
		return repl.Completion{}, errors.New("no fruit")
	}
	return c, nil
}

// play gives keys to a machine, whose text is shown with | at the cursor. The last action is returned.
func play(m *machine, script string) (string, action) {
	var last action
	for _, k := range press(script) {
		last = m.key(k, false)
		if last == complete {
			filter := m.menu != nil
			c, _ := m.Complete(context.Background(), m.Text(), m.Pos())
			m.completed(c, filter)
		}
	}
	return m.Text()[:m.Pos()] + "|" + m.Text()[m.Pos():], last
}

func testConfig(history ...string) *Config {
	return &Config{Color: true, IsComplete: brackets, Complete: fruits, History: entries(history)}
}

var edited = []struct{ name, keys, want string }{
	{"typing", "abc", "abc|"},
	{"moving", "abc«Left»«Left»x«Home»y«End»z«Ctrl-A»«Right»w", "yw|axbcz"},
	{"clusters", "e\u0301👨‍👩‍👧日«Left»«Left»x", "e\u0301x|👨‍👩‍👧日"},
	{"delete a cluster", "👍🏽🇩🇪e\u0301«Backspace»«Backspace»", "👍🏽|"},
	{"delete right", "a日b«Home»«Right»«Delete»«Ctrl-D»", "a|"},
	{"words", "foo bar.baz«Alt-B»«Alt-B»x«Ctrl-Right»y", "foo xbary|.baz"},
	{"words of other letters", "größe 日本«Ctrl-Left»«Ctrl-Left»x", "x|größe 日本"},
	{"kill words", "foo bar.baz«Alt-Backspace»", "foo bar.|"},
	{"kill to blank", "foo bar.baz«Ctrl-W»", "foo |"},
	{"kills join", "a b c«Alt-B»«Alt-B»«Alt-D»«Alt-D»«Ctrl-A»«Ctrl-Y»", "b c|a "},
	{"kills before join", "a b c«Alt-Backspace»«Alt-Backspace»«Ctrl-Y»«Ctrl-Y»", "a b cb c|"},
	{"yank other", "one«Ctrl-U»two«Ctrl-U»«Ctrl-Y»«Alt-Y»", "one|"},
	{"kill line and its end", "ab«Alt-Enter»cd«Up»«Home»«Ctrl-K»«Ctrl-K»", "|cd"},
	{"kill start and the end before", "ab«Alt-Enter»cd«Ctrl-U»«Ctrl-U»", "ab|"},
	{"transpose", "abc«Ctrl-T»«Left»«Ctrl-T»", "abc|"},
	{"transpose at the start", "ab«Home»«Ctrl-T»", "|ab"},
	{"undo by words", "foo bar«Ctrl-_»", "foo |"},
	{"undo all and redo", "foo bar«Ctrl-_»«Ctrl-_»«Ctrl-_»«Alt-_»", "foo |"},
	{"undo a kill", "foo«Ctrl-U»«Ctrl-X»«Ctrl-U»", "foo|"},
	{"paste", "x«Paste a\r\n\tb\rc»y", "xa\n\tb\ncy|"},
	{"paste is undone at once", "x«Paste a\nb»«Ctrl-_»", "x|"},
	{"indents", "f {«Enter»x", "f {\n\tx|"},
	{"bracket dedents", "f {«Enter»x«Enter»}", "f {\n\tx\n}|"},
	{"inner bracket dedents", "f {«Enter»g(«Enter»x«Enter»)", "f {\n\tg(\n\t\tx\n\t)|"},
	{"bracket in a string", "f {«Enter»\"({\"«Enter»}", "f {\n\t\"({\"\n}|"},
	{"bracket behind text stays", "f {«Enter»x}", "f {\n\tx}|"},
	{"case", "switch x {«Enter»case 1:«Enter»y«Enter»default:", "switch x {\ncase 1:\n\ty\ndefault:|"},
	{"no case in a literal", "f {«Enter»a:", "f {\n\ta:|"},
	{"enter in the middle", "a«Alt-Enter»b«Up»«End»«Enter»", "a\n|\nb"},
	{"open line", "a b«Left»«Ctrl-O»", "a |\nb"},
	{"tab indents", "a«Alt-Enter»«Tab»b", "a\n\tb|"},
	{"shift-tab dedents", "a«Alt-Enter»«Tab»«Tab»b«Shift-Tab»", "a\n\tb|"},
	{"shift-tab takes blanks", "      b«Shift-Tab»", "  b|"},
	{"backspace takes a stop of blanks", "      «Backspace»", "    |"},
	{"up keeps the column", "abcdef«Alt-Enter»x«Alt-Enter»uvwxyz«Left»«Up»«Up»", "abcde|f\nx\nuvwxyz"},
	{"up over wide ones", "日本語«Alt-Enter»abc«Up»", "日|本語\nabc"},
	{"home goes to the text first", "\tab«Home»«Home»x", "x|\tab"},
	{"unknown keys", "a«F9»«Alt-q»«Ctrl-Alt-x»«Ctrl-]»", "a|"},
	{"cancelled chord", "a«Ctrl-X»b«Ctrl-X»«Esc»c", "ac|"},
	{"broken bytes", "«Paste a\xff\xfeb»«Left»«Left»x", "a\xffx|\xfeb"},
}

func TestEditing(t *testing.T) {
	for _, test := range edited {
		if got, _ := play(newMachine(testConfig(), ""), test.keys); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestEnter(t *testing.T) {
	for _, test := range []struct {
		keys string
		want action
		text string
	}{
		{"x«Enter»", accept, "x|"},
		{"«Enter»", accept, "|"},
		{"f(«Enter»", nothing, "f(\n\t|"},
		{"f)«Enter»", accept, "f)|"},
		{"f(x)«Home»«Enter»", accept, "|f(x)"},
		{"a«Alt-Enter»b«Enter»", accept, "a\nb|"},
		{"a«Alt-Enter»b«Up»«Enter»", nothing, "a\n|\nb"},
		{"a«Alt-Enter»«Alt-Enter»«Up»«Up»«Enter»", accept, "|a\n\n"},
		{"x«Ctrl-C»", cancel, "x|"},
		{"x«Ctrl-D»", nothing, "x|"},
		{"«Ctrl-D»", leave, "|"},
		{"«Ctrl-L»", clearScreen, "|"},
		{"«Ctrl-Z»", suspend, "|"},
		{"«Ctrl-X»«Ctrl-E»", external, "|"},
		{"«F2»", external, "|"},
	} {
		if got, a := play(newMachine(testConfig(), ""), test.keys); a != test.want || got != test.text {
			t.Errorf("%s: got %q, action %d, want %q, %d", test.keys, got, a, test.text, test.want)
		}
	}
}

// TestBurst types lines as a terminal without bracketed paste does, all at once: they are indented already.
func TestBurst(t *testing.T) {
	m := newMachine(testConfig(), "")
	list := press("f {«Enter»\tg(«Enter»\t\tx«Enter»\t)«Enter»}«Enter»rest")
	for i, k := range list {
		if m.key(k, i < len(list)-1) == accept {
			break
		}
	}
	if want := "f {\n\tg(\n\t\tx\n\t)\n}"; m.Text() != want {
		t.Errorf("got %q, want %q", m.Text(), want)
	}
}

func TestHistory(t *testing.T) {
	history := []string{"first", "f {\n\tg\n}", "x := 1", "second", "second", "fmt"}
	for _, test := range []struct{ name, keys, want string }{
		{"up", "«Up»", "fmt|"},
		{"same ones once", "«Up»«Up»«Up»", "x := 1|"},
		{"a cell as a whole", "«Up»«Up»«Up»«Up»", "f {|\n\tg\n}"},
		{"up goes on from there", "«Up»«Up»«Up»«Up»«Up»", "first|"},
		{"down goes into it", "«Up»«Up»«Up»«Up»«Down»x", "f {\nx|\tg\n}"},
		{"the oldest stays", "«Alt-<»«Up»«Up»", "first|"},
		{"and back", "ab«Ctrl-Up»«Ctrl-Up»«Ctrl-Down»«Ctrl-Down»", "ab|"},
		{"prefix", "f«Up»«Up»", "f {|\n\tg\n}"},
		{"prefix only before the cursor", "fx«Left»«Up»", "fmt|"},
		{"prefix to the end", "f«Up»«Up»«Up»«Up»«Up»", "first|"},
		{"prefix and back", "f«Up»«Up»«Down»«Down»«Down»«Down»", "f|"},
		{"no such prefix", "zz«Up»", "zz|"},
		{"by cell from inside", "«Ctrl-Up»«Ctrl-Up»«Ctrl-Up»«Ctrl-Up»«Down»«Alt-P»", "first|"},
		{"edits stay beside", "«Up»!«Ctrl-Up»«Ctrl-Down»", "fmt!|"},
		{"ends", "ab«Alt-<»«Alt->»", "ab|"},
		{"search", "«Ctrl-R»s", "|second"},
		{"search older", "«Ctrl-R»s«Ctrl-R»", "fir|st"},
		{"search newer", "«Ctrl-R»f«Ctrl-R»«Ctrl-R»«Ctrl-S»", "|f {\n\tg\n}"},
		{"search fails and keeps", "«Ctrl-R»sec«Ctrl-R»x«Esc»", "|second"},
		{"search shorter", "«Ctrl-R»fi«Backspace»", "|fmt"},
		{"search given up", "ab«Left»«Ctrl-R»fi«Ctrl-G»", "a|b"},
		{"search given up otherwise", "ab«Ctrl-R»fi«Ctrl-C»", "ab|"},
		{"search, then edit", "«Ctrl-R»fi«End»!", "first!|"},
		{"search in a cell", "«Ctrl-R»g«Esc»", "f {\n\t|g\n}"},
	} {
		if got, _ := play(newMachine(testConfig(history...), ""), test.keys); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	for _, run := range []string{"«Up»«Up»«Up»«Up»«Enter»", "«Ctrl-R»g«Enter»", "«Ctrl-R»x«Enter»"} {
		if got, a := play(newMachine(testConfig(history...), ""), run); a != accept {
			t.Errorf("%s: %q is not run", run, got)
		}
	}
	if history[5] != "fmt" {
		t.Error("the history changed")
	}
}

func TestCompletion(t *testing.T) {
	for _, test := range []struct {
		keys, want string
		items      int // of an open menu
	}{
		{"x b«Tab»", "x banana|", 0},
		{"ap«Tab»", "ap|", 2},
		{"a«Tab»", "ap|", 2},
		{"a«Tab»«Tab»", "apple|", 2},
		{"a«Tab»«Tab»«Tab»", "apricot|", 2},
		{"a«Tab»«Tab»«Tab»«Tab»", "ap|", 2},
		{"a«Tab»«Shift-Tab»", "apricot|", 2},
		{"a«Tab»«Down»«Down»«Up»", "apple|", 2},
		{"a«Tab»«Down»«Enter»", "apple|", 0},
		{"a«Tab»«Down»«Esc»", "ap|", 0},
		{"a«Tab»r", "apr|", 1},
		{"a«Tab»r«Down»«Enter»", "apricot|", 0},
		{"a«Tab»r«Backspace»", "ap|", 2},
		{"a«Tab»«Backspace»«Backspace»", "|", 0},
		{"a«Tab»x", "apx|", 0},
		{"a«Tab»«Down».", "apple.|", 0},
		{"a«Tab»«Down»(«Left»", "apple|(", 0},
		{"a«Tab»«Down»«Ctrl-_»", "ap|", 0},
		{"zz«Tab»", "zz|", 0},
		{"boom«Tab»", "boom|", 0},
		{"日«Tab»", "日本梨|", 0},
		{"«Tab»", "\t|", 0},
	} {
		m := newMachine(testConfig(), "")
		got, _ := play(m, test.keys)
		items := 0
		if m.menu != nil {
			items = len(m.menu.items)
		}
		if got != test.want || items != test.items {
			t.Errorf("%s: got %q with %d candidates, want %q with %d", test.keys, got, items, test.want, test.items)
		}
	}
}

func TestGhost(t *testing.T) {
	history := []string{"for {\n\tprint(1)\n}", "fmt.Println(x)", "print(x)"}
	for _, test := range []struct{ keys, ghost, want string }{
		{"fm", "t.Println(x)", "fm|"},
		{"fm«Right»", "", "fmt.Println(x)|"},
		{"fm«End»", "", "fmt.Println(x)|"},
		{"fm«Alt-F»", ".Println(x)", "fmt|"},
		{"fo", "r {\n\tprint(1)\n}", "fo|"},
		{"a«Alt-Enter»fmt", ".Println(x)", "a\nfmt|"},
		{"a«Alt-Enter»fmt«Ctrl-F»", "", "a\nfmt.Println(x)|"},
		{"a«Alt-Enter»fm", "", "a\nfm|"},
		{"fm«Left»", "", "f|m"},
		{"fm«Esc»", "", "fm|"},
		{"fm«Esc»t", ".Println(x)", "fmt|"},
		{"zz", "", "zz|"},
		{"", "", "|"},
	} {
		m := newMachine(testConfig(history...), "")
		if got, _ := play(m, test.keys); got != test.want || m.ghost.text != test.ghost {
			t.Errorf("%s: got %q with %q proposed, want %q with %q", test.keys, got, m.ghost.text, test.want, test.ghost)
		}
	}
}

func TestSingle(t *testing.T) {
	m := newMachine(&Config{}, "")
	m.single = true
	if got, a := play(m, "a«Up»«Tab»«Alt-_»«Paste b\r\nc\n»"); got != "ab|" || a != accept || m.rest != "c\n" {
		t.Errorf("got %q, action %d, rest %q", got, a, m.rest)
	}
}

// FuzzMachine presses keys at random: the cursor stays between characters, and undoing all brings back the start.
func FuzzMachine(f *testing.F) {
	f.Add("f {«Enter»}«Ctrl-_»«Alt-_»日«Tab»«Ctrl-R»f«Up»«Ctrl-T»«Alt-Y»«Ctrl-Y»\xff")
	f.Fuzz(func(t *testing.T, script string) {
		defer func() {
			if r := recover(); r != nil && !strings.HasPrefix(r.(string), "no key") {
				panic(r)
			}
		}()
		m := newMachine(testConfig("fmt", "f {\n\tx\n}"), "")
		for _, k := range press(script) {
			m.key(k, false)
			if m.Pos() < 0 || m.Pos() > len(m.Text()) {
				t.Fatalf("%q: cursor at %d of %q", script, m.Pos(), m.Text())
			}
			newView(Prompt{"In: ", "..: "}, true).frame(m, 20, 5)
		}
		for m.Undo() {
		}
		if m.Text() != "" {
			t.Fatalf("%q: undone to %q", script, m.Text())
		}
	})
}
