package worker

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// EmbedFlag has the worker embed the texts on its standard input, a JSON string per line, into a cache of vectors. After
// it come the encoder, the limit of tokens and the cache's directory. It prints, a line each time, how many are done.
const EmbedFlag = "-embed"

// Embedding is a request to embed texts.
type Embedding struct {
	Encoder   string // its name or directory
	MaxTokens int
	Cache     string                // directory, of package vectors
	Progress  func(done, total int) // called as texts are finished, if not nil
}

// patience is how long a worker that was asked to end may take for its step.
const patience = 10 * time.Second

// Embed has the worker at the given path, with the given environment, embed texts into the cache. When ctx is done it is
// asked to end; what it has embedded by then stays.
func Embed(ctx context.Context, path string, env, texts []string, e Embedding) error {
	cmd := exec.CommandContext(ctx, path, EmbedFlag, e.Encoder, strconv.Itoa(e.MaxTokens), e.Cache)
	cmd.Env = env
	cmd.SysProcAttr = diesWithParent()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	said := new(bytes.Buffer)
	in := lines(texts)
	defer in.Close() // a worker that ends early leaves it unread
	cmd.Stdin, cmd.Stderr = in, said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("worker: embed: %w", err)
	}
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		if done, err := strconv.Atoi(scanner.Text()); err == nil && e.Progress != nil {
			e.Progress(done, len(texts))
		}
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("worker: embed: %w", ctx.Err())
	case err != nil && said.Len() > 0:
		return errors.New(strings.TrimSpace(said.String()))
	case err != nil:
		return fmt.Errorf("worker: embed: it ended without a word: %w", err)
	}
	return nil
}

// lines writes texts as JSON strings while they are read.
func lines(texts []string) *io.PipeReader {
	r, w := io.Pipe()
	go func() {
		buffered := bufio.NewWriter(w)
		encoder := json.NewEncoder(buffered)
		var err error
		for i := 0; i < len(texts) && err == nil; i++ {
			err = encoder.Encode(texts[i])
		}
		w.CloseWithError(errors.Join(err, buffered.Flush()))
	}()
	return r
}
