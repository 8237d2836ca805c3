package interpreter

import (
	"go/ast"
	"go/token"
	"go/types"

	"kairos/repl"
	"kairos/repl/check"
)

// names are what a cell declares.
func names(cell *check.Cell) (list []repl.Name) {
	add := func(id *ast.Ident, kind string) {
		if obj := cell.Info.Defs[id]; obj != nil && id.Name != "_" && id.Name != "init" {
			list = append(list, repl.Name{Name: id.Name, Kind: kind, Type: typeText(cell.Pkg, declaredType(obj))})
		}
	}
	for _, d := range cell.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name, "func")
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name, "type")
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						add(id, d.Tok.String())
					}
				}
			}
		}
	}
	for _, v := range cell.Vars {
		if v.Name() != "_" {
			list = append(list, repl.Name{Name: v.Name(), Kind: token.VAR.String(), Type: typeText(cell.Pkg, v.Type())})
		}
	}
	return list
}

// valueTypes are the static types of a cell's value.
func valueTypes(cell *check.Cell) (list []string) {
	if cell.Value == nil {
		return nil
	}
	t := cell.Info.TypeOf(cell.Value)
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return []string{typeText(cell.Pkg, types.Default(t))}
	}
	for v := range tuple.Variables() {
		list = append(list, typeText(cell.Pkg, v.Type()))
	}
	return list
}

// declaredType is the type of a name, or what is under the name of a type.
func declaredType(obj types.Object) types.Type {
	if _, ok := obj.(*types.TypeName); ok {
		return obj.Type().Underlying()
	}
	return obj.Type()
}

// kindOf is what declares a name.
func kindOf(obj types.Object) string {
	switch obj.(type) {
	case *types.Var:
		return "var"
	case *types.Func:
		return "func"
	case *types.TypeName:
		return "type"
	}
	return "const"
}

// typeText writes a type as cells do.
func typeText(session *types.Package, t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == session {
			return ""
		}
		return p.Name()
	})
}
