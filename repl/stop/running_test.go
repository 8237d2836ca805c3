package stop

import (
	"slices"
	"testing"
	"time"
)

func TestRunning(t *testing.T) {
	end := make(chan struct{})
	for _, name := range []string{"12", "7"} {
		started := make(chan struct{})
		go With(New(name), func() {
			go func() { close(started); <-end }()
		})
		<-started
	}
	if got := Running(); !slices.Equal(got, []string{"12", "7"}) {
		t.Errorf("running: %q", got)
	}
	close(end)
	for begin := time.Now(); len(Running()) > 0; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("%q do not end", Running())
		}
	}
}
