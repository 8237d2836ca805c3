package shell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"regexp"
	"unicode/utf8"
)

var (
	path    = regexp.MustCompile(`^[\pL_][\pL\d_]*(\.[\pL_][\pL\d_]*)*$`)
	pattern = regexp.MustCompile(`^[\pL\d_.*?]+$`)
	leading = regexp.MustCompile(`^[(!\s]*([\pL_][\pL\d_]*)`)
)

// isPath tells whether a text is a name, or names with dots between.
func isPath(text string) bool { return path.MatchString(text) }

func isPattern(text string) bool { return pattern.MatchString(text) }

// firstName is the name that an expression begins with.
func firstName(text string) string {
	if m := leading.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// isExpression tells whether a text reads as a Go expression.
func isExpression(text string) bool {
	e, err := parser.ParseExpr(text)
	_, bad := e.(*ast.BadExpr)
	return err == nil && !bad
}

// plural counts things.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprint(n, " ", thing)
}

// partial is how many bytes at the end are the beginning of a character.
func partial(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if utf8.FullRune(text[len(text)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}
