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
	Run     runCommand     `cmd:"" help:"Run a Go file, with the packages of kairos at hand."`
	Doctor  doctorCommand  `cmd:"" help:"Say what is there, what is missing, and what mends it."`
	Fetch   fetchCommand   `cmd:"" help:"Fetch libtorch, models and data into the cache."`
	Env     envCommand     `cmd:"" help:"Print the variables with which the go command builds and runs with libtorch: eval \"$(kairos env)\"."`
	Version versionCommand `cmd:"" help:"Print the version."`
	Script  scriptCommand  `cmd:"" hidden:"" help:"Run a Go file in this process: what run starts when there is no worker."`
}

// exit is what a command returns to end with a status, having said why.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// run executes a command line and returns the exit status.
func run(args []string, s worker.Streams) (status int) {
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
	File string   `arg:"" passthrough:"" help:"The file."`
	Args []string `arg:"" optional:"" passthrough:"" help:"Its arguments."`
}

// Run checks the file here, where it is quick, and runs it in a process of its own.
func (c *runCommand) Run(s worker.Streams) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	path, err := worker.Find(self, os.Getenv)
	if err != nil {
		return err
	}
	argv := []string{path}
	var cfg script.Config
	if path == "" {
		argv = []string{self, "script"}
		cfg = withoutWorker()
	}
	if !script.Check(c.File, cfg, s.Err) {
		return exit(1)
	}
	return statusError(worker.Run(append(append(argv, c.File), c.Args...), append(script.Environ(os.Environ()), assets.ThreadEnv()...), s))
}

type scriptCommand struct {
	File string   `arg:"" passthrough:""`
	Args []string `arg:"" optional:"" passthrough:""`
}

func (c *scriptCommand) Run() error {
	return statusError(script.Run(c.File, c.Args, withoutWorker()))
}

// withoutWorker is what scripts can use where only this program was built.
func withoutWorker() script.Config {
	return script.Config{
		Symbols: symbols.Pure,
		NoTorch: "there is no " + worker.Name + " beside kairos. To fetch the one and build the other, run in kairos's checkout:\n" +
			"\tmake build",
	}
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
