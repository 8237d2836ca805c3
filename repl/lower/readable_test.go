package lower

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unsafe"
)

// entries is a pool of which nothing is executed.
type entries map[string]reflect.Value

func (e entries) use(name string, v reflect.Value) { e[name] = v }

// readable prints core for people, without what depends on more than the construct at hand: names that lowering made
// are numbered anew, and the pool's entries say what they are:
//
//	‹[]int›              a type
//	‹uint8 3›            a constant
//	‹fmt.Println›        a compiled function, and ‹&os.Args› the address of a compiled variable
//	‹&x·1›               the address of the program's variable x
//	‹rt.Equal›           a function of package rt
//	‹Send(chan int, int)›  a function made for some types
//	‹&value›             the address of the value of a cell
//	‹start›, ‹bind› …    what hands functions out
//
// Of a partial program only the declarations are printed, not what starts it.
func readable(l *Lowering, shown entries, file *ast.File, partial bool) string {
	list := file.Decls
	if partial {
		list = slices.DeleteFunc(slices.Clone(list), startsProgram)
	}
	return poolEntry.ReplaceAllStringFunc(printed(list), func(ref string) string {
		return "‹" + l.describe(shown, strings.TrimPrefix(ref, poolName+".")) + "›"
	})
}

func printed(list []ast.Decl) string {
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteString("\n")
		}
		if err := format.Node(&b, token.NewFileSet(), d); err != nil {
			panic(err)
		}
		b.WriteString("\n")
	}
	return b.String()
}

var poolEntry = regexp.MustCompile(poolName + `\.[\w·]+`)

// startsProgram reports whether a function is there for programs, not for a construct.
func startsProgram(d ast.Decl) bool {
	name := d.(*ast.FuncDecl).Name.Name
	return name == "init" || hintOf(name) == "main" || hintOf(name) == "·start"
}

// describe says what an entry of the pool is.
func (l *Lowering) describe(shown entries, entry string) string {
	if kind, _, once := strings.Cut(entry, "·"); once {
		return map[string]string{"B": "bind", "E": "start", "P": "&value", "R": "replace"}[kind]
	}
	v := shown[entry]
	switch entry[0] {
	case 'T':
		return shortType(v.Type().Elem())
	case 'C':
		return fmt.Sprintf("%s %#v", shortType(v.Type()), v)
	}
	key := l.keyOf(entry)[1:]
	switch entry[0] {
	case 'R':
		return "rt." + key
	case 'H':
		kind, of, _ := strings.Cut(key, " ")
		if kind == "Is" {
			return "Is " + typeWithID(of)
		}
		return kind + strings.TrimPrefix(shortType(v.Type()), "func")
	case 'S':
		return key
	}
	for obj, p := range l.globals {
		if p.UnsafePointer() == v.UnsafePointer() {
			return "&" + obj.Name() + "·" + entry[1:]
		}
	}
	return "&" + key
}

// keyOf is what the pool knows an entry by.
func (l *Lowering) keyOf(entry string) string {
	for key, name := range l.pool.entries {
		if name == entry && !strings.HasPrefix(key, "·") {
			return key
		}
	}
	panic("nothing is known as " + entry)
}

func shortType(t reflect.Type) string {
	return strings.NewReplacer("interface {}", "any", "interface { ", "interface{ ", "main.", "").Replace(t.String())
}

var madeName = regexp.MustCompile(`·?[\pL\pN_]*·\d+`)

// hintOf is what a name that lowering made says before its number.
func hintOf(name string) string { return name[:max(0, strings.LastIndex(name, "·"))] }

// renumber numbers the names that lowering made in the order of their appearance, each hint on its own.
func renumber(text string) string {
	names, counts := map[string]string{}, map[string]int{}
	return madeName.ReplaceAllStringFunc(text, func(name string) string {
		hint := hintOf(name)
		if names[name] == "" {
			counts[hint]++
			names[name] = fmt.Sprintf("%s·%d", hint, counts[hint])
		}
		return names[name]
	})
}

// typeWithID returns the text of the type that typeID gave the number in the first word of text.
func typeWithID(text string) string {
	var id uintptr
	fmt.Sscan(text, &id)
	t := reflect.TypeFor[int]() // an interface: the words of what implements it and of what it holds
	(*[2]uintptr)(unsafe.Pointer(&t))[1] = id
	return shortType(t)
}
