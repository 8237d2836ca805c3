package kernel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kairos/kernel/internal/client"
)

// text joins what was printed, and counts the messages.
func text(messages []client.Message) (all string, n int) {
	var b strings.Builder
	for _, m := range messages {
		if m.Header.Type == "stream" {
			b.WriteString(m.Content["text"].(string))
			n++
		}
	}
	return b.String(), n
}

func TestManyPrintsAreFewMessages(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	var want strings.Builder
	for i := range 10_000 {
		fmt.Fprintln(&want, i)
	}
	got, n := text(u.until(u.Execute("prints 10000")))
	if got != want.String() || n >= 20 {
		t.Errorf("%d bytes of %d in %d messages", len(got), want.Len(), n)
	}
	begin := time.Now()
	got, n = text(u.until(u.Execute("flood 50")))
	if len(got) != 50<<20 || n >= 50 {
		t.Errorf("%d bytes in %d messages", len(got), n)
	}
	t.Logf("50 MB took %v, in %d messages", time.Since(begin).Round(time.Millisecond), n)
}

func TestPrintedTextComesWhileACellRuns(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	begin := time.Now()
	id := u.Execute("print now\nsleep 1000")
	for m := u.published(); m.Header.Type != "stream"; {
		m = u.published()
	}
	if took := time.Since(begin); took > 500*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	u.until(id)
}

func TestCharactersStayWhole(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	got, _ := text(u.until(u.Execute("bytes größer 世界 🙂")))
	if got != "größer 世界 🙂" {
		t.Errorf("got %q", got)
	}
	for _, half := range []string{"\xe4\xb8", "a\xff"} { // and what never becomes whole comes too
		s := serve(t, signed(), nil)
		u := s.connect()
		id := u.Execute("nothing")
		u.until(id)
		s.fake.live.Stream("stdout", half)
		if m := u.published(); m.Header.Type != "stream" || m.Parent.ID != id || !strings.Contains(m.Content["text"].(string), "�") {
			t.Errorf("%q came as %v", half, m.Content)
		}
	}
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	first := u.Execute("late x")
	u.until(first)
	second := u.Execute("print y\nsleep 300\nprint z")
	texts := map[string]string{}
	for m := u.published(); !(m.Parent.ID == second && m.Content["execution_state"] == "idle"); m = u.published() {
		if m.Header.Type == "stream" {
			texts[m.Parent.ID] += m.Content["text"].(string)
		}
	}
	if texts[first] != "x\n" || texts[second] != "y\nz\n" {
		t.Errorf("%q", texts)
	}
}

func TestDisplays(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	messages := u.until(u.Execute("show 1 a\nupdate 1 b\nupdate 7 c"))
	same(t, said(messages)[2:5], "display_data a", "update_display_data b", "display_data c")
	id := func(m client.Message) any { return m.Content["transient"].(map[string]any)["display_id"] }
	if id(messages[2]) != id(messages[3]) || id(messages[3]) == id(messages[4]) || id(messages[2]) == "" {
		t.Errorf("the IDs are %v, %v, %v", id(messages[2]), id(messages[3]), id(messages[4]))
	}
	data := messages[2].Content["data"].(map[string]any)
	for mime, want := range map[string]string{
		"text/plain": "a", "text/html": "<b>a</b>", "image/png": "AQID", "image/svg+xml": "<svg/>",
		"application/json": "map[a:1]", "application/vnd.x+json": "{",
	} {
		if got := fmt.Sprint(data[mime]); got != want {
			t.Errorf("%s is %s, and not %s", mime, got, want)
		}
	}
	later := u.until(u.Execute("update 1 d\nshow 1 e\nupdate 1 f")) // a session that was restarted begins to count again
	same(t, said(later)[2:5], "update_display_data d", "display_data e", "update_display_data f")
	if id(later[0+2]) != id(messages[2]) || id(later[3]) == id(messages[2]) || id(later[4]) != id(later[3]) {
		t.Errorf("the IDs are %v, %v, %v", id(later[2]), id(later[3]), id(later[4]))
	}
}

func TestClearOutput(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	_, lines := u.run("print a\nclear wait\nprint b\nclear")
	same(t, lines[2:], `stdout "a\n"`, "clear_output map[wait:true]", `stdout "b\n"`, "clear_output map[wait:false]", "idle")
	_, lines = u.run("print a\x1b[H\x1b[2Jb\x1b[2J\x1b[Hc\nprint d\nprint e\x1b[2J\nclear")
	same(t, lines[2:], "clear_output map[wait:true]", `stdout "c\nd\n"`, "clear_output map[wait:true]", `stdout "\n"`,
		"clear_output map[wait:false]", "idle")
	s.Clear(true) // of no cell
	u.running()
	s.Clear(true)
	if m := u.published(); m.Header.Type != "clear_output" {
		t.Errorf("got %v", m)
	}
}

func TestProgress(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	messages := u.until(u.Execute("progress 400"))
	lines := said(messages)
	bars := lines[2 : len(lines)-1]
	if len(bars) < 3 || len(bars) > 30 || !strings.HasPrefix(bars[0], "display_data <train> ░") {
		t.Fatalf("published %d bars: %q", len(bars), bars)
	}
	for _, b := range bars[1:] {
		if !strings.HasPrefix(b, "update_display_data ") {
			t.Errorf("not an update: %s", b)
		}
	}
	last := messages[len(messages)-2].Content["data"].(map[string]any)
	if !strings.Contains(last["text/plain"].(string), "█ 400/400 · ") ||
		!strings.Contains(last["text/html"].(string), `&lt;train&gt; <progress value="400" max="400"`) {
		t.Errorf("the last bar is %v", last)
	}
	lines = said(u.until(u.Execute("half"))) // the last state is shown when the cell ends
	if len(lines) != 5 || !strings.Contains(lines[3], " 2/4") {
		t.Errorf("published %q", lines)
	}
}
