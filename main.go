// Kairos is a notebook-style environment for arranging training data. This is its front: pure Go, quick to start. What
// needs libtorch runs in a second program, kairos-worker.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	xterm "golang.org/x/term"

	"kairos/internal/atomicfile"
	"kairos/repl"
	"kairos/repl/check"
	"kairos/repl/export"
	"kairos/repl/history"
	"kairos/repl/interpreter"
	"kairos/repl/line"
	"kairos/repl/script"
	"kairos/repl/shell"
	"kairos/repl/term"
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
	Export  exportCommand  `cmd:"" help:"Make a program of a notebook, or a notebook of a program."`
	Arrange arrangeCommand `cmd:"" help:"Arrange training data by its distance from unseen data."`
	Embed   embedCommand   `cmd:"" help:"Make vectors of texts, in a file."`
	Train   trainCommand   `cmd:"" help:"Train a model on data in the given order, and measure its loss on unseen data."`
	Shard   shardCommand   `cmd:"" help:"Measure a part of the training rows, where they lie on many machines."`
	Merge   mergeCommand   `cmd:"" help:"Put together what shards printed."`
	Kernel  kernelCommand  `cmd:"" help:"Be a Jupyter kernel, or tell Jupyter of it."`
	Version versionCommand `cmd:"" help:"Print the version."`
	Cells   cellsCommand   `cmd:"" default:"1" help:"Read, evaluate and print cells at a terminal; from a file or pipe, the cells that lines of // %% separate. This is what kairos does without a command."`
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
	parsed, err := parser.Parse(longFlags(parser, args))
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
	return statusError(worker.Run(append(argv, c.Args...), workerEnv(), s))
}

// workerEnv is the environment of a process that runs what may need libtorch.
func workerEnv() []string { return append(script.Environ(os.Environ()), assets.ProcessEnv()...) }

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
		return interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup, NoTorch: noWorker, Width: worker.Columns()})
	})
}

type cellsCommand struct{}

// Run evaluates the cells on standard input in a session in a process of its own.
func (cellsCommand) Run(s worker.Streams) error {
	in, _ := s.In.(*os.File)
	interactive := in != nil && xterm.IsTerminal(int(in.Fd()))
	session, err := open(screen(in, interactive))
	if err != nil {
		return err
	}
	defer session.Close()
	if interactive {
		return interact(session)
	}
	return interruptible(func(ctx context.Context) error {
		if !repl.Batch(ctx, session, "standard input", s.In, s.Out, s.Err) {
			return exit(1)
		}
		return nil
	})
}

// screen is how many columns a terminal has, or 0.
func screen(in *os.File, interactive bool) int {
	if !interactive {
		return 0
	}
	columns, _, err := xterm.GetSize(int(in.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// open starts a session in a process of its own, for a screen of so many columns, or 0.
func open(columns int) (repl.Session, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	argv, err := worker.Argv(self, os.Getenv)
	if err != nil {
		return nil, err
	}
	return worker.Open(worker.Config{Argv: argv, Env: workerEnv(), Columns: columns}), nil
}

// interact reads, evaluates and prints until the user leaves.
func interact(session repl.Session) error {
	past := history.Open(history.Config{Path: history.DefaultPath(os.Getenv)})
	defer past.Close()
	front := &term.Front{}
	commands := shell.New(shell.Config{
		Session: session, History: past, Version: release(), Keys: line.Keys, Color: term.Color(term.Config{}),
		Page: front.Page, Next: front.Next, Terminal: front.Terminal, Leave: front.Leave, Timing: front.Timing,
		Doctor: doctor,
	})
	err := term.Run(context.Background(), term.Config{
		Session: commands, Front: front, History: past, Banner: banner(), StartUp: startUp(),
	})
	if killed := new(term.Killed); errors.As(err, &killed) {
		return exit(1) // the user knows
	}
	return err
}

// banner is what a session begins with.
func banner() []string {
	lines := []string{
		version(),
		"Type Go. Tab completes, name? explains, %help lists commands, Ctrl-D leaves.",
	}
	self, _ := os.Executable()
	if path, err := worker.Find(self, os.Getenv); err == nil && path == "" {
		lines = append(lines, "No libtorch here, and so no embed, model, train or eval: make build.")
	}
	return lines
}

// doctor is assets.Doctor for a command of the session.
func doctor(ctx context.Context, w io.Writer) error { return assets.Doctor(ctx, w, false) }

// startUp is the path of the cells that begin every session at a terminal, or "".
func startUp() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "kairos", "startup.go")
}

type exportCommand struct {
	File   string `arg:"" type:"existingfile" help:"A notebook, NAME.ipynb, or a Go program, NAME.go."`
	Output string `short:"o" placeholder:"FILE" help:"Where to; by default NAME.go or NAME.ipynb."`
	Force  bool   `short:"f" help:"Replace what is there."`
}

// Run converts a file into one of the other kind.
func (c *exportCommand) Run(s worker.Streams) error {
	src, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var out []byte
	var ext string
	switch filepath.Ext(c.File) {
	case ".ipynb":
		ext = ".go"
		out, err = export.NotebookToProgram(src, func(left *export.Error) {
			fmt.Fprintf(s.Err, "cell %d becomes a comment: %s\n", left.Cell, left.Msg)
		})
	case ".go":
		ext = ".ipynb"
		out, err = export.ProgramToNotebook(src)
	default:
		err = errors.New("want a notebook, .ipynb, or a Go program, .go")
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", c.File, err)
	}
	path := cmp.Or(c.Output, strings.TrimSuffix(c.File, filepath.Ext(c.File))+ext)
	if _, err := os.Stat(path); err == nil && !c.Force {
		return fmt.Errorf("export %s: there is a file %s already: give another with -o, or -f to replace it", c.File, path)
	}
	if err := atomicfile.WriteFile(path, out); err != nil {
		return err
	}
	fmt.Fprintln(s.Out, "wrote", path)
	return nil
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
	for _, v := range append(torch.CgoEnv(), assets.ProcessEnv()...) {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(s.Out, "export %s=%s\n", name, shellQuote(value))
	}
	return nil
}

// shellQuote makes one word of s for a POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

type versionCommand struct{}

func (versionCommand) Run(s worker.Streams) error {
	_, err := fmt.Fprintln(s.Out, version())
	return err
}

// version says what this program is, and of which Go.
func version() string {
	return fmt.Sprintf("kairos %s %s %s/%s", release(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// release is the version of the module.
func release() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "(unknown)"
}
