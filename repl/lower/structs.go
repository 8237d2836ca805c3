package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// unexported hides unexported fields from encoders: yaegi makes every field an exported one, with an X before its name.
func (l *lowering) unexported(c *astutil.Cursor) bool {
	typ, ok := c.Node().(*ast.StructType)
	if !ok {
		return true
	}
	var fields []*ast.Field
	for _, field := range typ.Fields.List {
		if len(field.Names) == 0 {
			fields = append(fields, field)
			continue
		}
		for _, name := range field.Names {
			f := &ast.Field{Names: []*ast.Ident{name}, Type: field.Type, Tag: field.Tag}
			if !name.IsExported() && f.Tag == nil {
				f.Tag = &ast.BasicLit{ValuePos: name.Pos(), Kind: token.STRING, Value: "`json:\"-\" xml:\"-\"`"}
			}
			fields = append(fields, f)
		}
	}
	typ.Fields.List = fields
	return true
}

// promoted writes out the embedded fields on the way to a field or method. Yaegi takes the first it finds, which need
// not be the one that is nearest.
//
//	x.f    x.Embedded.f
func (l *lowering) promoted(c *astutil.Cursor) bool {
	e, ok := c.Node().(*ast.SelectorExpr)
	if !ok {
		return true
	}
	s := l.Info.Selections[e]
	if s == nil || s.Kind() == types.MethodExpr {
		return true
	}
	t := l.Info.TypeOf(e.X)
	for _, i := range s.Index()[:len(s.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		field := t.Underlying().(*types.Struct).Field(i)
		t = field.Type()
		e.X = &ast.SelectorExpr{X: e.X, Sel: ident(e.Sel.Pos(), field.Name())}
		l.Info.Types[e.X] = types.TypeAndValue{Type: t}
	}
	return true
}
