// Kairos-worker runs scripts and sessions with every package of kairos, those that link libtorch included. It is started
// by kairos, which finds it beside itself:
//
//	kairos-worker FILE.go... [ARG...]
//	kairos-worker DIR [ARG...]
//	kairos-worker -session
//	kairos-worker -embed ENCODER TOKENS DIR
//	kairos-worker -train
package main

import (
	"fmt"
	"os"

	"kairos/repl"
	"kairos/repl/check"
	"kairos/repl/interpreter"
	"kairos/repl/script"
	"kairos/repl/worker"
	"kairos/stdlib/symbols"
	"kairos/stdlib/symbols/native"
)

func main() {
	table := append(symbols.Pure(), native.Package) // of every package that can be imported
	switch {
	case len(os.Args) < 2:
		fmt.Fprintln(os.Stderr, "usage: kairos-worker FILE [ARG...]")
		os.Exit(2)
	case os.Args[1] == worker.Flag:
		os.Exit(worker.Serve(func() (repl.Session, error) {
			return interpreter.Open(interpreter.Config{Lookup: table.Lookup, Width: worker.Columns()})
		}))
	case os.Args[1] == worker.EmbedFlag:
		end(embedTexts(os.Args[2:], os.Stdin, os.Stdout))
	case os.Args[1] == worker.TrainFlag:
		end(trainModel(os.Stdin, os.Stdout, os.Stderr))
	}
	program, args := check.Split(os.Args[1:])
	os.Exit(script.Run(program, args, script.Config{Lookup: table.Lookup}))
}

// end ends the process, having said what went wrong.
func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
