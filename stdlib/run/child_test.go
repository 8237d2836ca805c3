package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// asChild has this test binary be a process that works on a run: its value is what befalls it, and the directory.
const asChild = "KAIROS_TEST_RUN"

func TestMain(m *testing.M) {
	if how, out, ok := strings.Cut(os.Getenv(asChild), " "); ok {
		if err := child(how, out); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// command is a process that works on the run in a directory.
func command(t *testing.T, how, out string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), asChild+"="+how+" "+out)
	return cmd
}

// child works on a run.
func child(how, out string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg := small(out)
	switch how {
	case "busy": // with checkpoints and evaluations most of the time
		cfg = busy(out)
	case "full-disk":
		cfg.OnRow = func(row Row, _ int) {
			if row.Step == 13 {
				fillDisk(100_000)
			}
		}
	case "fuller-disk":
		cfg.OnRow = func(row Row, _ int) {
			if row.Step == 13 {
				fillDisk(10)
			}
		}
	case "no-room-for-model":
		cfg.OnRow = func(row Row, _ int) {
			if row.Step == 24 {
				fillDisk(100_000)
			}
		}
	case "nobody":
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	_, err := Start(ctx, cfg)
	return err
}

// fillDisk has this process write no file that is longer than so many bytes from now on.
func fillDisk(room uint64) {
	signal.Ignore(syscall.SIGXFSZ) // an error rather than the end
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: room, Max: room}); err != nil {
		panic(err)
	}
}
