package render

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// third has no short decimal fraction.
const third = 1.0 / 3

type named struct {
	Name string
	list []float64
}

type celsius float64

func (c celsius) String() string { return "warm" }

type ring struct {
	N    int
	Next *ring
}

// hidden values are in fields whose methods must not be called.
type hidden struct {
	err   error
	temp  celsius
	since time.Time
	took  time.Duration
	mu    sync.Mutex
	n     atomic.Int32
}

func TestOneLine(t *testing.T) {
	secret := &hidden{err: errors.New("x"), temp: 20, since: time.Unix(0, 5).UTC(), took: time.Minute}
	secret.n.Store(7)
	secret.mu.Lock()
	n, loop := 3, &ring{N: 1}
	loop.Next = loop
	var self any
	self = map[string]any{"self": &self}
	events := make(chan int, 8)
	events <- 1
	for _, c := range []struct {
		value any
		want  string
	}{
		{"text\n", "text\n"}, {"red \x1b[31m\a\u202e", `red \x1b[31m\a\u202e`}, {"a\r\nb\tc", "a\nb\tc"},
		{nil, "nil"}, {3, "3"}, {true, "true"}, {&n, "&3"}, {(*int)(nil), "nil"}, {'x', "120"}, {uint8(7), "7"},
		{2.5, "2.5"}, {third, "0.3333333333333333"}, {1e6, "1e+06"}, {float32(0.1), "0.1"}, {math.NaN(), "NaN"}, {2i, "(0+2i)"},
		{errors.New("bad"), "bad"}, {time.Second, "1s"}, {celsius(20), "warm"}, {[]celsius{1, 2}, "[warm warm]"},
		{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "2026-01-02 03:04:05 +0000 UTC"},
		{named{"a", []float64{1, 0.5}}, `{Name:"a" list:[1 0.5]}`},
		{&named{}, `&{Name:"" list:[]}`},
		{[]*named{nil, {Name: "b"}}, `[nil &{Name:"b" list:[]}]`},
		{[]any{1, "a", nil, []int(nil), 2.0}, `[1 "a" nil [] 2]`},
		{map[string]int{"b": 2, "a": 1}, `map["a":1 "b":2]`},
		{map[ring]int{{N: 2}: 2, {N: 1}: 1}, `map[{N:1 Next:nil}:1 {N:2 Next:nil}:2]`},
		{map[any]int{"b": 1, 2: 2, nil: 3, 1.5: 4, true: 5}, `map[nil:3 true:5 2:2 1.5:4 "b":1]`},
		{map[int]int(nil), `map[]`}, {struct{}{}, "{}"}, {[0]int{}, "[]"},
		{loop, "&{N:1 Next:↻}"}, {self, `map["self":&↻]`},
		{strings.ToUpper, "func(string) string"}, {events, "chan int (len 1, cap 8)"}, {(func())(nil), "nil"},
		{reflect.ValueOf(loop).Elem().Field(0), "1"}, {reflect.TypeFor[int](), "int"}, {reflect.Value{}, "nil"},
		{big.NewInt(1 << 40), "1099511627776"}, {[]big.Int{*big.NewInt(7)}, "[7]"}, {struct{ R *big.Rat }{big.NewRat(1, 3)}, "{R:1/3}"},
		{[]byte("a\nb"), `"a\nb"`}, {[]byte{1, 2, 255}, "[1 2 255]"}, {[]byte{}, "[]"}, {[4]byte{65, 66}, "[65 66 0 0]"},
		{[16]byte{0xca, 0xfe}, "0xcafe0000000000000000000000000000"},
		{secret,
			"&{err:&{s:\"x\"} temp:20 since:1970-01-01 00:00:00.000000005 +0000 UTC took:1m0s mu:sync.Mutex n:7}"},
		{struct{ Err error }{errors.New("bad")}, "{Err:bad}"},
		{[]loud{{}}, "[%!v(PANIC=String method: quiet)]"},
		{grid{0, 3}, "0 × 3  render.grid"},
		{struct{ M grid }{grid{2, 300}}, "{M:2 × 300 float64}"},
		{broken{}, "{}"},
	} {
		if got := Text(c.value); got != c.want {
			t.Errorf("a %T is shown as %s, want %s", c.value, got, c.want)
		}
	}
	if got := Quoted("a\n"); got != `"a\n"` {
		t.Errorf("quoted: %s", got)
	}
}

// TestClocks: a time that cannot be asked is read as package time keeps it, with a monotonic clock and without.
func TestClocks(t *testing.T) {
	now := time.Now()
	for _, at := range []time.Time{now, now.Round(0), {}, time.Date(1700, 5, 6, 7, 8, 9, 10, time.UTC)} {
		if got, want := Text([]struct{ at time.Time }{{at}}), "[{at:"+at.Round(0).UTC().String()+"}]"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestFloatsInside(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 1: "1", 0.1 + 0.2: "0.3", 2.0 / 3: "0.666667", 1000.123456: "1000.12", 123456.7: "123457", 1234567.5: "1234568",
		9.9999999: "10", 30_000_000: "30000000", 1e14: "100000000000000", 1e15: "1e+15", 1.5e-5: "1.5e-05", 0.00012345678: "0.000123457",
		-2.5: "-2.5", math.Inf(-1): "-Inf", math.MaxFloat64: "1.79769e+308", math.SmallestNonzeroFloat64: "4.94066e-324",
	} {
		if got := Text([]float64{x}); got != "["+want+"]" {
			t.Errorf("%v is shown as %s, want %s", x, got, want)
		}
	}
	if got := Text([]float64{math.NaN(), math.Copysign(0, -1)}); got != "[NaN -0]" {
		t.Error(got)
	}
	if got := Text([]complex64{1 - 2i, complex64(complex(0, math.Inf(1)))}); got != "[(1-2i) (0+Infi)]" {
		t.Error(got)
	}
}

func TestSeveralLines(t *testing.T) {
	long := strings.Repeat("lorem ipsum ", 6)
	numbers := make([]float64, 1000)
	for i := range numbers {
		numbers[i] = float64(i) * 1.25
	}
	counts := map[string]float64{}
	for i := range 30 {
		counts["metric "+string(rune('a'+i%26))+strings.Repeat("x", i/26)] = math.Pow(10, float64(i%4)-1)
	}
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"a struct", struct {
			Name  string
			Model map[string]any
			Err   error
		}{long, map[string]any{"heads": 32, "text": long}, errors.Join(errors.New("one"), errors.New("two"))}, `
{
  Name:  "lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum "
  Model: map[
    "heads": 32
    "text":  "lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum "
  ]
  Err:
    one
    two
}`},
		{"a list of lists", []any{[]any{long, 1, &ring{N: 2}}, long}, `
[
  ["lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum " 1 &{N:2 Next:nil}]
  "lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum lorem ipsum "
]`},
		{"numbers", numbers, `
[   0       1.25    2.5     3.75    5       6.25    7.5     8.75   10      11.25   12.5    13.75
   15      16.25   17.5    18.75   20      21.25   22.5    23.75   25      26.25   27.5    28.75
   30      31.25   32.5    33.75   35      36.25
 …
 1237.5  1238.75 1240    1241.25 1242.5  1243.75 1245    1246.25 1247.5  1248.75] (1,000 values)`},
		{"a map", counts, `
map[
  "metric a":    0.1
  "metric ax":  10
  "metric b":    1
  "metric bx": 100
  "metric c":   10
  "metric cx":   0.1
  "metric d":  100
  "metric dx":   1
  "metric e":    0.1
  "metric f":    1
  …
] (30 entries)`},
		{"bytes", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 300)...), `
00000000  89 50 4e 47 0d 0a 1a 0a  00 00 00 00 00 00 00 00  |.PNG............|
00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|`},
		{"a list in a struct", struct{ Loss, Text any }{numbers, make([]string, 500)}, `
{
  Loss: [0 1.25 2.5 3.75 5 6.25 7.5 8.75 10 11.25 … 1248.75] (1,000 values)
  Text: ["" "" "" "" "" "" "" "" "" "" … ""] (500 values)
}`},
	} {
		got := "\n" + Text(c.value)
		if c.name == "bytes" {
			got = strings.Join(strings.Split(got, "\n")[:3], "\n")
		}
		if got != c.want {
			t.Errorf("%s:%s\nwant%s", c.name, got, c.want)
		}
	}
}

func TestSummaries(t *testing.T) {
	many := map[int]bool{}
	for i := range 30 {
		many[i] = true
	}
	long := strings.Repeat("word ", 40)
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "nil"}, {third, "0.3333333333333333"}, {"a\nb", `"a\nb"`}, {many, "map, 30 entries"}, {&many, "map, 30 entries"},
		{grid{30000, 384}, "30,000 × 384 float64"}, {make([][]int, 3), "[[] [] []]"},
		{[][]string{{long, "a"}, {"b", "c"}}, "2 × 2 string"},
		{[]string{long, long}, "[]string, 2 values"},
		{map[string]string{"a": long}, "map, 1 entry"},
		{errors.Join(errors.New("one"), errors.New("two")), "one↵two"},
		{named{Name: long}, `{Name:"word word word word word word word word word word word word word word wo…`},
		{make([]time.Duration, 500), "[0s 0s 0s 0s 0s 0s 0s 0s 0s 0s … 0s] (500 values)"},
		{make([]byte, 5000), "0x000000000000000000000000000000000000000000000000… (5,000 bytes)"},
	} {
		if got := Summary(c.value); got != c.want {
			t.Errorf("a %T is summed up as %s, want %s", c.value, got, c.want)
		}
	}
}
