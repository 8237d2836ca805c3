package cells

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// program is a case on its way to a Go program. Every variable of a cell becomes one of the package, declared with its type
// and assigned to in main, in order; other declarations stay as they are; statements go to main.
type program struct {
	imports  []string
	decls    []string
	vars     []variable
	declared map[string]bool
	cells    [][]string   // the statements of each cell, as they stand in main
	values   map[int]bool // cells whose last statement is a value to print
	panics   map[int]bool // cells that must panic
}

// variable is what one statement declares: a, b := f() or var a, b = f().
type variable struct {
	names []string // _ for those that are there already
	typ   string   // if it is written
	value string   // if there is one
}

// Program returns a Go program that prints what the cells print. The importer must know what they import.
// A cell that must fail is left out if it does not compile, and otherwise recovers.
func (c Case) Program(importer types.Importer) (string, error) {
	if c.Go != "" {
		return c.Go, nil
	}
	p := &program{declared: map[string]bool{}, values: map[int]bool{}, panics: map[int]bool{}}
	for i, cell := range c.Cells {
		message, fails := c.Fails[i+1]
		if !fails {
			if err := p.add(cell); err != nil {
				return "", fmt.Errorf("cell %d: %w", i+1, err)
			}
			continue
		}
		next := p.clone()
		err := next.add(cell)
		if err == nil {
			_, err = next.source(importer)
		}
		switch {
		case err == nil:
			*p = *next
			p.panics[i+1] = true
		case !strings.Contains(err.Error(), message):
			return "", fmt.Errorf("cell %d: want %q, got %w", i+1, message, err)
		default:
			p.cells = append(p.cells, nil)
		}
	}
	return p.source(importer)
}

func (p *program) clone() *program {
	next := *p
	next.declared = map[string]bool{}
	for name := range p.declared {
		next.declared[name] = true
	}
	return &next
}

// add takes the next cell.
func (p *program) add(cell string) error {
	all, err := chunks(cell)
	if err != nil {
		return err
	}
	var body []string
	for _, c := range all {
		switch c.kind {
		case token.IMPORT:
			p.addImports(c)
		case token.VAR:
			for _, spec := range c.decls[0].(*ast.GenDecl).Specs {
				body = append(body, p.addVar(c, spec.(*ast.ValueSpec))...)
			}
		case token.ILLEGAL:
			for _, s := range c.stmts {
				body = append(body, p.addStmt(c, s))
			}
		default:
			p.decls = append(p.decls, c.text)
		}
	}
	p.cells = append(p.cells, body)
	return nil
}

func (p *program) addImports(c chunk) {
	for _, d := range c.decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			if text := "import " + c.source(spec); !p.declared[text] {
				p.declared[text] = true
				p.imports = append(p.imports, text)
			}
		}
	}
}

func (p *program) addVar(c chunk, spec *ast.ValueSpec) []string {
	var names, values []string
	for _, n := range spec.Names {
		names = append(names, n.Name)
	}
	for _, v := range spec.Values {
		values = append(values, c.source(v))
	}
	typ := ""
	if spec.Type != nil {
		typ = c.source(spec.Type)
	}
	value := strings.Join(values, ", ")
	p.declare(names, typ, value)
	if value == "" {
		return nil
	}
	return []string{strings.Join(names, ", ") + " = " + value}
}

func (p *program) addStmt(c chunk, s ast.Stmt) string {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return c.source(s)
	}
	var names []string
	for _, left := range assign.Lhs {
		names = append(names, c.source(left))
	}
	value := c.text[c.offset(assign.TokPos)+len(":=") : c.offset(s.End())]
	p.declare(names, "", value)
	return strings.Join(names, ", ") + " =" + value
}

func (p *program) declare(names []string, typ, value string) {
	v := variable{typ: typ, value: value}
	for _, name := range names {
		if p.declared[name] {
			name = "_"
		}
		p.declared[name] = name != "_"
		v.names = append(v.names, name)
	}
	p.vars = append(p.vars, v)
}
