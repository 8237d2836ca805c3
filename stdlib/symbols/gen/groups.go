package main

import (
	"slices"
	"strings"
)

// group is a set of packages generated together.
type group struct {
	name     string
	doc      string   // the generated package's doc comment
	patterns []string // as go list takes them
	skip     []string // packages left out, with those below them
	platform []string // packages whose names differ between platforms: shown where they were generated for only
	cgo      bool     // the packages need cgo to be compiled
}

// needTorch are the packages of kairos that link libtorch.
var needTorch = []string{
	"kairos/stdlib/embed",
	"kairos/stdlib/eval",
	"kairos/stdlib/experiment",
	"kairos/stdlib/model",
	"kairos/stdlib/run",
	"kairos/stdlib/train",
}

// The platform whose constants and types are written down.
const goos, goarch = "linux", "amd64"

// groups says what interpreted code can import. It is the one place to add a package.
var groups = []group{
	{
		name:     "std",
		doc:      "shows the Go standard library to the interpreter.",
		patterns: []string{"std"},
		skip: []string{
			"cmd", "embed", "plugin", "time/tzdata", "unsafe", "vendor", // nothing to call at run time
			"expvar", "net/http/pprof", // change the default HTTP server by being linked
			"runtime/cgo", "runtime/coverage", "runtime/race", "testing", // for builds and tests
			"crypto/mlkem/mlkemtest", "log/syslog", "structs",
		},
		platform: []string{"syscall"},
	},
	{
		name: "gonum",
		doc:  "shows the numerical and plotting packages of gonum to the interpreter.",
		patterns: []string{
			"gonum.org/v1/gonum/floats", "gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/optimize",
			"gonum.org/v1/gonum/stat", "gonum.org/v1/gonum/stat/distuv",
			"gonum.org/v1/plot", "gonum.org/v1/plot/font", "gonum.org/v1/plot/palette", "gonum.org/v1/plot/plotter",
			"gonum.org/v1/plot/plotutil", "gonum.org/v1/plot/text", "gonum.org/v1/plot/vg", "gonum.org/v1/plot/vg/draw",
		},
	},
	{
		name:     "pure",
		doc:      "shows the packages of kairos that are pure Go to the interpreter.",
		patterns: []string{"kairos/stdlib/..."},
		skip: append([]string{
			"kairos/stdlib/symbols", "kairos/stdlib/cell/host", "kairos/stdlib/cell/render", // for sessions, not in them
		}, needTorch...),
	},
	{
		name: "native",
		doc:  "shows the packages that link libtorch to the interpreter.",
		patterns: slices.Concat(needTorch, []string{
			"github.com/sugarme/gotch", "github.com/sugarme/gotch/nn", "github.com/sugarme/gotch/ts",
		}),
		cgo: true,
	},
}

// wants reports whether the package at path belongs to g.
func (g group) wants(path string) bool {
	if slices.Contains(strings.Split(path, "/"), "internal") {
		return false
	}
	return !slices.ContainsFunc(g.skip, func(s string) bool {
		return path == s || strings.HasPrefix(path, s+"/")
	})
}
