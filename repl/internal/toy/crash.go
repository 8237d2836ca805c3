package toy

import (
	"os"
	"runtime/debug"
	"syscall"
)

// Crashes are the ways in which a cell can end its process, and what is said about each.
var Crashes = map[string]string{
	"stack":     "runtime: goroutine stack exceeds",
	"map":       "fatal error: concurrent map",
	"memory":    "runtime: out of memory: cannot allocate",
	"goroutine": "panic: nobody recovers this",
	"abort":     "terminate called after throwing an instance of 'std::bad_alloc'",
	"kill":      "signal: killed",
	"segv":      "SIGSEGV: segmentation violation",
	"exit":      "exit status 3",
	"exit0":     "exit status 0",
}

// crash ends the process.
func crash(kind string) {
	switch kind {
	case "stack":
		debug.SetMaxStack(1 << 20)
		os.Exit(recurse(1))
	case "map":
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%8] = i
				}
			}()
		}
		select {}
	case "memory":
		limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
		syscall.Setrlimit(syscall.RLIMIT_AS, &limit)
		for all := [][]byte{}; ; {
			all = append(all, make([]byte, 64<<20))
		}
	case "goroutine":
		go panic("nobody recovers this")
		select {}
	case "abort": // as C++ does it
		syscall.Write(2, []byte("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n"))
		send(syscall.SIGABRT)
	case "kill":
		send(syscall.SIGKILL)
	case "segv":
		send(syscall.SIGSEGV)
	case "exit":
		os.Exit(3)
	case "exit0":
		os.Exit(0)
	}
}

// recurse overflows the stack.
func recurse(n int) int {
	if n < 0 {
		return 0
	}
	return recurse(n+1) + n
}

func send(sig syscall.Signal) {
	syscall.Kill(syscall.Getpid(), sig)
	select {}
}
