// Kairos is a notebook-style environment for arranging training data. This is its front: pure Go, quick to start. What
// needs libtorch runs in a second program, kairos-worker.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"kairos/repl"
	"kairos/repl/check"
	"kairos/repl/interpreter"
	"kairos/repl/script"
	"kairos/repl/worker"
	"kairos/stdlib/assets"
	"kairos/stdlib/symbols"
)

func main() {
	os.Exit(run(os.Args[1:], worker.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// cli is the command line.
type cli struct {
	Run     runCommand     `cmd:"" help:"Run a Go program, with the packages of kairos at hand."`
	Doctor  doctorCommand  `cmd:"" help:"Say what is there, what is missing, and what mends it."`
	Fetch   fetchCommand   `cmd:"" help:"Fetch libtorch, models and data into the cache."`
	Env     envCommand     `cmd:"" help:"Print the variables with which the go command builds and runs with libtorch: eval \"$(kairos env)\"."`
	Version versionCommand `cmd:"" help:"Print the version."`
	Cells   cellsCommand   `cmd:"" default:"1" help:"Evaluate the cells on standard input, which lines of // %% separate, and print what they print. This is what kairos does without a command."`
	Script  scriptCommand  `cmd:"" hidden:"" help:"Run a program in this process: what run starts when there is no worker."`
}

// exit is what a command returns to end with a status, having said why.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// run executes a command line and returns the exit status.
func run(args []string, s worker.Streams) (status int) {
	if len(args) == 1 && args[0] == worker.Flag {
		return serve()
	}
	defer func() { // kong exits after it printed the help
		switch r := recover().(type) {
		case nil:
		case exit:
			status = int(r)
		default:
			panic(r)
		}
	}()
	parser := kong.Must(new(cli),
		kong.Name("kairos"),
		kong.Description("In what order should a model see its training data?"),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(status int) { panic(exit(status)) }),
	)
	parsed, err := parser.Parse(args)
	if err == nil {
		err = parsed.Run(s)
	}
	var e exit
	if errors.As(err, &e) {
		return int(e)
	}
	if err != nil {
		fmt.Fprintln(s.Err, "kairos:", err)
		return 1
	}
	return 0
}

type runCommand struct {
	Args []string `arg:"" name:"program" passthrough:"" help:"A Go file, several of them, or a directory; then its arguments."`
}

// Run checks the program here, where it is quick, and runs it in a process of its own.
func (c *runCommand) Run(s worker.Streams) error {
	argv, cfg, err := scriptProcess()
	if err != nil {
		return err
	}
	program, _ := check.Split(c.Args)
	if !script.Check(program, cfg, s.Err) {
		return exit(1)
	}
	return statusError(worker.Run(append(argv, c.Args...), append(script.Environ(os.Environ()), assets.ThreadEnv()...), s))
}

// scriptProcess is the command of the process that runs a script: the worker, or where it was not built a hidden command
// of this program, which does without libtorch.
func scriptProcess() (argv []string, cfg script.Config, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, cfg, err
	}
	path, err := worker.Find(self, os.Getenv)
	if err != nil {
		return nil, cfg, err
	}
	if path != "" {
		return []string{path}, cfg, nil
	}
	return []string{self, "script"}, script.Config{NoTorch: noWorker}, nil
}

// noWorker says what a program cannot use where only this program was built, and what to do.
const noWorker = "there is no " + worker.Name + " beside kairos. To fetch the one and build the other, run in kairos's checkout:\n" +
	"\tmake build"

type scriptCommand struct {
	Args []string `arg:"" passthrough:""`
}

func (c *scriptCommand) Run() error {
	program, args := check.Split(c.Args)
	return statusError(script.Run(program, args, script.Config{Lookup: symbols.Pure().Lookup, NoTorch: noWorker}))
}

// serve evaluates the cells of the process that started this one: what happens when there is no worker.
func serve() int {
	return worker.Serve(func() (repl.Session, error) {
		return interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup, NoTorch: noWorker})
	})
}

type cellsCommand struct{}

// Run evaluates the cells on standard input in a session.
func (cellsCommand) Run(s worker.Streams) error {
	if f, ok := s.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return errors.New("give a command, such as run FILE, or cells on standard input; kairos --help lists the commands")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	argv, err := worker.Argv(self, os.Getenv)
	if err != nil {
		return err
	}
	session := worker.Open(worker.Config{Argv: argv, Env: append(script.Environ(os.Environ()), assets.ThreadEnv()...)})
	defer session.Close()
	return interruptible(func(ctx context.Context) error {
		if !repl.Batch(ctx, session, "standard input", s.In, s.Out, s.Err) {
			return exit(1)
		}
		return nil
	})
}

func statusError(status int) error {
	if status != 0 {
		return exit(status)
	}
	return nil
}

type doctorCommand struct {
	Verify bool `help:"Read every file and compare its hash."`
}

func (c *doctorCommand) Run(s worker.Streams) error {
	return interruptible(func(ctx context.Context) error { return assets.Doctor(ctx, s.Out, c.Verify) })
}

type fetchCommand struct {
	Names []string `arg:"" optional:"" help:"What to fetch; everything, if nothing is named. Doctor lists the names."`
}

func (c *fetchCommand) Run(s worker.Streams) error {
	return interruptible(func(ctx context.Context) error { return assets.Fetch(ctx, c.Names, s.Out) })
}

// interruptible cancels the context of f when the user interrupts.
func interruptible(f func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return f(ctx)
}

type envCommand struct{}

func (envCommand) Run(s worker.Streams) error {
	torch, err := assets.Libtorch()
	if err != nil {
		return err
	}
	for _, v := range append(torch.CgoEnv(), assets.ThreadEnv()...) {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(s.Out, "export %s=%s\n", name, shellQuote(value))
	}
	return nil
}

// shellQuote makes one word of s for a POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

type versionCommand struct{}

func (versionCommand) Run(s worker.Streams) error {
	version := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	_, err := fmt.Fprintf(s.Out, "kairos %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
