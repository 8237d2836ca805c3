package assets

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// doctor runs it with a compiler of the shelf's own.
func doctor(t *testing.T, shelf shelf, s *store, verify bool) (string, error) {
	t.Helper()
	shelf.write(t, "c++", []byte("#!/bin/sh\necho \"c++ (Test) 1.2\nCopyright\"\n"))
	t.Setenv("CXX", shelf.path("c++")+" -pipe")
	var out strings.Builder
	err := s.doctor(t.Context(), &out, verify)
	return out.String(), err
}

func TestDoctorAllInPlace(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OMP_NUM_THREADS", "3")
	text, err := doctor(t, shelf, s, true)
	if err != nil {
		t.Fatal(err)
	}
	wantContains(t, text, "OMP_NUM_THREADS 3", s.platform, "cache   "+s.dir+", ", " free\n",
		"ok  wheels        alpha 1.0, beta 2.0, 100 B, verified\n",
		"ok  tasks         gamma 3.0, 20 B, verified\n",
		"ok  C++ compiler  c++ (Test) 1.2\n",
		"ok  pip           "+shelf.path("pip")+" 25.3\n",
		"Everything is in place.")
	if !regexp.MustCompile(`memory +[\d.]+ .B, [\d.]+ .B available`).MatchString(text) {
		t.Errorf("no memory in:\n%s", text)
	}
}

func TestDoctorFindsTrouble(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	if err := s.fetch(t.Context(), []string{"wheels"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(s.dir, "wheels", "lib", "a.so")); err != nil {
		t.Fatal(err)
	}
	s.pips = nil
	s.libtorch = t.TempDir()
	s.table = append(s.table, asset{Name: libtorchName})
	text, err := doctor(t, shelf, s, false)
	if err == nil || err.Error() != "assets: doctor: not in order: wheels, tasks, libtorch, pip" {
		t.Errorf("error %v", err)
	}
	wantContains(t, text, "damaged  wheels        lib/a.so: missing\n",
		"missing  tasks         not fetched yet: ",
		"damaged  libtorch      assets: libtorch in "+s.libtorch,
		"missing  pip           ",
		"To mend it:\n  kairos fetch wheels\n  kairos fetch tasks\n  unset LIBTORCH && kairos fetch libtorch\n  apt install python3-pip\n")
}

func TestDoctorTellsUserTorch(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	s.table = []asset{{Name: libtorchName}}
	s.libtorch = unpacked(t, map[string]string{
		"build-version": "2.1.2+cu121", "lib/libc10.so": string(sharedLibrary(newError)), "lib/libtorch_cuda.so": "",
	})
	text, err := doctor(t, shelf, s, false)
	if err != nil {
		t.Error(err)
	}
	wantContains(t, text, "ok  libtorch      2.1.2+cu121 for CUDA, C++11 ABI, LIBTORCH="+s.libtorch+"\n")
}

func TestDoctorVerifies(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "tasks", "one.json"), []byte(`{"n":9}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if text, err := doctor(t, shelf, s, false); err != nil {
		t.Errorf("without hashing: %v\n%s", err, text)
	}
	text, err := doctor(t, shelf, s, true)
	if err == nil {
		t.Error("no error")
	}
	wantContains(t, text, "one.json: altered", "  rm -r '"+filepath.Join(s.dir, "tasks")+"' && kairos fetch tasks\n")
}

// Without a compiler nothing can be built; without pip nothing is lost once all
// is there.
func TestDoctorOnABareMachine(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	if err := s.fetch(t.Context(), nil, io.Discard); err != nil {
		t.Fatal(err)
	}
	s.pips = nil
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CXX", "")
	var out strings.Builder
	err := s.doctor(t.Context(), &out, false)
	if err == nil || err.Error() != "assets: doctor: not in order: C++ compiler" {
		t.Errorf("error %v", err)
	}
	wantContains(t, out.String(), "missing  C++ compiler", "-        pip           not found; nothing is left to fetch", "apt install g++")
}

func TestDoctorCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newShelf(t, copies).store().doctor(ctx, io.Discard, true); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
