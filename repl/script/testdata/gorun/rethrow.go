// Panics that are recovered, and some that are raised again.
package main

import (
	"errors"
	"fmt"
	"os"
)

var errOwn = errors.New("own")

func try(f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint("recovered: ", r)
			if r == errOwn {
				text += " (own)"
			}
			if r == "text" {
				text += " (text)"
			}
		}
	}()
	f()
	return "nothing"
}

func main() {
	var m map[string]int
	fmt.Println(try(func() {}))
	fmt.Println(try(func() { panic("text") }))
	fmt.Println(try(func() { panic(errOwn) }))
	fmt.Println(try(func() { panic(42) }))
	fmt.Println(try(func() { m["a"] = 1 }))
	fmt.Println(try(func() { fmt.Println(1 / len(m)) }))
	fmt.Println(try(func() { defer func() { fmt.Println("deferred first") }(); panic(errOwn) }))
	if len(os.Args) > 1 {
		defer func() { panic(fmt.Sprint("again: ", recover())) }()
		panic("first")
	}
}
