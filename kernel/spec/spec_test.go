package spec

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	home := t.TempDir()
	env := func(vars map[string]string) func(string) string {
		return func(name string) string { return vars[name] }
	}
	for _, c := range []struct {
		config Config
		want   string // below home
	}{
		{Config{Getenv: env(map[string]string{"HOME": home})}, ".local/share/jupyter/kernels/kairos"},
		{Config{Name: "go-2", Getenv: env(map[string]string{"HOME": "/", "XDG_DATA_HOME": home + "/xdg"})}, "xdg/jupyter/kernels/go-2"},
		{Config{Getenv: env(map[string]string{"JUPYTER_DATA_DIR": home + "/data"})}, "data/kernels/kairos"},
		{Config{Prefix: home + "/venv"}, "venv/share/jupyter/kernels/kairos"},
	} {
		c.config.Program = "/opt/kairos"
		for range 2 { // the second one replaces the first
			dir, err := Install(c.config)
			if err != nil || dir != filepath.Join(home, c.want) {
				t.Fatalf("%s, %v, want %s", dir, err, c.want)
			}
		}
		check(t, filepath.Join(home, c.want))
		if left, _ := filepath.Glob(filepath.Join(home, filepath.Dir(c.want), ".*")); len(left) > 0 {
			t.Errorf("%q is left", left)
		}
		if dir, err := Uninstall(c.config); err != nil || dir != filepath.Join(home, c.want) {
			t.Errorf("uninstall: %s, %v", dir, err)
		}
		if _, err := Uninstall(c.config); err == nil || !strings.Contains(err.Error(), "there is none in "+home) {
			t.Errorf("uninstall again: %v", err)
		}
	}
}

// check looks at what Jupyter will read.
func check(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv          []string
		DisplayName   string `json:"display_name"`
		InterruptMode string `json:"interrupt_mode"`
		Language      string
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(spec.Argv, " "); got != "/opt/kairos kernel serve -f {connection_file}" {
		t.Errorf("argv %s", got)
	}
	if spec.DisplayName != "Go (kairos)" || spec.Language != "go" || spec.InterruptMode != "message" {
		t.Errorf("%+v", spec)
	}
	for _, name := range []string{"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadNames(t *testing.T) {
	for _, name := range []string{"../up", "a b", "a/b"} {
		if _, err := Install(Config{Name: name, Prefix: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "what Jupyter accepts") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := Install(Config{Getenv: func(string) string { return "" }}); err == nil || !strings.Contains(err.Error(), "--prefix") {
		t.Errorf("without a home: %v", err)
	}
}
