package repl

import (
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"sync"
	"time"

	"kairos/repl/stop"
	"kairos/stdlib/cell/host"
)

// Overrides returns what cells call in place of compiled functions, by the full name that go/types gives these; those of
// methods take the receiver first. They are functions that wait, made so that an interrupt ends the waiting; those that
// end a program, made so that they end a cell; and those that print, made so that stdout and stderr stay in order.
func Overrides() map[string]reflect.Value {
	functions := map[string]any{
		"fmt.Print":              func(v ...any) (int, error) { fence(os.Stdout); return fmt.Print(v...) },
		"fmt.Printf":             func(format string, v ...any) (int, error) { fence(os.Stdout); return fmt.Printf(format, v...) },
		"fmt.Println":            func(v ...any) (int, error) { fence(os.Stdout); return fmt.Println(v...) },
		"fmt.Fprint":             func(w io.Writer, v ...any) (int, error) { fence(w); return fmt.Fprint(w, v...) },
		"fmt.Fprintf":            func(w io.Writer, format string, v ...any) (int, error) { fence(w); return fmt.Fprintf(w, format, v...) },
		"fmt.Fprintln":           func(w io.Writer, v ...any) (int, error) { fence(w); return fmt.Fprintln(w, v...) },
		"time.Sleep":             sleep,
		"os.Exit":                exit,
		"log.Fatal":              func(v ...any) { fatal(log.Default(), fmt.Sprint(v...)) },
		"log.Fatalf":             func(format string, v ...any) { fatal(log.Default(), fmt.Sprintf(format, v...)) },
		"log.Fatalln":            func(v ...any) { fatal(log.Default(), fmt.Sprintln(v...)) },
		"(*log.Logger).Fatal":    func(l *log.Logger, v ...any) { fatal(l, fmt.Sprint(v...)) },
		"(*log.Logger).Fatalf":   func(l *log.Logger, format string, v ...any) { fatal(l, fmt.Sprintf(format, v...)) },
		"(*log.Logger).Fatalln":  func(l *log.Logger, v ...any) { fatal(l, fmt.Sprintln(v...)) },
		"(*sync.WaitGroup).Wait": func(wg *sync.WaitGroup) { wait(wg.Wait, func() {}) },
		"(*sync.Cond).Wait":      waitFor,
		"(*sync.Mutex).Lock":     func(m *sync.Mutex) { lock(m.TryLock, m.Lock, m.Unlock) },
		"(*sync.RWMutex).Lock":   func(m *sync.RWMutex) { lock(m.TryLock, m.Lock, m.Unlock) },
		"(*sync.RWMutex).RLock":  func(m *sync.RWMutex) { lock(m.TryRLock, m.RLock, m.RUnlock) },
		"(sync.Locker).Lock":     lockAny,
	}
	values := map[string]reflect.Value{}
	for name, f := range functions {
		values[name] = reflect.ValueOf(f)
	}
	return values
}

// FencedStderr returns a writer on os.Stderr for loggers and other printers of compiled code.
func FencedStderr() io.Writer { return fencedStderr{} }

type fencedStderr struct{}

func (fencedStderr) Write(p []byte) (int, error) {
	fence(os.Stderr)
	return os.Stderr.Write(p)
}

// fence keeps the streams in order: it is called before something is printed on w.
func fence(w io.Writer) {
	if w != os.Stdout && w != os.Stderr {
		return
	}
	s, ok := host.Current().(*Local)
	if !ok || s.printed.Swap(w == os.Stderr) == (w == os.Stderr) {
		return
	}
	if r := s.here(); r != nil {
		if out, ok := r.out.(Fencer); ok {
			out.Fence()
		}
	}
}

func sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-stop.Current().Done():
		stop.Check()
	}
}

// exit ends the cell of the calling goroutine, or the process if it is not a session's.
func exit(status int) {
	if s, ok := host.Current().(*Local); ok {
		s.leave(&Exited{Status: status})
	}
	os.Exit(status)
}

func fatal(l *log.Logger, text string) {
	l.Output(3, text)
	exit(1)
}

// wait calls block until it returns or the cell is stopped; in the second case undo is called when it does return.
func wait(block, undo func()) {
	cell := stop.Current()
	if cell == nil {
		block()
		return
	}
	returned, gone := make(chan struct{}), make(chan struct{})
	go func() {
		block()
		select {
		case returned <- struct{}{}:
		case <-gone:
			undo()
		}
	}()
	select {
	case <-returned:
	case <-cell.Done():
		close(gone)
		stop.Check()
	}
}

func lock(try func() bool, lock, unlock func()) {
	if !try() {
		wait(lock, unlock)
	}
}

func lockAny(l sync.Locker) {
	if m, ok := l.(interface{ TryLock() bool }); ok {
		lock(m.TryLock, l.Lock, l.Unlock)
		return
	}
	wait(l.Lock, l.Unlock)
}

// waitFor holds the condition's lock when it returns, and also when it unwinds: deferred functions will unlock it.
func waitFor(c *sync.Cond) {
	cell := stop.Current()
	if cell == nil {
		c.Wait()
		return
	}
	returned := make(chan struct{})
	go func() {
		c.Wait()
		close(returned)
	}()
	select {
	case <-returned:
		return
	case <-cell.Done():
	}
	go func() { // give back what the abandoned wait takes
		<-returned
		c.L.Unlock()
	}()
	c.L.Lock()
	stop.Check()
}
