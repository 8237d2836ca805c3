// Package export turns the cells of a session into one Go program, which kairos run and go run accept and which prints
// what the cells printed, and programs into cells.
//
//	Program       the cells of a session as a program
//	Error         why some cells are not one, and what to do
//	Cells         a program, or a script that somebody wrote, as cells
//	Cell          a cell of a notebook, which may hold text for people
//	FromNotebook  reads a notebook
//	ToNotebook    writes one
//
// NotebookToProgram and ProgramToNotebook are both steps at once.
//
// A program keeps what people wrote, comments and layout too. Functions, types and constants are those of the package,
// statements follow each other in main, and a comment // %% 3 stands before each part of the third cell, so that Cells
// can put it together again. Variables are those of main, unless a function uses them.
//
// The way of a program: load checks the cells in order (package check); collect finds what they declare, and each use
// of it; versions tells which of several functions of a name each use means, and when; place settles which variables are
// the package's, and where declarations stand; name gives everything its name; write puts the edited pieces of the cells
// together; and finish settles what only the compiler's rules tell: variables that nothing uses.
//
// Values that a session shows are shown by cell.Show, several at once by fmt.Println. A cell that defers calls becomes a
// function, as they run when it ends. Of functions that were declared again as they are there is one. Lost are comments
// between the parts of a var declaration that had to be taken apart. Types that were declared twice print under their new
// names, with %T, and with %+v where they are embedded.
package export

import (
	"fmt"
	"go/token"
	"slices"

	"kairos/repl/check"
	"kairos/stdlib/symbols/typedata"
)

// Config is what is known about the cells. The zero Config is that of cells numbered from 1.
type Config struct {
	// Numbers are the numbers under which the session evaluated the cells, for _3, Out[3] and messages. The default is
	// 1, 2, 3 and so on.
	Numbers []int
	// Last has every redefined function and method be the last of its name where a program cannot have one after the
	// other. The program may then print something else than the cells did.
	Last bool
	// Packages are the import paths that cells may leave out. The default is all that kairos knows.
	Packages []string
	// Importer reads the types of compiled packages. The default is a new one.
	Importer *typedata.Importer
}

// number is the number of the cell at index i.
func (cfg Config) number(i int) int {
	if i < len(cfg.Numbers) {
		return cfg.Numbers[i]
	}
	return i + 1
}

// Error tells why cells cannot be a program.
type Error struct {
	Cell int    // its number
	Name string // what stands in the way, if it has a name
	Msg  string // what is wrong and what to do

	Uncompiled bool // the cell does not compile after those before it
}

func (e *Error) Error() string { return fmt.Sprintf("export: cell %d: %s", e.Cell, e.Msg) }

// fail ends the making of a program. Program recovers it.
func (p *program) fail(cell int, name, format string, args ...any) {
	panic(&Error{Cell: p.number(cell), Name: name, Msg: fmt.Sprintf(format, args...)})
}

// Program returns the cells as a program. Lines that are commands of the shell become comments. Cells that failed should
// be left out. The error is an *Error.
func Program(cells []string, cfg Config) (src string, err error) {
	if cfg.Packages == nil {
		cfg.Packages = typedata.Paths()
	}
	if cfg.Importer == nil {
		cfg.Importer = typedata.NewImporter()
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			src, err = "", e
		}
	}()
	p := &program{Config: cfg}
	p.load(cells)
	p.collect()
	p.versions()
	p.place()
	p.name()
	return p.finish(p.write()), nil
}

// program is some cells on their way to a program.
type program struct {
	Config
	session *check.Cells
	cells   []*source

	decls   []*decl
	sites   []*site // of all names of the top level
	labels  []*site
	builtin map[string]bool // names of Go itself that something uses
	words   map[string]bool // all identifiers
	asked   map[string]bool // methods that can be called through an interface

	declOf   map[object]*decl
	entities map[object]*entity
	imports  map[[2]string]*entity // by name and path
	slots    map[object]*slot
	replaced map[object]object // old to new
	showing  *entity           // the import of package cell, if something is shown
	printing *entity           // and of fmt
}

// load checks all cells. It begins again when a cell refers to the value of an earlier one, which then gets a name.
func (p *program) load(texts []string) {
	named := map[int]bool{}
	prepared := make([]*source, len(texts))
	for i, text := range texts {
		prepared[i] = p.prepare(i, text)
		for _, n := range prepared[i].values {
			named[n] = true
		}
	}
	for again := true; again; {
		p.session = check.NewCells(token.NewFileSet(), check.CellsConfig{Packages: p.Packages, Importer: p.Importer})
		p.cells, again = nil, false
		for _, s := range prepared {
			fresh := *s
			p.cells = append(p.cells, &fresh)
			if n := p.check(&fresh, named); n != 0 {
				named[n], again = true, true
				break
			}
		}
	}
	p.words = map[string]bool{}
	for _, s := range p.cells {
		s.split()
		for _, l := range tokens(s.text) {
			if l.tok == token.IDENT {
				p.words[l.lit] = true
			}
		}
	}
}

// cellOf returns the cell at index i that has a number.
func (p *program) cellOf(number int) *source {
	i := slices.IndexFunc(p.cells, func(s *source) bool { return p.number(s.index) == number })
	if i < 0 {
		return nil
	}
	return p.cells[i]
}
