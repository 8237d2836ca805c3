package rt_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kairos/repl/lower/rt"
)

type (
	namedInt     int
	namedFloat   float32
	namedString  string
	namedBool    bool
	namedComplex complex128
	namedError   int
	badError     int
	pair         struct{ a, b int }
)

func (namedError) Error() string { return "named\nerror" }

func (badError) Error() string { panic(pair{}) }

// panics are functions that end the program, as compiled and as lowered.
var panics = []struct{ compiled, lowered func() }{
	{func() { panic("a\nb") }, func() { rt.Panic("a\nb") }},
	{func() { panic(namedString("a\nb")) }, func() { rt.Panic(namedString("a\nb")) }},
	{func() { panic(-3) }, func() { rt.Panic(-3) }},
	{func() { panic(namedInt(-3)) }, func() { rt.Panic(namedInt(-3)) }},
	{func() { panic(2.5) }, func() { rt.Panic(2.5) }},
	{func() { panic(namedFloat(0.1)) }, func() { rt.Panic(namedFloat(0.1)) }},
	{func() { panic(1 - 2i) }, func() { rt.Panic(1 - 2i) }},
	{func() { panic(namedComplex(1i)) }, func() { rt.Panic(namedComplex(1i)) }},
	{func() { panic(true) }, func() { rt.Panic(true) }},
	{func() { panic(namedBool(true)) }, func() { rt.Panic(namedBool(true)) }},
	{func() { panic(pair{1, 2}) }, func() { rt.Panic(pair{1, 2}) }},
	{func() { panic([]int{1}) }, func() { rt.Panic([]int{1}) }},
	{func() { panic((*int)(nil)) }, func() { rt.Panic((*int)(nil)) }},
	{func() { panic(errors.New("x\ny")) }, func() { rt.Panic(errors.New("x\ny")) }},
	{func() { panic(namedError(1)) }, func() { rt.Panic(namedError(1)) }},
	{func() { panic(reflect.Int) }, func() { rt.Panic(reflect.Int) }},
	{func() { panic(nil) }, func() { rt.Panic(nil) }},
	{func() {
		defer panic("third")
		defer func() { panic("second") }()
		panic("first")
	}, func() {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { rt.Panic("third") })
			f.Defer(func() { rt.Panic("second") })
			rt.Panic("first")
		})
	}},
	{func() {
		defer func() { panic(fmt.Sprint(recover(), "\nagain")) }()
		panic("x")
	}, func() {
		rt.Run(func(f *rt.Frame) {
			f.Defer(func() { rt.Panic(fmt.Sprint(rt.Recover(), "\nagain")) })
			rt.Panic("x")
		})
	}},
	{func() {
		defer panic("last")
		defer func() { panic(recover()) }()
		panic("x")
	}, func() {
		rt.Run(func(f *rt.Frame) {
			f.DeferCall(func() { rt.Panic("last") })
			f.Defer(func() { rt.Panic(rt.Recover()) })
			rt.Panic("x")
		})
	}},
}

// TestMain is also the programs that the tests run.
func TestMain(m *testing.M) {
	if n, err := strconv.Atoi(os.Getenv("RT_PANIC")); err == nil {
		panics[n].compiled()
	}
	if os.Getenv("RT_UNCAUGHT") != "" {
		panic(rt.Through("x", 1, func(t *rt.Thrown) {
			fmt.Println("uncaught", t.Text())
			os.Exit(0)
		}))
	}
	if os.Getenv("RT_PRINT") != "" {
		printBoth()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program runs TestMain as a program and returns what it wrote.
func program(env string) string {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env)
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// address is what no two runs print alike.
var address = regexp.MustCompile(`0x[0-9a-f]{2,}`)

// TestPanicText compares the text of panics with what the runtime prints when it ends a program.
func TestPanicText(t *testing.T) {
	for i, p := range panics {
		text, _, _ := strings.Cut(program(fmt.Sprint("RT_PANIC=", i)), "\n\ngoroutine")
		want := address.ReplaceAllString(strings.TrimPrefix(text, "panic: "), "0x…")
		want = strings.TrimSuffix(want, " [recovered, repanicked]")
		if got := address.ReplaceAllString(thrownBy(p.lowered).Text(), "0x…"); got != want {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
	bad := rt.Caught(badError(1)).Text()
	if want := "panic while printing panic value: type rt_test.pair"; bad != want {
		t.Errorf("%q, want %q", bad, want)
	}
}

func thrownBy(f func()) (t *rt.Thrown) {
	defer func() { t = rt.Caught(recover()) }()
	f()
	return nil
}

// printBoth prints each line twice, by the compiler's println and by the function for lowered code.
func printBoth() {
	var (
		none    any
		err     error
		p       *int
		m       map[int]int
		s       = make([]int, 2, 3)
		inf     = math.Inf(1)
		nan     = math.NaN()
		big     = uint64(1 << 63)
		boxed   = any(3)
		nothing []int
	)
	println(1.5, float32(0.1), 1e21, 1e8, inf, -inf, nan, math.Copysign(0, -1), 1e-7)
	rt.Println(1.5, float32(0.1), 1e21, 1e8, inf, -inf, nan, math.Copysign(0, -1), 1e-7)
	println(complex(1, -2), complex64(complex(0.5, 2)), complex(nan, inf), namedComplex(1))
	rt.Println(complex(1, -2), complex64(complex(0.5, 2)), complex(nan, inf), namedComplex(1))
	println(none, err, p, m, big, namedInt(3), namedFloat(2), namedString("s"), namedError(1), 'a', true, uintptr(5))
	rt.Println(rt.Words(none), rt.Words(err), p, m, big, namedInt(3), namedFloat(2), namedString("s"), namedError(1), 'a',
		true, uintptr(5))
	println(s, nothing, boxed, uint8(200), int8(-3), printBoth)
	rt.Println(s, nothing, rt.Words(boxed), uint8(200), int8(-3), printBoth)
	println()
	rt.Println()
	print(1, "a", 2.5, "\n")
	rt.Print(1, "a", 2.5, "\n")
}

func TestPrint(t *testing.T) {
	lines := strings.Split(program("RT_PRINT=1"), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		if lines[i] != lines[i+1] {
			t.Errorf("println prints\n%s, want\n%s", lines[i+1], lines[i])
		}
	}
	if len(lines) != 13 {
		t.Errorf("%d lines: %q", len(lines), lines)
	}
}

// TestUncaught has the runtime end a program by a panic that passed through interpreted functions.
func TestUncaught(t *testing.T) {
	if got := program("RT_UNCAUGHT=1"); got != "uncaught x\n" {
		t.Errorf("the program prints %q", got)
	}
	thrown := rt.Through("x", 1, func(*rt.Thrown) { t.Error("called") }).(*rt.Thrown)
	if got := thrown.Error(); got != "x" {
		t.Errorf("the text is %q", got)
	}
}
