package assets

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Torch is the libtorch that kairos is built with.
type Torch struct {
	Dir      string // holds lib and include
	Stubs    string // holds empty archives for libraries that Dir/lib lacks
	Version  string // "2.1.2", "2.1.0+cu121"
	FromEnv  bool   // $LIBTORCH names it; otherwise it was fetched
	CXX11ABI bool   // built with the C++11 ABI of libstdc++
	CUDA     bool   // has the CUDA half
}

// Libtorch finds the libtorch in $LIBTORCH or else the fetched one. The error
// says what to fetch, or why the one in $LIBTORCH does not serve: gotch is
// generated for 2.1. For $LIBTORCH it may write stubs into the cache.
func Libtorch() (Torch, error) {
	s, err := open()
	if err != nil {
		return Torch{}, err
	}
	return s.torch()
}

// unlinkable characters separate, quote or expand somewhere between the go
// command and the dynamic linker.
const unlinkable = `,:$'"`

func (s *store) torch() (Torch, error) {
	if strings.ContainsAny(s.dir+s.libtorch, unlinkable) {
		return Torch{}, fmt.Errorf("assets: libtorch %q, cache %q: the linker cannot take paths with any of %s", s.libtorch, s.dir, unlinkable)
	}
	if s.libtorch == "" {
		dir, err := s.path(libtorchName)
		if err != nil {
			return Torch{}, fmt.Errorf("%w, or set LIBTORCH to an unpacked libtorch 2.1", err)
		}
		return inspect(Torch{Dir: dir, Stubs: filepath.Join(dir, "stubs")})
	}
	dir, err := filepath.Abs(s.libtorch)
	if err != nil {
		return Torch{}, fmt.Errorf("assets: LIBTORCH=%s: %w", s.libtorch, err)
	}
	t, err := inspect(Torch{Dir: dir, FromEnv: true})
	if err != nil {
		return Torch{}, fmt.Errorf("%w: set LIBTORCH to an unpacked official libtorch 2.1, or unset it and run %q", err, "kairos fetch libtorch")
	}
	if t.Stubs, err = s.userStubs(filepath.Join(dir, "lib")); err != nil {
		return Torch{}, fmt.Errorf("assets: make stubs for LIBTORCH=%s: %w", dir, err)
	}
	return t, nil
}

// inspect fills in what the files below t.Dir tell.
func inspect(t Torch) (Torch, error) {
	var err error
	if t.Version, err = torchVersion(t.Dir); err == nil && !strings.HasPrefix(t.Version, "2.1.") {
		err = fmt.Errorf("is version %s, want 2.1.x", t.Version)
	}
	if err == nil {
		t.CXX11ABI, err = cxx11ABI(filepath.Join(t.Dir, "lib", "libc10.so"))
	}
	if err != nil {
		return Torch{}, fmt.Errorf("assets: libtorch in %s: %w", t.Dir, err)
	}
	t.CUDA = exists(filepath.Join(t.Dir, "lib", "libtorch_cuda.so"))
	return t, nil
}

// torchVersion reads the build-version file of the official zip files, or the
// header that every libtorch has.
func torchVersion(dir string) (string, error) {
	if text, err := os.ReadFile(filepath.Join(dir, "build-version")); err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	header := filepath.Join(dir, "include", "torch", "csrc", "api", "include", "torch", "version.h")
	text, err := os.ReadFile(header)
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`#define TORCH_VERSION\s*\\?\s*"([^"]+)"`).FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("%s defines no TORCH_VERSION, as that of 2.1 does", header)
	}
	return string(found[1]), nil
}

// cxx11ABI tells which ABI of libstdc++ a libc10.so was built with, from the
// constructors of c10::Error, which take strings. Other names prove nothing:
// the wheel, of the old ABI, carries parts of libstdc++ of the new one.
func cxx11ABI(lib string) (bool, error) {
	f, err := elf.Open(lib)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", lib, err)
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return false, fmt.Errorf("read %s: %w", lib, err)
	}
	for _, sym := range symbols {
		if strings.HasPrefix(sym.Name, "_ZN3c105ErrorC") {
			return strings.Contains(sym.Name, "__cxx11"), nil
		}
	}
	return false, fmt.Errorf("%s defines no c10::Error", lib)
}

// CgoEnv is the two environment variables with which gotch compiles and links
// against t. They are the same for the same t, as build caches want it.
func (t Torch) CgoEnv() []string {
	lib, include := filepath.Join(t.Dir, "lib"), filepath.Join(t.Dir, "include")
	abi := "0"
	if t.CXX11ABI {
		abi = "1"
	}
	return []string{
		"CGO_LDFLAGS=" + flags("-L"+t.Stubs, "-L"+lib, "-Wl,-rpath,"+lib),
		"CGO_CXXFLAGS=" + flags("-D_GLIBCXX_USE_CXX11_ABI="+abi, "-I"+include,
			"-I"+filepath.Join(include, "torch", "csrc", "api", "include")),
	}
}

// flags quotes as the go command unquotes.
func flags(args ...string) string {
	for i, arg := range args {
		if strings.ContainsAny(arg, " \t") {
			args[i] = "'" + arg + "'"
		}
	}
	return strings.Join(args, " ")
}

// stubLibraries are what gotch links by name whether or not there is CUDA.
// Empty archives of these names satisfy the linker. libtorch is among them
// because the wheel's libtorch.so, which is not unpacked, would pull in the
// CUDA half.
func stubLibraries() []string {
	return []string{"cuda", "cudart", "cublas", "cudnn", "caffe2_nvrtc", "nvrtc-builtins",
		"nvrtc", "nvToolsExt", "c10_cuda", "torch_cuda", "torch"}
}

// emptyArchive is an ar archive without members.
const emptyArchive = "!<arch>\n"

// userStubs makes stubs for those libraries that lib does not have, in a
// directory of the cache named by which those are.
func (s *store) userStubs(lib string) (string, error) {
	var lacking []string
	for _, name := range stubLibraries() {
		if !exists(filepath.Join(lib, "lib"+name+".so")) && !exists(filepath.Join(lib, "lib"+name+".a")) {
			lacking = append(lacking, name)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(lacking, " ")))
	dir := filepath.Join(s.dir, "libtorch-stubs", hex.EncodeToString(sum[:4]))
	if exists(dir) {
		return dir, nil
	}
	return dir, writeStubs(dir, lacking)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// writeStubs fills a directory and renames it; another process may be first.
func writeStubs(dir string, names []string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("%w: set KAIROS_CACHE to a directory that can be written", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(tmp, "lib"+name+".a"), []byte(emptyArchive), 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil && !exists(dir) {
		return err
	}
	return nil
}

// ProcessEnv is what to add to the environment of a process that runs libtorch, unless the user has chosen otherwise.
//
// Its OpenMP threads spin only briefly while they wait for each other. By default they spin for milliseconds, which on
// a machine with other work makes small steps tens of times slower and wins nothing on an idle one.
//
// glibc's allocator keeps up to two gigabytes that are free, and takes memory in huge pages. By default it returns what a
// training step frees to the kernel, and the next step waits for it to be handed out again, zeroed, 4 kB at a time:
// a quarter of the step.
func ProcessEnv() []string {
	var env []string
	if os.Getenv("OMP_WAIT_POLICY") == "" && os.Getenv("GOMP_SPINCOUNT") == "" {
		env = append(env, "GOMP_SPINCOUNT=1000")
	}
	if os.Getenv("GLIBC_TUNABLES") == "" {
		env = append(env, "GLIBC_TUNABLES="+strings.Join([]string{
			"glibc.malloc.hugetlb=1",               // huge pages where the kernel has them on request
			"glibc.malloc.mmap_threshold=33554432", // 32 MB, the most it takes: larger blocks come and go by themselves
			"glibc.malloc.trim_threshold=2147483648",
			"glibc.malloc.top_pad=67108864",
		}, ":"))
	}
	return env
}
