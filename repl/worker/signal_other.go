//go:build !unix

package worker

import "os"

// endings are the signals that ask a process to end.
var endings = []os.Signal{os.Interrupt}

// sentByTerminal reports whether sig, received by this process, reached its children as well, as console events do.
func sentByTerminal(os.Signal) bool { return true }
