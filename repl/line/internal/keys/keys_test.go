package keys

import (
	"reflect"
	"strings"
	"testing"
)

// written writes keys by name, pastes in brackets.
func written(list []Key) string {
	var names []string
	for _, k := range list {
		if k.Code == Paste {
			names = append(names, "["+k.Text+"]")
			continue
		}
		names = append(names, k.String())
	}
	return strings.Join(names, " ")
}

var decoded = []struct{ in, want string }{
	{"ab", "a b"},
	{"é日👍", "é 日 👍"},
	{"\r\n\t\x7f\x08", "Enter Ctrl-J Tab Backspace Backspace"},
	{"\x00\x01\x1a\x1f\x1c", "Ctrl-Space Ctrl-A Ctrl-Z Ctrl-_ Ctrl-\\"},
	{"\x1b[A\x1b[B\x1b[C\x1b[D", "Up Down Right Left"},
	{"\x1bOA\x1bOH\x1bOM\x1bOP", "Up Home Enter F1"},
	{"\x1bO5C", "Ctrl-Right"},
	{"\x1b[1;5C\x1b[1;3A\x1b[1;2H\x1b[1;8F", "Ctrl-Right Alt-Up Shift-Home Ctrl-Alt-Shift-End"},
	{"\x1b[3~\x1b[3;5~\x1b[1~\x1b[8~\x1b[5~\x1b[12~", "Delete Ctrl-Delete Home End PageUp F2"},
	{"\x1b[[B", "F2"},
	{"\x1b[Z", "Shift-Tab"},
	{"\x1bb\x1bF\x1b\x7f\x1b\r\x1b_\x1b<", "Alt-B Alt-F Alt-Backspace Alt-Enter Alt-_ Alt-<"},
	{"\x1bé", "Alt-É"},
	{"\x1b\x1b[D\x1b\x1bx", "Alt-Left Esc Alt-X"},
	{"\x1b[97;5u\x1b[13;3u\x1b[27u\x1b[97;2u", "Ctrl-A Alt-Enter Esc A"},
	{"\x1b[97;5:3u\x1b[57358u", ""},
	{"\x1b[27;5;13~", "Ctrl-Enter"},
	{"\x1b[200~a\r\nb\x1b[A\x1b[201~c", "[a\r\nb\x1b[A] c"},
	{"\x1b[12;40Rx", "x"},
	{"\x1b[?62;22cx\x1b[>0;1;2cy", "x y"},
	{"\x1b]11;rgb:0000/0000/0000\x07x\x1b]11;a\x1b\\y", "x y"},
	{"\x1bP1+r\x1b\\x\x1b_Gi=1;OK\x1b\\y", "x y"},
	{"\x1b[<0;3;4Mx\x1b[I\x1b[Oy", "x y"},
	{"\x1b[99~\x1b[Ex", "x"},
	{"\x1b[12\x01x", "Ctrl-A x"},
	{"\xff\xfea", "a"},
	{"\u0085a", "a"},
}

func TestDecoder(t *testing.T) {
	for _, test := range decoded {
		var d Decoder
		if got := written(d.Feed([]byte(test.in))); got != test.want {
			t.Errorf("%q: got %s, want %s", test.in, got, test.want)
		}
		if d.Pending() {
			t.Errorf("%q: something is pending", test.in)
		}
	}
}

// TestPieces feeds byte by byte.
func TestPieces(t *testing.T) {
	for _, test := range decoded {
		var d Decoder
		var list []Key
		for _, c := range []byte(test.in) {
			list = append(list, d.Feed([]byte{c})...)
		}
		if got := written(list); got != test.want {
			t.Errorf("%q: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestFlush(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"\x1b", "Esc"},
		{"\x1b\x1b", "Esc Esc"},
		{"\x1b[", "Alt-["},
		{"\x1bO", "Alt-O"},
		{"\x1b]", "Alt-]"},
		{"\x1bP", "Alt-P"},
		{"\x1b[1;", ""},
		{"\xe6\x97", ""},
		{"\x1b[200~abc", "[abc]"},
	} {
		var d Decoder
		if list := d.Feed([]byte(test.in)); len(list) != 0 || !d.Pending() {
			t.Errorf("%q: decoded %s too early", test.in, written(list))
		}
		if got := written(d.Flush()); got != test.want || d.Pending() {
			t.Errorf("%q: got %s, want %s", test.in, got, test.want)
		}
	}
}

func TestRest(t *testing.T) {
	var d Decoder
	d.Feed([]byte("a\x1b[200~bc"))
	if got := string(d.Rest()); got != "\x1b[200~bc" || d.Pending() {
		t.Errorf("got %q", got)
	}
}

// FuzzDecoder checks that the way in which bytes arrive does not matter, and that no key is garbage.
func FuzzDecoder(f *testing.F) {
	for _, test := range decoded {
		f.Add([]byte(test.in), uint8(3))
	}
	f.Fuzz(func(t *testing.T, in []byte, size uint8) {
		var whole, pieces Decoder
		want := whole.Feed(in)
		var got []Key
		step := int(size%16) + 1
		for i := 0; i < len(in); i += step {
			got = append(got, pieces.Feed(in[i:min(i+step, len(in))])...)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: in pieces %s, at once %s", in, written(got), written(want))
		}
		for _, k := range append(want, whole.Flush()...) {
			if k.Typed() && (k.Rune < ' ' || k.Rune == 0x7f || k.String() == "") {
				t.Fatalf("%q: typed %q", in, k.Rune)
			}
		}
		if whole.Pending() {
			t.Fatalf("%q: pending after a flush", in)
		}
	})
}
