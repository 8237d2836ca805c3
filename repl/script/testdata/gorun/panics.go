// Panics, one for each argument.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

type pair struct {
	A int
	B string
}

type label string

type failure struct{ msg string }

func (f *failure) Error() string { return "failure: " + f.msg }

type level int

func (l level) String() string { return fmt.Sprint("level ", int(l)) }

type node struct{ next *node }

func (n *node) follow() *node { return n.next }

func (n node) String() string { panic("no text") }

//go:noinline
func recurse(n int) {
	if n == 0 {
		panic("at the bottom")
	}
	recurse(n - 1)
}

func work(wg *sync.WaitGroup) {
	defer wg.Done()
	panic(errors.New("in a goroutine"))
}

var global map[string]int

func main() {
	defer fmt.Println("deferred")
	var list []int
	var table map[string]int
	var missing *node
	var fn func()
	var value any = "text"
	zero, three := 0, 3
	switch os.Args[1] {
	case "string":
		panic("boom")
	case "lines":
		panic("first\nsecond")
	case "error":
		panic(errors.New("an error"))
	case "wrapped":
		panic(fmt.Errorf("read: %w", os.ErrNotExist))
	case "sprintf":
		panic(fmt.Sprintf("%d of %s", 3, "x"))
	case "own error":
		panic(&failure{"own"})
	case "stringer":
		panic(level(3))
	case "int":
		panic(42)
	case "float":
		panic(2.5)
	case "named":
		panic(label("a label"))
	case "struct":
		panic(pair{1, "b"})
	case "nil":
		panic(nil)
	case "depth":
		recurse(3)
	case "deep":
		recurse(200)
	case "method":
		missing.follow()
	case "literal":
		outer := func() {
			inner := func() {
				defer fmt.Print() // keeps the compiler from inlining
				panic("two literals down")
			}
			defer fmt.Print()
			inner()
		}
		outer()
	case "callback":
		strings.Map(func(r rune) rune { panic("called by compiled code") }, "text")
	case "index":
		fmt.Println([]int{1}[three])
	case "array":
		fmt.Println([2]int{}[three%4])
	case "slice":
		fmt.Println([]int{1}[three:])
	case "nil map":
		table["a"] = 1
	case "nil map increment":
		table["a"]++
	case "global map":
		global["a"] = 1
	case "nil pointer":
		fmt.Println(missing.next)
	case "nil function":
		fn()
	case "divide":
		fmt.Println(1 / zero)
	case "assert":
		fmt.Println(value.(int))
	case "close closed":
		c := make(chan int)
		close(c)
		close(c)
	case "send closed":
		c := make(chan int, 1)
		close(c)
		c <- 1
	case "length":
		list = make([]int, -three)
	case "unhashable":
		fmt.Println(map[any]int{list: 1})
	case "goroutine":
		var wg sync.WaitGroup
		wg.Add(1)
		go work(&wg)
		time.Sleep(5 * time.Second)
	case "goroutine literal":
		go func() { recurse(1) }()
		time.Sleep(5 * time.Second)
	default:
		panic("unknown case " + os.Args[1])
	}
}
