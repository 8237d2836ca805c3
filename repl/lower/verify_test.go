package lower

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// verified is a piece of core, or of what is almost core, and what verify finds in it first. In its source, _ stands for
// the dot in core's names.
type verified struct{ name, src, want string }

func (c verified) test(t *testing.T, src string) {
	want := ""
	if at, what, wrong := strings.Cut(c.want, ": "); wrong {
		want = fmt.Sprintf("core.go:%s: kairos cannot interpret this yet: a fault of kairos itself made it %s; please report it with the program", at, what)
	}
	if got := verifyText(t, "package main\n"+src); got != want {
		t.Errorf("%s:\n%s\nwant\n%s", src, got, want)
	}
}

func TestVerifyDeclarations(t *testing.T) {
	for _, c := range []verified{
		{"function", "func f_1(x_1 int, y_1 k_.T1) (bool, k_.T2) { return x_1 > 1, k_.C2 }", ""},
		{"init", "func init() { k_.E1(f_1) }", ""},
		{"maker", "func lit_1(x_1 *int) k_.T1 { return func() int { return *x_1 } }", "2:16: StarExpr"},
		{"maker", "func lit_1(x_1 k_.T2) k_.T1 { return func(y_1 int) int { return *x_1 } }", ""},
		{"own name", "func f() {}", "2:1: FuncDecl"},
		{"same name", "func f_1() {}; func f_1() {}", "2:16: FuncDecl"},
		{"method", "func (x_1 int) f_1() {}", "2:1: FuncDecl"},
		{"generic function", "func f_1[x_1 any]() {}", "2:1: FuncType"},
		{"declarations", "var x_1 int", "2:1: GenDecl"},
		{"no body", "func f_1()", "2:1: FuncDecl"},
		{"parameter without name", "func f_1(int) {}", "2:10: Field"},
		{"parameters of one type", "func f_1(x_1, y_1 int) {}", "2:10: Field"},
		{"variadic function", "func f_1(x_1 ...int) {}", "2:14: Ellipsis"},
		{"named result", "func f_1() (x_1 int) {}", "2:13: Field"},
		{"type of several parts", "func f_1(x_1 []int) {}", "2:14: ArrayType"},
		{"type of a package", "func f_1(x_1 fmt.Stringer) {}", "2:14: SelectorExpr"},
		{"type of the universe", "func f_1(x_1 error) {}", "2:14: Ident"},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, c.src) })
	}
}

func TestVerifyStatements(t *testing.T) {
	for _, c := range []verified{
		{"variable", "var x_1 int; x_1 = 1", ""},
		{"variable with a value", "var x_1 = 1", "2:14: DeclStmt"},
		{"variables", "var x_1, y_1 int", "2:14: DeclStmt"},
		{"variable in a block", "if true { var x_1 int }", "2:24: DeclStmt"},
		{"own variable", "var x int", "2:14: DeclStmt"},
		{"constant", "const x_1 = 1", "2:14: DeclStmt"},
		{"type", "type x_1 int", "2:14: DeclStmt"},
		{"assignments", "x_1 = 1; *x_1 = 2; x_1.f = 3; x_1[1] = 4; *k_.P1 = 5", ""},
		{"results", "x_1, y_1 = f_1(); x_1, y_1 = m_1[1]", ""},
		{"parallel", "x_1, y_1 = y_1, x_1", "2:14: AssignStmt"},
		{"parallel receive", "x_1, y_1 = <-c_1", "2:14: AssignStmt"},
		{"definition", "x_1 := 1", "2:14: AssignStmt"},
		{"assignment with operator", "x_1 += 1; x_1[1] &^= 2", ""},
		{"assignment with operator to several", "x_1, y_1 += 1", "2:14: AssignStmt"},
		{"assignment with shift", "x_1 <<= y_1", "2:14: AssignStmt"},
		{"blank", "_ = x_1", "2:14: AssignStmt"},
		{"assignment to the pool", "k_.P1 = 1", "2:14: AssignStmt"},
		{"increment", "x_1++", ""},
		{"increment of a field", "x_1.f++", "2:14: IncDecStmt"},
		{"statement", "f_1(); x_1.f(); k_.R1(1)", ""},
		{"expression", "x_1 + 1", "2:14: ExprStmt"},
		{"block", "{}", "2:14: BlockStmt"},
		{"if", "if x_1 { f_1() } else if y_1 { f_1() } else { f_1() }", ""},
		{"if with a statement", "if x_1 = true; x_1 {}", "2:14: IfStmt"},
		{"loops", "for x_1 { }; for ; x_1; y_1++ { }; for ; x_1; y_1 = 1 { }", ""},
		{"endless loop", "for {}", "2:14: ForStmt"},
		{"loop of three parts", "for x_1 = 1; true; x_1++ {}", "2:14: ForStmt"},
		{"range", "for x_1 := range y_1 {}; for x_1, z_1 := range y_1 {}", ""},
		{"range into variables of others", "for x_1 = range y_1 {}", "2:14: RangeStmt"},
		{"range into nothing", "for range y_1 {}", "2:14: RangeStmt"},
		{"range into blank", "for _, x_1 := range y_1 {}", "2:14: RangeStmt"},
		{"labels", "loop_1: for x_1 { for y_1 { break loop_1 }; continue loop_1 }", ""},
		{"break", "for x_1 { break }", "2:24: BranchStmt"},
		{"break to another place", "loop_1: for x_1 { }; for x_1 { break loop_1 }", "2:45: BranchStmt"},
		{"fallthrough", "for x_1 { fallthrough }", "2:24: BranchStmt"},
		{"goto", "if x_1 { goto y_1 }; y_1: ;", ""},
		{"goto nowhere", "goto y_1", "2:14: BranchStmt"},
		{"label", "x_1: f_1()", "2:14: LabeledStmt"},
		{"switch", "switch {}", "2:14: SwitchStmt"},
		{"type switch", "switch x_1.(type) {}", "2:14: TypeSwitchStmt"},
		{"select", "select {}", "2:14: SelectStmt"},
		{"send", "x_1 <- 1", "2:14: SendStmt"},
		{"defer", "defer f_1()", "2:14: DeferStmt"},
		{"go", "go f_1()", "2:14: GoStmt"},

		{"operators", "x_1 = -x_1 + (x_1 &^ 2); y_1 = !(x_1 > 1) && y_1; p_1 = &x_1.f", ""},
		{"receive", "x_1 = <-c_1", "2:20: UnaryExpr"},
		{"assertion", "x_1 = y_1.(int)", "2:20: TypeAssertExpr"},
		{"literal", "x_1 = func() {}", "2:20: FuncLit"},
		{"literal with more", "f_1(); return func() {}", "2:28: FuncLit"},
		{"called literal", "func() {}()", "2:14: CallExpr"},
		{"composite literals", "x_1 = k_.T1{f: 1, g: y_1}; x_1 = k_.T2{1, 2: 3}; x_1 = k_.T3{\"a\": 1}", ""},
		{"composite literal of an own type", "x_1 = T{}", "2:20: Ident"},
		{"composite literal of a type of several parts", "x_1 = []int{1}", "2:20: ArrayType"},
		{"composite literal in another", "x_1 = k_.T1{{}}", "2:26: CompositeLit"},
		{"floating-point number", "x_1 = 0.5", "2:20: BasicLit"},
		{"character", "x_1 = 'a'", "2:20: BasicLit"},
		{"own variable read", "x_1 = x", "2:20: Ident"},
		{"iota", "x_1 = iota", "2:20: Ident"},
		{"selector of a package", "x_1 = fmt.Println", "2:20: Ident"},
		{"builtins", "x_1 = len(y_1); x_1 = append(y_1, 1); x_1 = new(k_.T1); x_1 = make(k_.T1, 1); delete(y_1, 2)", ""},
		{"builtin that core lacks", "copy(x_1, y_1)", "2:14: CallExpr"},
		{"panic", "panic(x_1)", "2:14: CallExpr"},
		{"conversions", "x_1 = uint8(y_1); x_1 = k_.T1(y_1)", ""},
		{"conversion to a type of the universe", "x_1 = any(y_1)", "2:20: CallExpr"},
		{"conversion to a type of several parts", "x_1 = []byte(y_1)", "2:20: CallExpr"},
		{"new of a value", "x_1 = new(1)", "2:24: BasicLit"},
		{"instance", "x_1 = f_1[int, int]()", "2:20: CallExpr"},
		{"slices", "x_1 = y_1[1:]; x_1 = y_1[:2:3]", ""},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, "func f_1() { "+c.src+" }") })
	}
}

// verifyText returns the first thing that verify says of a file.
func verifyText(t *testing.T, src string) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "core.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name != "_" {
			id.Name = strings.ReplaceAll(id.Name, "_", "·")
		}
		return true
	})
	if err := verify(fset, file); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return first
	}
	return ""
}
