package assets

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestPipResumes(t *testing.T) {
	for version, want := range map[string]bool{"9.0.1": false, "23.2.1": false, "25.0.1": false, "25.1": true, "25.10": true, "26.3": true, "odd": false} {
		p := pip{argv: []string{"pip"}, version: version}
		if p.resumes() != want {
			t.Errorf("pip %s resumes: %v, want %v", version, !want, want)
		}
		args := strings.Join(p.args(archive{File: "a.whl"}, "d"), " ")
		if strings.Contains(args, "--resume-retries") != want {
			t.Errorf("pip %s is called by %s", version, args)
		}
	}
}

func TestMeterWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	m := newMeter(&out, "downloading")
	m.set(1, 200)
	m.last = m.last.Add(-plainInterval)
	m.set(50, 200)
	m.set(60, 200)
	m.last = time.Now().Add(-plainInterval)
	m.set(0, 0)
	m.end()
	if want := "  downloading: 25 % of 200 B\n  downloading: 0 % of 0 B\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestMeterOnTerminal(t *testing.T) {
	var out bytes.Buffer
	m := newMeter(&out, "downloading")
	m.tty = true
	m.set(0, 200e6)
	time.Sleep(150 * time.Millisecond) // the bar draws no faster
	m.set(100e6, 200e6)
	m.end()
	wantContains(t, out.String(), "downloading", " 50% |", "███", "(100/200 MB", "MB/s) [", "]")
	if !strings.HasSuffix(out.String(), "\n") {
		t.Error("the next text would continue the bar's line")
	}
}
