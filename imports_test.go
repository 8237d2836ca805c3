package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The rooms of docs/architecture.md: who may import whom, transitively.
var forbidden = []struct {
	from, to string // package path prefixes
	except   []string
	why      string
}{
	{"kairos/stdlib", "kairos/repl", nil, "the library does not know the interpreter"},
	{"kairos/stdlib", "kairos/kernel", nil, "the library does not know the kernel"},
	{"kairos/repl", "kairos/kernel", nil, "a front end does not know another"},
	{"kairos/kernel", "kairos/repl/term", nil, "a front end does not know another"},
	{"kairos/kernel", "kairos/repl/shell", nil, "commands are a session around another, which main joins"},
	{"kairos/repl/line", "kairos/repl/shell", nil, "an editor knows no commands"},
	{"kairos/repl/shell", "kairos/repl/line", nil, "commands do not know where they are typed"},
	{"kairos/stdlib/cell", "kairos/stdlib/", nil, "a script's link to where it runs stands alone"},
	{"kairos/stdlib/train", "kairos/stdlib/eval", nil, "package run joins the two"},
	{"kairos/stdlib/train", "kairos/stdlib/run", nil, "package run joins the two"},
	{"kairos/stdlib/eval", "kairos/stdlib/run", nil, "package run joins the two"},
	{"kairos", "github.com/sugarme/gotch", []string{
		"kairos/stdlib/internal/torch", "kairos/stdlib/embed", "kairos/stdlib/model", "kairos/stdlib/train", "kairos/stdlib/eval",
		"kairos/stdlib/run", "kairos/stdlib/experiment", "kairos/stdlib/symbols/native", "kairos/repl/worker/kairos-worker",
		"kairos/scripts", "kairos/bench",
	}, "the front and the pure packages work without libtorch"},
}

func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; packages++ {
		var p struct {
			ImportPath    string
			Imports, Deps []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, rule := range forbidden {
			if !within(p.ImportPath, rule.from) || slices.ContainsFunc(rule.except, func(e string) bool { return within(p.ImportPath, e) }) {
				continue
			}
			for _, dep := range p.Deps {
				if strings.HasPrefix(dep, rule.to) && !within(dep, rule.from) || within(dep, rule.to) && rule.from == "kairos" {
					t.Errorf("%s depends on %s: %s", p.ImportPath, dep, rule.why)
				}
			}
		}
		if slices.ContainsFunc(p.Imports, func(i string) bool { return strings.HasPrefix(i, "github.com/sugarme/gotch") }) && p.ImportPath != "kairos/stdlib/internal/torch" && p.ImportPath != "kairos/stdlib/symbols/native" {
			t.Errorf("%s imports gotch: only internal/torch does, and what shows it to the interpreter", p.ImportPath)
		}
	}
	if packages < 15 {
		t.Errorf("go list saw only %d packages", packages)
	}
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }
