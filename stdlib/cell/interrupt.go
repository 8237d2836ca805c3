package cell

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameRequest is how far apart two signals may be and still be one request: a process group and its leader are often
// both told.
const sameRequest = 200 * time.Millisecond

// untilInterrupted returns a context that the first interrupt or SIGTERM cancels. The next one takes its usual effect.
func untilInterrupted() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		first := time.Now()
		for sig := range signals {
			if time.Since(first) > sameRequest {
				die(sig)
			}
		}
	}()
	return ctx
}

// die lets sig end the process, so that a parent sees what it died of.
func die(sig os.Signal) {
	signal.Reset(sig)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(sig) == nil {
		time.Sleep(time.Second) // until it arrives
	}
	os.Exit(130)
}
