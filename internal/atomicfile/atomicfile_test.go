package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "curve.json")
	write := func(text string, fail error) error {
		return Write(path, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, fail)
		})
	}
	if err := write("first", nil); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("power cut")
	if err := write("half of the sec", failed); !errors.Is(err, failed) {
		t.Errorf("error %v, want the writer's", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "first" {
		t.Errorf("after a failed write the file holds %q", text)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if err := Write(filepath.Join(dir, "no", "such", "dir"), func(io.Writer) error { return nil }); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("unwritable: %v", err)
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "vectors")
	for _, commit := range []bool{false, true} {
		f, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("....def"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt([]byte("abc "), 0); err != nil {
			t.Fatal(err)
		}
		if commit {
			err = f.Commit()
		}
		f.Abort()
		if text, _ := os.ReadFile(path); err != nil || commit != (string(text) == "abc def") {
			t.Errorf("commit %v: %q, %v", commit, text, err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 1 || !commit && len(entries) > 0 {
			t.Errorf("commit %v: left behind: %v", commit, entries)
		}
	}
}

func TestDirectoryWholeOrNotAtAll(t *testing.T) {
	beside := t.TempDir()
	path := filepath.Join(beside, "model")
	write := func(text string, fail error) error {
		return WriteDir(path, func(dir string) error {
			if err := os.Mkdir(filepath.Join(dir, "sub"), 0o777); err != nil {
				return err
			}
			return errors.Join(os.WriteFile(filepath.Join(dir, "sub", "weights"), []byte(text), 0o666), fail)
		})
	}
	failed := errors.New("power cut")
	for _, c := range []struct {
		text string
		fail error
		want string
	}{{"half", failed, ""}, {"first", nil, "first"}, {"half of the sec", failed, "first"}, {"second", nil, "second"}} {
		if err := write(c.text, c.fail); !errors.Is(err, c.fail) {
			t.Errorf("%s: error %v, want %v", c.text, err, c.fail)
		}
		if text, _ := os.ReadFile(filepath.Join(path, "sub", "weights")); string(text) != c.want {
			t.Errorf("after %s the directory holds %q, want %q", c.text, text, c.want)
		}
		if entries, _ := os.ReadDir(beside); len(entries) > 1 {
			t.Errorf("left behind: %v", entries)
		}
	}
	if err := WriteDir(filepath.Join(beside, "no", "such"), func(string) error { return nil }); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("unwritable: %v", err)
	}
}
