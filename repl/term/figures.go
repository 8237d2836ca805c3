package term

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"kairos/internal/atomicfile"
	"kairos/repl"
	"kairos/stdlib/cell/render"
)

// FiguresVariable is the environment variable that names the directory for the files of pictures. Without it they go to the
// current one.
const FiguresVariable = "KAIROS_FIGURES"

// figures are the files of the pictures that were shown: kairos-figure-1.png and so on. Those of other sessions are kept.
type figures struct {
	dir string

	mu    sync.Mutex
	last  int
	bases map[string]string // paths without extension, by the id of what may change
	ids   map[string]int    // numbers for the terminal
}

var extensions = []struct{ mime, ext string }{{render.PNG, ".png"}, {render.JPEG, ".jpg"}, {render.SVG, ".svg"}}

// save writes a picture in all its forms and returns the paths.
func (f *figures) save(id string, data repl.Bundle) (paths []string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	base, err := f.base(id, data)
	if err != nil {
		return nil, err
	}
	for _, form := range extensions {
		if picture := data[form.mime]; picture != nil {
			if err := atomicfile.WriteFile(base+form.ext, picture); err != nil {
				return nil, fmt.Errorf("term: save picture: %w", err)
			}
			paths = append(paths, base+form.ext)
		}
	}
	return paths, nil
}

// base is the path without extension of the files of a picture: the former one's if it is known, or else one that is not
// taken. Where the current directory cannot be written to it is in that for temporary files.
func (f *figures) base(id string, data repl.Bundle) (string, error) {
	if base, known := f.bases[id]; known {
		return base, nil
	}
	base, err := f.reserve(f.dir, data)
	if f.dir == "" && (errors.Is(err, fs.ErrPermission) || errors.Is(err, readOnly)) {
		base, err = f.reserve(os.TempDir(), data)
	}
	if err != nil {
		return "", fmt.Errorf("term: save picture: %w", err)
	}
	if id != "" {
		if f.bases == nil {
			f.bases = map[string]string{}
		}
		f.bases[id] = base
	}
	return base, nil
}

// reserve creates the first file that a picture needs under the next free number.
func (f *figures) reserve(dir string, data repl.Bundle) (string, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
	}
	for n := f.last + 1; ; n++ {
		base := filepath.Join(dir, fmt.Sprintf("kairos-figure-%d", n))
		free, err := reserve(base, data)
		if err != nil {
			return "", err
		}
		if free {
			f.last = n
			return base, nil
		}
	}
}

// reserve creates one file of a picture, unless there are files of its name.
func reserve(base string, data repl.Bundle) (free bool, err error) {
	ext := ""
	for _, form := range extensions {
		if _, err := os.Lstat(base + form.ext); err == nil {
			return false, nil
		}
		if ext == "" && data[form.mime] != nil {
			ext = form.ext
		}
	}
	file, err := os.OpenFile(base+ext, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, file.Close()
}

// number is how the terminal knows what may change: 0 is nothing.
func (f *figures) number(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if id == "" {
		return 0
	}
	if f.ids == nil {
		f.ids = map[string]int{}
	}
	if f.ids[id] == 0 {
		f.ids[id] = os.Getpid()<<8&0xffffff00 + len(f.ids) + 1 // unlike those of other programs in the terminal
	}
	return f.ids[id]
}
