// Package assist knows what can stand at the cursor of an unfinished cell, and what is written there: the completion and
// the help of every front end.
//
//	Engine       answers for one session, on top of what its cells declared
//	Complete     what the name at the cursor can become
//	Inspect      what the name or call at the cursor means
//
// A cell that is being written rarely parses. So it is taken to pieces at its top level (scan.go); the piece at the cursor
// is cut off there and completed with what closes its brackets and headers (cut.go, parse.go); and all is type-checked
// with errors left aside (check.go). Nothing that is wrong elsewhere in the cell matters to the name at the cursor. What
// can stand there is found in candidates.go and members.go, and put in order in choose.go; what is there is explained in
// inspect.go and explain.go.
//
// Left out: methods that the cell itself declares for types of earlier cells, until it has run.
package assist

import (
	"go/token"
	"go/types"
	"iter"
	"sync"

	"kairos/stdlib/symbols/typedata"
)

// Session is what the cells so far declared. A check.Cells is one.
type Session interface {
	Lookup(name string) types.Object
	All() iter.Seq2[string, types.Object]
	Last() string // the name of the last value, which cells can also call _; "" if there is none
}

// Config is what an Engine knows of a session. The zero value is a session without cells.
type Config struct {
	Session Session
	// Fset has the positions of the session's objects: file names are those of cells.
	Fset *token.FileSet
	// Source returns the text of a cell by the name that it has in positions. Without it there are no comments on what
	// cells declare.
	Source func(cell string) string
	// Packages are the import paths that are offered. The default is all that typedata has.
	Packages []string
	// Importer reads the types of packages. It has to be that of the session, which shares its types. The default is a
	// new one.
	Importer *typedata.Importer
	// Lock is held while the session and the importer are used. The default is one of the engine's own.
	Lock sync.Locker
	// Dir is where file names begin. The default is the current directory.
	Dir string
}

// Engine completes and explains. It can be used by several goroutines.
type Engine struct {
	Config
	byName map[string][]string // import paths by package name, the likeliest first
}

// New returns an engine for a session.
func New(cfg Config) *Engine {
	if cfg.Session == nil {
		cfg.Session = nothing{}
	}
	if cfg.Fset == nil {
		cfg.Fset = token.NewFileSet()
	}
	if cfg.Importer == nil {
		cfg.Importer = typedata.NewImporter()
	}
	if cfg.Lock == nil {
		cfg.Lock = new(sync.Mutex)
	}
	if cfg.Packages == nil {
		cfg.Packages = typedata.Paths()
	}
	return &Engine{cfg, packagesByName(cfg.Packages)}
}

type nothing struct{}

func (nothing) Last() string                         { return "" }
func (nothing) Lookup(string) types.Object           { return nil }
func (nothing) All() iter.Seq2[string, types.Object] { return func(func(string, types.Object) bool) {} }
