package text

import (
	"strings"
	"testing"
)

func TestFirst(t *testing.T) {
	for _, test := range []struct {
		in     string
		column int
		want   Cluster
	}{
		{"ab", 0, Cluster{1, 1, "a", true}},
		{"é!", 0, Cluster{2, 1, "é", true}},
		{"日本", 0, Cluster{3, 2, "日", true}},
		{"e\u0301x", 0, Cluster{3, 1, "e\u0301", false}},
		{"👨‍👩‍👧x", 0, Cluster{18, 2, "👨‍👩‍👧", false}},
		{"🇩🇪🇩🇪", 0, Cluster{8, 2, "🇩🇪", false}},
		{"\t", 0, Cluster{1, 4, "    ", true}},
		{"\t", 7, Cluster{1, 1, " ", true}},
		{"\n", 3, Cluster{1, 0, "", true}},
		{"\x01", 0, Cluster{1, 2, "^A", true}},
		{"\x7f", 0, Cluster{1, 2, "^?", true}},
		{"\x1b[0m", 0, Cluster{1, 2, "^[", true}},
		{"\u009b", 0, Cluster{2, 4, "<9b>", true}},
		{"\u200bx", 0, Cluster{3, 6, "<200b>", true}},
		{"\u202ex", 0, Cluster{3, 6, "<202e>", true}},
		{"\u0301x", 0, Cluster{2, 1, "\u25cc\u0301", false}},
		{"\xff\xfe", 0, Cluster{1, 1, "\ufffd", true}},
		{"\xe6\x97", 0, Cluster{1, 1, "\ufffd", true}},
		{"\u3000", 0, Cluster{3, 2, "\u3000", true}},
	} {
		if got := First(test.in, test.column); got != test.want {
			t.Errorf("%q at %d: got %+v, want %+v", test.in, test.column, got, test.want)
		}
	}
}

func TestWidth(t *testing.T) {
	if got := Width("a\tb日", 2); got != 1+1+1+2 {
		t.Errorf("got %d", got)
	}
}

// TestLongLine moves to the left in a line without a place where a character surely ends.
func TestLongLine(t *testing.T) {
	var b Buffer
	b.Set(strings.Repeat("日", 1000))
	for range 10 {
		b.Left()
	}
	if b.Pos() != 3*990 {
		t.Errorf("at %d", b.Pos())
	}
}

func TestYankGoesThroughAllKills(t *testing.T) {
	var b Buffer
	for _, s := range []string{"one", "two", "three"} {
		b.Type(s)
		b.KillStart()
	}
	b.Yank()
	var seen []string
	for range 4 {
		seen = append(seen, b.Text())
		b.YankOther()
	}
	if got := strings.Join(seen, " "); got != "three two one three" {
		t.Errorf("got %s", got)
	}
}

func TestManyKills(t *testing.T) {
	var b Buffer
	for range 3 * maxKills {
		b.Type("x")
		b.KillStart()
	}
	if len(b.kills) != maxKills {
		t.Errorf("%d kills", len(b.kills))
	}
}

// FuzzClusters walks a text in both directions, over the same characters, and sees all of it.
func FuzzClusters(f *testing.F) {
	for _, s := range []string{"ab日e\u0301", "👨‍👩‍👧🇩🇪", "\xff\xcc\x81", "a\u200d\u0301\n\r\t", "\u0600a", "\xe2\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b Buffer
		b.Set(s)
		s = b.Text()
		b.Move(0)
		for b.Pos() < len(s) {
			c := First(s[b.Pos():], 0)
			if c.Size <= 0 || c.Width < 0 || c.Width == 0 && s[b.Pos()] != '\n' || c.Show == "" && c.Width > 0 {
				t.Fatalf("%q at %d: %+v", s, b.Pos(), c)
			}
			b.Right()
		}
		for steps := 0; b.Pos() > 0; steps++ {
			if b.Left(); steps > len(s) {
				t.Fatalf("%q: never at the start", s)
			}
		}
	})
}
