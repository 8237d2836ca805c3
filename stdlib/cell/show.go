package cell

import (
	"fmt"

	"kairos/internal/atomicfile"
	"kairos/stdlib/cell/render"
)

// Show prints v, or writes it to a file if it is a picture.
func (t *terminal) Show(v any) error {
	_, err := t.Live(v)
	return err
}

// Live shows v and has update write a picture to the same file again.
func (t *terminal) Live(v any) (update func(v any) error, err error) {
	path := ""
	update = func(v any) error {
		data, ext, err := picture(v)
		if err != nil {
			return fmt.Errorf("cell: show: draw %T: %w", v, err)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if ext == "" {
			t.release()
			_, err := fmt.Fprintln(t.stdout(), render.Text(v))
			return err
		}
		return t.file(&path, data, ext)
	}
	return update, update(v)
}

// file writes a picture to path, which is found and printed the first time.
func (t *terminal) file(path *string, data []byte, ext string) error {
	first := *path == ""
	if first {
		t.figures++
		*path = fmt.Sprintf("%s-figure-%d%s", t.program, t.figures, ext)
	}
	if err := atomicfile.WriteFile(*path, data); err != nil {
		return fmt.Errorf("cell: show: %w", err)
	}
	if !first {
		return nil
	}
	t.release()
	_, err := fmt.Fprintln(t.stdout(), *path)
	return err
}

// picture returns the encoded picture of v and its file extension, "" if v is none.
func picture(v any) (data []byte, ext string, err error) {
	if data, ok, err := render.Form(v, render.PNG); ok || err != nil {
		return data, ".png", err
	}
	if data, ok, err := render.Form(v, render.SVG); ok || err != nil {
		return data, ".svg", err
	}
	return nil, "", nil
}
