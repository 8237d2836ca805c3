package wire

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const signature = "16f67beb53de63def26e40b62869107c0ebeef4a33b628d3ef573365baff5c37"

// signed is a message that Python's hmac module signed, with the key "secret".
var signed = [][]byte{
	[]byte("peer"), []byte(Delimiter),
	[]byte(signature),
	[]byte(`{"msg_id": "1", "session": "s", "username": "u", "date": "2024-05-06T07:08:09.123456+02:00", "msg_type": "execute_request", "version": "5.3", "more": 1}`),
	[]byte(`{}`), []byte(`{}`), []byte(`{"code": "1+1 // ü"}`),
	[]byte("buffer"),
}

func message() [][]byte {
	return slices.Clone(signed)
}

func TestDecodeWhatPythonSigned(t *testing.T) {
	m, err := NewCodec([]byte("secret")).Decode(message())
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Type != "execute_request" || string(m.Identities[0]) != "peer" || string(m.Buffers[0]) != "buffer" {
		t.Errorf("read %+v", m)
	}
	if want := time.Date(2024, 5, 6, 5, 8, 9, 123456000, time.UTC); !m.Header.Time().Equal(want) {
		t.Errorf("the date is %v; want %v", m.Header.Time(), want)
	}
	if !strings.Contains(string(m.Raw), `"more": 1`) {
		t.Errorf("the header lost something: %s", m.Raw)
	}
}

func TestErrors(t *testing.T) {
	with := func(at int, frame string) [][]byte {
		m := message()
		m[at] = []byte(frame)
		return m
	}
	long := strings.Repeat("ab", 1000)
	for _, test := range []struct {
		name   string
		frames [][]byte
		key    string
		want   error
	}{
		{"nothing", nil, "secret", ErrNoDelimiter},
		{"no delimiter", message()[2:], "secret", ErrNoDelimiter},
		{"only a delimiter", message()[:2], "secret", ErrShort},
		{"cut short", message()[:6], "secret", ErrShort},
		{"another key", message(), "Secret", ErrSignature},
		{"another content", with(6, `{"code": "rm"}`), "secret", ErrSignature},
		{"another header", with(3, `{}`), "secret", ErrSignature},
		{"no signature", with(2, ""), "secret", ErrSignature},
		{"half a signature", with(2, signature[:32]), "secret", ErrSignature},
		{"an odd signature", with(2, signature[:63]), "secret", ErrSignature},
		{"a long signature", with(2, long), "secret", ErrSignature},
		{"not hexadecimal", with(2, strings.Repeat("zz", 32)), "secret", ErrSignature},
		{"header is no JSON", with(3, "\xff\xfe"), "", ErrJSON},
		{"header is a list", with(3, "[]"), "", ErrJSON},
		{"header is empty", with(3, "{}"), "", ErrNoType},
		{"parent is no JSON", with(4, "{"), "", ErrJSON},
		{"metadata is null", with(5, "null"), "", ErrJSON},
		{"content is no JSON", with(6, `{"a":`), "", ErrJSON},
		{"content is empty", with(6, ""), "", ErrJSON},
	} {
		m, err := NewCodec([]byte(test.key)).Decode(test.frames)
		var typed *Error
		if m != nil || !errors.Is(err, test.want) || !errors.As(err, &typed) {
			t.Errorf("%s: got %v, %v; want %v", test.name, m, err, test.want)
		}
	}
	var typed *Error
	if _, err := NewCodec(nil).Decode(with(3, `{"msg_id": 1}`)); !errors.As(err, &typed) || typed.Part != "header" {
		t.Errorf("a number for msg_id: %v", err)
	}
}

func TestAMessageIsTakenOnce(t *testing.T) {
	c := NewCodec([]byte("secret"))
	if _, err := c.Decode(message()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Decode(message()); !errors.Is(err, ErrReplayed) {
		t.Errorf("the same again: %v", err)
	}
	for i := range 2 * remembered {
		if !c.remember([32]byte{byte(i), byte(i >> 8), byte(i >> 16), 1}) {
			t.Fatalf("%d is not new", i)
		}
	}
	if len(c.seen) != remembered || len(c.past) != remembered {
		t.Errorf("%d and %d are remembered", len(c.seen), len(c.past))
	}
}

func TestEncodeAndDecode(t *testing.T) {
	for _, key := range []string{"", "secret"} {
		c := NewCodec([]byte(key))
		m := &Message{
			Identities: [][]byte{[]byte("a"), {}}, Header: NewSource("me").Header("stream"),
			Parent: json.RawMessage(`{"msg_id":"7"}`), Content: json.RawMessage(`{"text":"x"}`), Buffers: [][]byte{{}, {1}},
		}
		frames, err := c.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Decode(frames)
		if err != nil {
			t.Fatal(err)
		}
		if got.ParentHeader().ID != "7" || string(got.Metadata) != "{}" {
			t.Errorf("read %+v", got)
		}
		got.Raw, got.Metadata = nil, nil
		if !reflect.DeepEqual(m, got) {
			t.Errorf("wrote %+v\nread  %+v", m, got)
		}
	}
}

func TestHeaders(t *testing.T) {
	s := NewSource("me")
	a, b := s.Header("status"), s.Header("status")
	if a.ID == b.ID || a.Session != b.Session || a.ID == NewSource("me").Header("status").ID {
		t.Errorf("%+v and %+v", a, b)
	}
	if since := time.Since(a.Time()); since < 0 || since > time.Minute || !strings.HasSuffix(a.Date, "Z") {
		t.Errorf("the date is %s", a.Date)
	}
	if !(Header{Date: "soon"}).Time().IsZero() || (Header{Date: "2024-05-06T07:08:09"}).Time().Hour() != 7 {
		t.Error("dates are not read")
	}
}

// FuzzDecode reads frames that a zero byte separates. With a key nothing passes, and without one what passes can be written.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("id\x00<IDS|MSG>\x00\x00{\"msg_id\":\"1\",\"msg_type\":\"t\"}\x00{}\x00{}\x00{}\x00buffer"))
	f.Add([]byte("<IDS|MSG>\x00{}\x00{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var frames [][]byte
		for _, frame := range strings.Split(string(data), "\x00") {
			frames = append(frames, []byte(frame))
		}
		var typed *Error
		if _, err := NewCodec([]byte("k")).Decode(frames); !errors.As(err, &typed) {
			t.Fatalf("%q passes: %v", frames, err)
		}
		c := NewCodec(nil)
		m, err := c.Decode(frames)
		if err != nil {
			if !errors.As(err, &typed) {
				t.Fatalf("%q: %T", frames, err)
			}
			return
		}
		written, err := c.Encode(m)
		if err != nil {
			t.Fatalf("%q cannot be written: %v", frames, err)
		}
		if again, err := c.Decode(written); err != nil || again.Header != m.Header {
			t.Fatalf("%q became %q, %v", frames, written, err)
		}
	})
}
