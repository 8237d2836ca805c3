package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// goRunTimeout is generous: it includes the compiler's work on a machine that may be busy.
const goRunTimeout = 3 * time.Minute

// expected returns what Go's own runner holds a program to: the .out file beside it, or nothing. Both streams count, and
// the exit status must be 0.
func expected(path string) (string, error) {
	out, err := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.ReplaceAll(string(out), "\r\n", "\n"), err
}

// goRun returns what go run does with a program of tree. It is kept in dir from one time to the next.
func goRun(ctx context.Context, dir, tree, program string) (outcome, error) {
	src, err := os.ReadFile(filepath.Join(tree, filepath.FromSlash(program)))
	if err != nil {
		return outcome{}, err
	}
	kept := filepath.Join(dir, fmt.Sprintf("%x.json", sha256.Sum256(append([]byte(program+"\n"), src...))))
	var o outcome
	if data, err := os.ReadFile(kept); err == nil && json.Unmarshal(data, &o) == nil {
		return o, nil
	}
	o, err = execute(ctx, tree, goRunTimeout, "go", "run", "./"+program)
	if err != nil || ctx.Err() != nil {
		return o, errors.Join(err, ctx.Err())
	}
	return o, keep(kept, o)
}

// keep writes o to a file that is there either whole or not at all.
func keep(path string, o outcome) error {
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
