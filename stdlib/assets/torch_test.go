package assets

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	// As readelf shows them in the 2.1.2 wheel's libc10.so and in one of a wheel
	// with the newer ABI.
	oldError = "_ZN3c105ErrorC1ENS_14SourceLocationESs"
	newError = "_ZN3c105ErrorC1ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
	// The wheel of the old ABI carries this too.
	newString = "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEED1Ev"
)

// sharedLibrary is the least of an ELF file that has dynamic symbols.
func sharedLibrary(symbols ...string) []byte {
	names := "\x00"
	table := make([]elf.Sym64, 1)
	for _, s := range symbols {
		table = append(table, elf.Sym64{Name: uint32(len(names)), Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC), Shndx: 1})
		names += s + "\x00"
	}
	const header, section, symbol = 64, 64, 24
	strings := uint64(header + 3*section)
	dynsym := strings + uint64(len(names))
	var b bytes.Buffer
	for _, part := range []any{
		elf.Header64{
			Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type:  uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
			Shoff: header, Ehsize: header, Shentsize: section, Shnum: 3, Shstrndx: 1,
		},
		elf.Section64{},
		elf.Section64{Type: uint32(elf.SHT_STRTAB), Off: strings, Size: uint64(len(names))},
		elf.Section64{Type: uint32(elf.SHT_DYNSYM), Off: dynsym, Size: uint64(len(table)) * symbol, Link: 1, Entsize: symbol},
		[]byte(names), table,
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

const versionHeader = "include/torch/csrc/api/include/torch/version.h"

// unpacked writes files for a libtorch of the user's own.
func unpacked(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestUserTorch(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  Torch
		stubs string
	}{
		{
			"official CPU", map[string]string{
				"build-version": "2.1.0+cpu\n", "lib/libtorch.so": "",
				"lib/libc10.so": string(sharedLibrary("_ZN3c10fooEv", newError)),
			},
			Torch{Version: "2.1.0+cpu", CXX11ABI: true},
			"c10_cuda caffe2_nvrtc cublas cuda cudart cudnn nvToolsExt nvrtc nvrtc-builtins torch_cuda",
		},
		{
			"CUDA wheel", map[string]string{
				versionHeader:   "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION \\\n  \"2.1.2\"\n",
				"lib/libc10.so": string(sharedLibrary(newString, oldError)), "lib/libtorch.so": "", "lib/libtorch_cuda.so": "",
				"lib/libc10_cuda.so": "", "lib/libcaffe2_nvrtc.so": "", "lib/libcudnn.so.8": "", "lib/libcublas.a": "",
			},
			Torch{Version: "2.1.2", CUDA: true},
			"cuda cudart cudnn nvToolsExt nvrtc nvrtc-builtins",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShelf(t, "exit 1").store()
			s.libtorch = unpacked(t, c.files)
			got, err := s.torch()
			if err != nil {
				t.Fatal(err)
			}
			var stubs []string
			for name, text := range tree(t, got.Stubs) {
				if text != "!<arch>\n" {
					t.Errorf("%s holds %q", name, text)
				}
				stubs = append(stubs, strings.TrimSuffix(strings.TrimPrefix(name, "lib"), ".a"))
			}
			want := strings.Fields(c.stubs)
			if diff := cmp.Diff(asSet(want), asSet(stubs)); diff != "" {
				t.Errorf("stubs (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(got.Stubs, filepath.Join(s.dir, "libtorch-stubs")) {
				t.Errorf("stubs are in %s", got.Stubs)
			}
			c.want.Dir, c.want.Stubs, c.want.FromEnv = s.libtorch, got.Stubs, true
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("torch (-want +got):\n%s", diff)
			}
			if again, err := s.torch(); err != nil || again != got {
				t.Errorf("again: %+v, %v", again, err)
			}
		})
	}
}

func asSet(list []string) map[string]bool {
	set := make(map[string]bool)
	for _, s := range list {
		set[s] = true
	}
	return set
}

func TestUserTorchRefused(t *testing.T) {
	good := string(sharedLibrary(newError))
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"newer", map[string]string{"build-version": "2.4.0+cpu", "lib/libc10.so": good}, "is version 2.4.0+cpu, want 2.1.x"},
		{"no version", map[string]string{"lib/libc10.so": good}, "version.h: no such file"},
		{"odd header", map[string]string{versionHeader: "#pragma once\n"}, "defines no TORCH_VERSION"},
		{"no library", map[string]string{"build-version": "2.1.0"}, "libc10.so: no such file"},
		{"not a library", map[string]string{"build-version": "2.1.0", "lib/libc10.so": "/* GNU ld script */"}, "bad magic number"},
		{"another library", map[string]string{"build-version": "2.1.0", "lib/libc10.so": string(sharedLibrary(newString))}, "defines no c10::Error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShelf(t, "exit 1").store()
			s.libtorch = unpacked(t, c.files)
			_, err := s.torch()
			if err == nil {
				t.Fatal("no error")
			}
			wantContains(t, err.Error(), c.want, s.libtorch, "set LIBTORCH to an unpacked official libtorch 2.1")
		})
	}
}

func TestTorchPathTheLinkerCannotTake(t *testing.T) {
	s := newShelf(t, "exit 1").store()
	s.libtorch = "/opt/a,b"
	if _, err := s.torch(); err == nil || !strings.Contains(err.Error(), "the linker cannot take") {
		t.Errorf("error %v", err)
	}
}

// With $LIBTORCH none is fetched, named or not.
func TestFetchUsesUserTorch(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	s.table[0].Name = libtorchName
	s.libtorch = unpacked(t, map[string]string{"build-version": "2.1.2", "lib/libc10.so": string(sharedLibrary(oldError))})
	for _, names := range [][]string{nil, {libtorchName}} {
		var out strings.Builder
		if err := s.fetch(t.Context(), names, &out); err != nil {
			t.Fatal(err)
		}
		wantContains(t, out.String(), "libtorch 2.1.2 is used from LIBTORCH="+s.libtorch)
	}
	if calls := strings.Join(shelf.calls(t), ""); strings.Contains(calls, "alpha") || !strings.Contains(calls, "gamma") {
		t.Errorf("pip was called by %s", calls)
	}
	s.libtorch = t.TempDir()
	if err := s.fetch(t.Context(), nil, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "set LIBTORCH") {
		t.Errorf("error %v", err)
	}
}

func TestFetchedTorch(t *testing.T) {
	shelf := newShelf(t, copies)
	s := shelf.store()
	if _, err := s.torch(); err == nil {
		t.Error("no error without libtorch in the table")
	}
	shelf.write(t, "libtorch-1-any.whl", zipped(map[string]string{
		"t/" + versionHeader: `#define TORCH_VERSION "2.1.2"`, "t/lib/libc10.so": string(sharedLibrary(newString, oldError)),
	}))
	s.table = []asset{{Name: libtorchName, Unpacked: 1, Stubs: stubLibraries(), Archives: []archive{shelf.archive("libtorch-1-any.whl", rule{"t/*", "*"})}}}
	if _, err := s.torch(); err == nil || !strings.Contains(err.Error(), `run "kairos fetch libtorch-2.1.2", or set LIBTORCH`) {
		t.Errorf("error %v", err)
	}
	if err := s.fetch(t.Context(), nil, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	got, err := s.torch()
	dir := filepath.Join(s.dir, libtorchName)
	want := Torch{Dir: dir, Stubs: filepath.Join(dir, "stubs"), Version: "2.1.2"}
	if got != want || err != nil {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if n := len(tree(t, got.Stubs)); n != 11 {
		t.Errorf("%d stubs, want 11", n)
	}
}

func TestCgoEnvQuotesSpaces(t *testing.T) {
	got := Torch{Dir: "/my libs/torch", Stubs: "/c/stubs", CXX11ABI: true}.CgoEnv()
	want := []string{
		"CGO_LDFLAGS=-L/c/stubs '-L/my libs/torch/lib' '-Wl,-rpath,/my libs/torch/lib'",
		"CGO_CXXFLAGS=-D_GLIBCXX_USE_CXX11_ABI=1 '-I/my libs/torch/include' '-I/my libs/torch/include/torch/csrc/api/include'",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestProcessEnvLeavesTheUsersChoice(t *testing.T) {
	names := []string{"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "GLIBC_TUNABLES"}
	set := func() (set []string) {
		for _, variable := range ProcessEnv() {
			name, _, _ := strings.Cut(variable, "=")
			set = append(set, name)
		}
		return set
	}
	for _, c := range []struct{ chosen, want []string }{
		{nil, []string{"GOMP_SPINCOUNT", "GLIBC_TUNABLES"}},
		{[]string{"OMP_WAIT_POLICY"}, []string{"GLIBC_TUNABLES"}},
		{[]string{"GOMP_SPINCOUNT"}, []string{"GLIBC_TUNABLES"}},
		{[]string{"GLIBC_TUNABLES"}, []string{"GOMP_SPINCOUNT"}},
	} {
		for _, name := range names {
			value := ""
			if slices.Contains(c.chosen, name) {
				value = "chosen"
			}
			t.Setenv(name, value)
		}
		if got := set(); !slices.Equal(got, c.want) {
			t.Errorf("with %q chosen, ProcessEnv() sets %q, want %q", c.chosen, got, c.want)
		}
	}
}
