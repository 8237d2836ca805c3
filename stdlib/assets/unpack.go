package assets

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// unpacker writes kept members below dir and remembers them for the manifest.
type unpacker struct {
	dir    string
	create func(name string) (*os.File, error)
	files  []file
}

// unpack takes the kept members out of the archive at path. It looks at ctx at
// every read. Progress counts the bytes that were got through, of total.
func (u *unpacker) unpack(ctx context.Context, a archive, path string, progress func(done, total int64)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	before := len(u.files)
	if a.wheel() {
		err = u.zip(ctx, a, f, progress)
	} else {
		err = u.tar(ctx, a, f, progress)
	}
	if err == nil && len(u.files) == before {
		err = errors.New("none of the wanted members is in it")
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w", a.File, err)
	}
	return nil
}

func (u *unpacker) zip(ctx context.Context, a archive, f *os.File, progress func(done, total int64)) error {
	z, err := zip.NewReader(f, a.Size)
	if err != nil {
		return err
	}
	var kept []*zip.File
	var done, total int64
	for _, m := range z.File {
		if m.Mode().IsRegular() && a.target(m.Name) != "" {
			kept = append(kept, m)
			total += int64(m.UncompressedSize64)
		}
	}
	count := func(n int) { done += int64(n); progress(done, total) }
	for _, m := range kept {
		r, err := m.Open()
		if err != nil {
			return err
		}
		err = u.add(a.target(m.Name), &watched{ctx, r, count})
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// tar reads the archive as a stream: what is not kept never reaches the disk.
func (u *unpacker) tar(ctx context.Context, a archive, f *os.File, progress func(done, total int64)) error {
	var done int64
	count := func(n int) { done += int64(n); progress(done, a.Size) }
	g, err := gzip.NewReader(&watched{ctx, f, count})
	if err != nil {
		return err
	}
	for t := tar.NewReader(g); ; {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if to := a.target(h.Name); to != "" && h.Typeflag == tar.TypeReg {
			if err := u.add(to, t); err != nil {
				return err
			}
		}
	}
}

// add writes one file, of which no other exists yet.
func (u *unpacker) add(name string, r io.Reader) (err error) {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("member %q would leave the directory", name)
	}
	path := filepath.Join(u.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	w, err := u.create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r)
	if err != nil {
		return err
	}
	u.files = append(u.files, file{filepath.ToSlash(name), n, hex.EncodeToString(h.Sum(nil))})
	return nil
}
