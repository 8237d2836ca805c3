package lower

import (
	"go/ast"
	"go/token"

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
