package main

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"time"
)

// outcome is what is seen of a program.
type outcome struct {
	Output   string // on both streams, as on a terminal
	Status   int    // -1 if the program was killed
	TimedOut bool
	Took     time.Duration `json:"-"`
}

// execute runs a command in dir, for at most timeout.
func execute(ctx context.Context, dir string, timeout time.Duration, name string, args ...string) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &output, &output // one pipe, which keeps the order
	cmd.WaitDelay = time.Second                             // a child of the command may hold it open
	start := time.Now()
	err := cmd.Run()
	o := outcome{output.String(), -1, ctx.Err() != nil, time.Since(start)}
	if cmd.ProcessState != nil {
		o.Status = cmd.ProcessState.ExitCode()
	}
	if _, failed := errors.AsType[*exec.ExitError](err); failed || o.TimedOut || errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	return o, err
}
