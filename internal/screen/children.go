package screen

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// Children are the processes that the program started and that still run.
func (t *Terminal) Children() ([]int, error) {
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,stat=").Output()
	if err != nil {
		return nil, fmt.Errorf("screen: list processes: %w", err)
	}
	var all []int
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 3 || f[1] != strconv.Itoa(t.cmd.Process.Pid) || f[2][0] == 'Z' {
			continue
		}
		pid, err := strconv.Atoi(f[0])
		if err != nil {
			return nil, fmt.Errorf("screen: list processes: %w", err)
		}
		all = append(all, pid)
	}
	return all, nil
}
