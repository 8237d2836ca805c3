package script

import (
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
	"strconv"

	"github.com/traefik/yaegi/interp"

	"kairos/repl/check"
	"kairos/stdlib/symbols/typedata"
)

// compile has yaegi compile a lowered program. What it cannot compile, after the program was found right, is a limit of
// the interpreter, and the error says so at its position.
func compile(in *interp.Interpreter, prog *check.Program) (compiled *interp.Program, err error) {
	log.SetOutput(io.Discard) // yaegi also complains there
	defer log.SetOutput(os.Stderr)
	defer func() {
		if r := recover(); r != nil {
			compiled, err = nil, cannot(r)
		}
	}()
	compiled, err = in.CompileAST(prog.File)
	if err != nil {
		return nil, cannot(err)
	}
	return compiled, nil
}

// positioned takes yaegi's messages apart.
var positioned = regexp.MustCompile(`(?s)^(\S*:\d+:\d+): (?:CFG post-order panic: )?(.*)$`)

// cannot makes a sentence with a position of what yaegi complains about.
func cannot(cause any) error {
	text := fmt.Sprint(cause)
	if m := positioned.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s: kairos cannot interpret this yet: %s", m[1], m[2])
	}
	return fmt.Errorf("kairos cannot interpret this program yet: %s", text)
}

// needsTorch refuses imports of packages that link libtorch.
func needsTorch(prog *check.Program, why string) error {
	for _, spec := range prog.File.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err == nil && typedata.NeedsTorch(path) {
			pos := prog.Fset.Position(spec.Path.Pos())
			return check.Errors{List: []check.Error{{Pos: pos, Msg: fmt.Sprintf("import %q needs libtorch: %s", path, why)}}}
		}
	}
	return nil
}
