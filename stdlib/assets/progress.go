package assets

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// plainInterval is the time between two lines where there is no terminal.
const plainInterval = 10 * time.Second

// meter shows how far something of known size is: as a bar with rate and time
// left on a terminal, as a line now and then elsewhere.
type meter struct {
	out   io.Writer
	label string
	bar   *progressbar.ProgressBar // nil without a terminal, and before the first set
	tty   bool
	last  time.Time
}

func newMeter(out io.Writer, label string) *meter {
	f, ok := out.(*os.File)
	return &meter{out: out, label: label, last: time.Now(), tty: ok && term.IsTerminal(int(f.Fd()))}
}

func (m *meter) set(done, total int64) {
	if m.tty {
		if m.bar == nil {
			m.bar = newBar(m.out, m.label, total)
		}
		m.bar.Set64(min(done, total))
		return
	}
	if time.Since(m.last) >= plainInterval {
		m.last = time.Now()
		fmt.Fprintf(m.out, "  %s: %d %% of %s\n", m.label, 100*done/max(total, 1), bytesText(total))
	}
}

// end leaves the bar as it is, on a line of its own.
func (m *meter) end() {
	if m.bar != nil {
		m.bar.Exit()
		fmt.Fprintln(m.out)
	}
}

func newBar(out io.Writer, label string, total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription("  "+label),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowBytes(true),
		progressbar.OptionShowTotalBytes(true),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionUseANSICodes(true),
	)
}
