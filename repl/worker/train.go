package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// TrainFlag has the worker train a model as the JSON of a [Training] on its standard input says. It tells on standard
// error how it goes, and on standard output what came of it. A signal that asks it to end has it save first.
const TrainFlag = "-train"

// Training is a request to train a model in a directory. What is zero has the default of package train.
type Training struct {
	Model    string   `json:"model"`
	Data     []string `json:"data"` // files of examples
	Test     []string `json:"test"`
	Out      string   `json:"out"`
	LR       float64  `json:"lr"`
	Schedule string   `json:"schedule"`
	Warmup   int      `json:"warmup"`
	Clip     float64  `json:"clip"`
	Decay    float64  `json:"weight_decay"`
	Batch    int      `json:"batch"`
	Steps    int      `json:"steps"`
	Every    int      `json:"every"`
	Save     int      `json:"save"`
	MaxLen   int      `json:"max_len"`
	Seed     uint64   `json:"seed"`
	LoRA     int      `json:"lora"` // rank, 0 for none
	Chat     bool     `json:"chat"`
	Mixed    bool     `json:"mixed"`
	Discard  bool     `json:"discard"`
	Resume   bool     `json:"resume"`
}

// Train has the worker at the given path train, with the given environment. What the worker prints goes to the streams
// as it comes. When ctx is done the worker is asked to end, and waited for: it saves. The status is the worker's, which
// has said why when it is not 0.
func Train(ctx context.Context, path string, env []string, t Training, s Streams) (status int, err error) {
	request, err := json.Marshal(t)
	if err != nil {
		return 0, fmt.Errorf("worker: train: %w", err)
	}
	cmd := exec.CommandContext(ctx, path, TrainFlag)
	cmd.Env = env
	cmd.SysProcAttr = diesWithParent()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(request), s.Out, s.Err
	err = cmd.Run()
	if cmd.ProcessState != nil && cmd.ProcessState.Exited() {
		return cmd.ProcessState.ExitCode(), nil
	}
	if err == nil {
		err = errors.New("it did not end")
	}
	return 0, fmt.Errorf("worker: train: it ended without a word: %w", err)
}
