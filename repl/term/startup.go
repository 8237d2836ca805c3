package term

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"kairos/repl"
)

// startUp evaluates the start-up file while the user looks at the first prompt. Errors are shown, and end it.
func (t *terminal) startUp() {
	defer t.restore()
	defer close(t.started)
	if t.StartUp == "" {
		return
	}
	src, err := os.ReadFile(t.StartUp)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	out := &output{terminal: t, cancel: func() {}}
	out.ended.Store(true) // the prompt has the terminal
	for _, cell := range repl.Cells(string(src)) {
		if err == nil {
			_, err = t.Session.EvalAs(t.ctx, 0, cell, out)
		}
	}
	if err != nil && t.ctx.Err() == nil {
		t.screen.print(fmt.Sprintf("%s:\n%s\n", t.StartUp, t.style.Error(err)))
	}
}

// awaitStart waits for the start-up file, which the first cell may need.
func (t *terminal) awaitStart(ctx context.Context) {
	select {
	case <-t.started:
	case <-ctx.Done():
	}
}

func cellName(number int) string { return fmt.Sprintf("cell[%d]", number) }
