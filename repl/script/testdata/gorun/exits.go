// Ways to end, one for each argument.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"syscall"
	"time"

	"kairos/stdlib/cell"
)

func main() {
	defer fmt.Println("deferred")
	fmt.Fprintln(os.Stderr, "on standard error")
	switch os.Args[1] {
	case "return":
	case "exit 0":
		os.Exit(0)
	case "exit 3":
		os.Exit(3)
	case "fatal":
		log.SetFlags(0)
		log.Fatal("fatal: ", 3)
	case "fatal logger":
		log.New(os.Stderr, "own: ", 0).Fatalf("fatal: %d", 3)
	case "check":
		cell.Check(errors.New("checked"))
	case "check nil":
		cell.Check(nil)
	case "check cancelled":
		cell.Check(fmt.Errorf("work: %w", context.Canceled))
	case "flags":
		n := flag.Int("n", 3, "how `many`")
		flag.CommandLine.Parse(os.Args[2:])
		fmt.Println(*n, flag.Args())
	case "terminate":
		syscall.Kill(os.Getpid(), syscall.SIGTERM)
		time.Sleep(5 * time.Second)
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(5 * time.Second)
	case "input":
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			fmt.Printf("%q\n", in.Text())
		}
	case "builtins":
		print("a", 1, " ", 2.5, "\n")
		println("b", 1e21, 'c', true, 1i)
	}
}
