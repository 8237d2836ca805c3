package main

import (
	"fmt"
	"go/constant"
	"go/types"
	"math/big"
	"strings"
)

// constant writes the value of a constant. A typed one is the Go expression itself. An untyped one keeps its exact
// value as a go/constant, which is what yaegi converts as its use demands; it names the constant where it can, so that
// the value is that of the platform compiled for.
func (f *file) constant(name string, c *types.Const) string {
	basic, ok := c.Type().(*types.Basic)
	if !ok || basic.Info()&types.IsUntyped == 0 || basic.Kind() == types.UntypedBool {
		return name
	}
	if basic.Kind() == types.UntypedRune {
		return "rune(" + name + ")" // as an untyped integer it would become an int
	}
	lib := f.qualify(types.NewPackage("go/constant", "constant"))
	switch v := c.Val(); v.Kind() {
	case constant.String:
		return fmt.Sprintf("%s.MakeString(%s)", lib, name)
	case constant.Int:
		if _, exact := constant.Int64Val(v); exact {
			return fmt.Sprintf("%s.MakeInt64(int64(%s))", lib, name)
		}
		return f.literal(lib, v.ExactString(), "INT")
	case constant.Float:
		return f.literal(lib, exactFloat(v), "FLOAT")
	default:
		return name
	}
}

// literal writes a constant as a literal, which has no sign of its own.
func (f *file) literal(lib, text, kind string) string {
	token := f.qualify(types.NewPackage("go/token", "token"))
	if positive, ok := strings.CutPrefix(text, "-"); ok {
		return fmt.Sprintf("%s.UnaryOp(%s.SUB, %s, 0)", lib, token, f.literal(lib, positive, kind))
	}
	return fmt.Sprintf("%s.MakeFromLiteral(%q, %s.%s, 0)", lib, text, token, kind)
}

// exactFloat writes a floating-point constant without loss: in decimal where that is finite and short, else with a
// hexadecimal mantissa, and to 512 bits where neither is (as the compiler itself holds it).
func exactFloat(v constant.Value) string {
	switch x := constant.Val(v).(type) {
	case *big.Rat:
		if digits, exact := x.FloatPrec(); exact && digits <= 100 {
			return x.FloatString(digits)
		}
		return new(big.Float).SetPrec(512).SetRat(x).Text('p', 0)
	case *big.Float:
		return x.Text('p', 0)
	}
	return v.ExactString()
}
