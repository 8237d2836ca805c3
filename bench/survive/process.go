//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// finish runs a command line of kairos to its end, and returns what it said.
func (t *trial) finish(args []string) (string, error) {
	text, err := exec.Command(t.kairos, args...).CombinedOutput()
	return string(text), err
}

// start starts a command line in a process group of its own, so that front and worker can be killed at once.
func (t *trial) start(args []string) (*exec.Cmd, chan error, error) {
	cmd := exec.Command(t.kairos, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return cmd, ended, nil
}

// kill kills a run that many times, and compares what comes of it.
func (t *trial) kill(times int) error {
	out := t.path("killed")
	args := t.command(out, t.steps, 5, 5)
	var torn, early int
	for i := range times {
		cmd, ended, err := t.start(args)
		if err != nil {
			return err
		}
		t.moment(i, out, ended)
		if len(ended) > 0 {
			return fmt.Errorf("the run came to its end before kill %d", i+1)
		}
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		if left, _ := filepath.Glob(filepath.Join(out, "*.tmp")); len(left) > 0 {
			torn++
		}
		if _, err := os.Stat(filepath.Join(out, "checkpoint.safetensors")); err != nil {
			early++
		}
	}
	if text, err := t.finish(args); err != nil {
		return fmt.Errorf("after %d kills: %w: %s", times, err, text)
	}
	got, err := outcome(out)
	if err == nil {
		err = compare(got, t.want)
	}
	if err != nil {
		return fmt.Errorf("after %d kills: %w", times, err)
	}
	fmt.Printf("%d kills of a run of %d steps, %d of them while a file was being written, %d before the first checkpoint: every loss of all %d files as undisturbed\n",
		times, t.steps, torn, early, len(got))
	return nil
}

// moment waits for one to kill: of five kills two come while a checkpoint is being written, two when some steps were
// done, and one at any time, which may be before the worker is at work.
func (t *trial) moment(i int, out string, ended chan error) {
	if i%5 == 4 {
		time.Sleep(time.Duration(t.random.IntN(1500)) * time.Millisecond)
		return
	}
	metrics := filepath.Join(out, "metrics.jsonl")
	before := lines(metrics)
	goal := before + 1 + t.random.IntN(10)
	for len(ended) == 0 {
		now := lines(metrics)
		if now < before {
			before, goal = now, now+1+t.random.IntN(10) // it was truncated to the checkpoint
		}
		if now >= goal {
			left, _ := filepath.Glob(filepath.Join(out, "checkpoint.safetensors.*.tmp"))
			if i%5 < 2 || len(left) > 0 {
				break
			}
		}
		time.Sleep(100 * time.Microsecond)
	}
	time.Sleep(time.Duration(t.random.IntN(3000)) * time.Microsecond)
}

func lines(path string) int {
	text, _ := os.ReadFile(path)
	return bytes.Count(text, []byte("\n"))
}

// memory measures the worker over a run.
func (t *trial) memory(steps int) error {
	out := t.path("long")
	_, ended, err := t.start(t.command(out, steps, 50, 200))
	if err != nil {
		return err
	}
	at := map[int]int{}
	for len(ended) == 0 {
		if step := lines(filepath.Join(out, "metrics.jsonl")); step%100 == 0 && step > 0 && at[step] == 0 {
			at[step] = resident(out)
		}
		time.Sleep(time.Millisecond)
	}
	if err := <-ended; err != nil {
		return err
	}
	from, to := at[200], at[steps]
	if from == 0 || to == 0 {
		return fmt.Errorf("memory: measured only at steps %v", at)
	}
	fmt.Printf("memory over %d steps: %.1f MB at step 200, %.1f MB at step %d: %+.2f KB a step\n",
		steps, float64(from)/1024, float64(to)/1024, steps, float64(to-from)/float64(steps-200))
	return nil
}

// resident is the memory in KB of the process that works in a directory: the one that holds its lock.
func resident(out string) int {
	lock := filepath.Join(out, ".lock")
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != lock {
			continue
		}
		status, _ := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(link)), "status"))
		_, after, _ := strings.Cut(string(status), "VmRSS:")
		kb := 0
		fmt.Sscan(after, &kb)
		return kb
	}
	return 0
}
