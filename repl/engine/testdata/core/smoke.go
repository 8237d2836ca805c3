package core

import "kairos/repl/engine/testdata/k"

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func smoke() {
	k.Print(fib(15))
	var s int
	for i := 0; i < 10; i++ {
		s += i
	}
	k.Print(s)
}

func init() { k.Case("smoke", smoke) }
