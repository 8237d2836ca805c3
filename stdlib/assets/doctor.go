package assets

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"
)

// Doctor writes a report of the machine and the cache to out: what is there,
// what is missing or damaged, and the command that mends it. With verify every
// file of every asset is hashed. The error names what stands in the way of
// building and running kairos.
func Doctor(ctx context.Context, out io.Writer, verify bool) error {
	s, err := open()
	if err != nil {
		return err
	}
	return s.doctor(ctx, out, verify)
}

func (s *store) doctor(ctx context.Context, out io.Writer, verify bool) error {
	var findings []finding
	for _, a := range s.table {
		if a.Name == libtorchName && s.libtorch != "" {
			findings = append(findings, s.examineTorch())
		} else {
			findings = append(findings, s.examine(ctx, a, verify))
		}
	}
	findings = append(findings, s.examineCompiler(ctx), s.examinePip(ctx, findings))
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("assets: doctor: %w", err)
	}
	return s.report(out, findings)
}

// finding is one line of the report.
type finding struct {
	mark   string // ok, missing, damaged, or - for what is not needed now
	name   string
	detail string
	mend   string // a command, empty if nothing is to mend
}

func (f finding) bad() bool { return f.mark != "ok" && f.mark != "-" }

func (s *store) report(out io.Writer, findings []finding) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, fact := range s.facts() {
		fmt.Fprintf(w, "%s\t%s\n", fact[0], fact[1])
	}
	w.Flush()
	fmt.Fprintln(out)
	var bad, mends []string
	for _, f := range findings {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.mark, f.name, f.detail)
		if f.bad() {
			bad = append(bad, f.name)
			mends = append(mends, "  "+f.mend)
		}
	}
	w.Flush()
	if len(bad) == 0 {
		fmt.Fprintln(out, "\nEverything is in place.")
		return nil
	}
	fmt.Fprintf(out, "\nTo mend it:\n%s\n", strings.Join(mends, "\n"))
	return fmt.Errorf("assets: doctor: not in order: %s", strings.Join(bad, ", "))
}

// facts are what cannot be wrong.
func (s *store) facts() [][2]string {
	omp := os.Getenv("OMP_NUM_THREADS")
	if omp == "" {
		omp = "not set: libtorch takes all"
	}
	return [][2]string{
		{"kairos", kairosVersion()},
		{"go", runtime.Version() + " " + s.platform},
		{"cores", fmt.Sprintf("%d (GOMAXPROCS %d; OMP_NUM_THREADS %s)", runtime.NumCPU(), runtime.GOMAXPROCS(0), omp)},
		{"memory", memory()},
		{"cache", s.dir + ", " + s.freeText()},
	}
}

func (s *store) freeText() string {
	free, err := freeDisk(s.dir)
	if err != nil {
		return "not made yet"
	}
	return bytesText(free) + " free"
}

// kairosVersion is the module's version or, in a checkout, its commit.
func kairosVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown version"
	}
	version := info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && !strings.Contains(version, setting.Value[:min(12, len(setting.Value))]) {
			version += fmt.Sprintf(" (commit %.12s)", setting.Value)
		}
	}
	return version
}

// memory reads Linux's account; elsewhere it is not told.
func memory() string {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	kib := make(map[string]int64)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var key string
		var n int64
		if _, err := fmt.Sscanf(lines.Text(), "%s %d", &key, &n); err == nil {
			kib[key] = n
		}
	}
	return fmt.Sprintf("%s, %s available", bytesText(kib["MemTotal:"]*1024), bytesText(kib["MemAvailable:"]*1024))
}

func (s *store) examine(ctx context.Context, a asset, verify bool) finding {
	st := s.status(a)
	switch {
	case st.Missing:
		return finding{"missing", a.Name, fmt.Sprintf("%s: %s to download", st.Problem, bytesText(st.Download)), st.Mend}
	case !st.Complete():
		return finding{"damaged", a.Name, st.Problem, st.Mend}
	}
	f := finding{mark: "ok", name: a.Name, detail: st.Packages}
	if a.Name == libtorchName {
		f = s.examineTorch()
	}
	f.detail += ", " + bytesText(st.Size)
	if verify {
		if err := s.verify(ctx, a); err != nil {
			return finding{"damaged", a.Name, err.Error(), s.mendDamage(a)}
		}
		f.detail += ", verified"
	}
	return f
}

func (s *store) examineTorch() finding {
	t, err := s.torch()
	if err != nil {
		return finding{"damaged", "libtorch", err.Error(), "unset LIBTORCH && kairos fetch libtorch"}
	}
	device, abi, from := "CPU", "old C++ ABI", ""
	if t.CUDA {
		device = "CUDA"
	}
	if t.CXX11ABI {
		abi = "C++11 ABI"
	}
	if t.FromEnv {
		from = ", LIBTORCH=" + t.Dir
	}
	return finding{mark: "ok", name: "libtorch", detail: fmt.Sprintf("%s for %s, %s%s", t.Version, device, abi, from)}
}

// examineCompiler asks the compilers in the order in which cgo would be told.
func (s *store) examineCompiler(ctx context.Context) finding {
	for _, cxx := range []string{os.Getenv("CXX"), "g++", "clang++"} {
		argv := strings.Fields(cxx)
		if len(argv) == 0 {
			continue
		}
		out, err := exec.CommandContext(ctx, argv[0], append(argv[1:], "--version")...).Output()
		if first, _, _ := strings.Cut(string(out), "\n"); err == nil {
			return finding{mark: "ok", name: "C++ compiler", detail: first}
		}
	}
	return finding{"missing", "C++ compiler", "neither $CXX nor g++ nor clang++ runs", "apt install g++"}
}

// examinePip: pip is needed only while an asset is.
func (s *store) examinePip(ctx context.Context, assets []finding) finding {
	p, err := findPip(ctx, s.pips)
	if err == nil {
		return finding{mark: "ok", name: "pip", detail: p.String()}
	}
	for _, f := range assets {
		if f.bad() {
			return finding{"missing", "pip", "no pip runs, and it is what fetches", "apt install python3-pip"}
		}
	}
	return finding{mark: "-", name: "pip", detail: "not found; nothing is left to fetch"}
}
