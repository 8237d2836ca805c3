package assets

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// dieWithParent has the kernel end the child when the thread that starts it
// ends, so that a killed kairos leaves no download running.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// syncTree puts everything below dir on the disk. One call for the file system
// is far cheaper than one for each of libtorch's 8,000 headers.
func syncTree(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
