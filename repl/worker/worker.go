// Package worker runs scripts and sessions in a process of their own, so that a crash of Go's runtime or of libtorch ends
// that process and not the front end, and so that the front end starts without libtorch.
//
//	Find    the program to start: kairos-worker links libtorch, and is there only when it was built
//	Run     starts it with a script, and reports how it ended as go run does
//	Open    starts it with a session, which front ends use as any other
//	Serve   is the other end of such a session
//	Embed   starts it to embed texts into a cache of vectors
//	Train   starts it to train a model in a directory
//
// A Session (session.go) has one process after the other (process.go). Requests and events are in protocol.go; what is
// printed goes through the queue, and out of crash.go comes what is told of a process that died.
package worker

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

// Name is the file name of the worker, and Env the environment variable that names another.
const (
	Name = "kairos-worker"
	Env  = "KAIROS_WORKER"
)

// Find returns the worker's path: what Env says, or else the worker beside the given executable, or "" if there is
// none. It is an error if Env names what is not there.
func Find(executable string, getenv func(string) string) (string, error) {
	if path := getenv(Env); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("worker: find $%s: %w", Env, err)
		}
		return path, nil
	}
	if real, err := filepath.EvalSymlinks(executable); err == nil {
		executable = real
	}
	path := filepath.Join(filepath.Dir(executable), Name)
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return "", nil
	}
	return path, nil
}

// Argv returns the command that serves a session: the worker's, or where there is none that of the given executable, the
// front itself.
func Argv(executable string, getenv func(string) string) ([]string, error) {
	path, err := Find(executable, getenv)
	if err != nil {
		return nil, err
	}
	if path == "" {
		path = executable
	}
	return []string{path, Flag}, nil
}

// Streams are the standard streams of a process. Those that are files are passed on as they are.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Run runs argv as a child process with the given environment and streams until it ends, and returns the exit status: 0 if the child's
// was, otherwise 1, having said on s.Err how it ended, in the words of go run ("exit status 2", "signal: killed").
// Signals that ask this process to end are passed on, and the child does not outlive it.
func Run(argv, env []string, s Streams) int {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, s.Err
	cmd.Env = env
	cmd.SysProcAttr = diesWithParent()
	received := make(chan os.Signal, 8)
	signal.Notify(received, endings...)
	defer signal.Stop(received)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(s.Err, err)
		return 1
	}
	go func() {
		for sig := range received {
			if !sentByTerminal(sig) {
				cmd.Process.Signal(sig) // fails only when there is nobody left to tell
			}
		}
	}()
	if err := cmd.Wait(); err != nil {
		fmt.Fprintln(s.Err, err)
		return 1
	}
	return 0
}
