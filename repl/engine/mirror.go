//lint:file-ignore U1000 the types have fields because yaegi has them

package engine

import (
	"go/token"
	"reflect"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// The types in this file have the layout of yaegi's unexported ones, so that its graph of nodes can be read and changed.
// checkLayout compares them, field by field, with what reflection says of the yaegi that is linked.

// bltn executes a node in a frame and returns that of the node to execute next.
type bltn func(*frame) bltn

// node is a node of yaegi's syntax tree, which at once is one of its control flow graph.
type node struct {
	debug      unsafe.Pointer
	child      []*node
	anc        *node
	param      []*itype
	start      *node
	tnext      *node
	fnext      *node
	interp     unsafe.Pointer
	index      int64
	findex     int
	level      int
	nleft      int
	nright     int
	kind       nkind
	pos        token.Pos
	sym        *symbol
	typ        *itype
	recv       unsafe.Pointer
	types      []reflect.Type
	scope      *scope
	action     action
	exec       bltn
	gen        func(*node)
	val        any
	rval       reflect.Value
	ident      string
	redeclared bool
	meta       any
}

// frame holds the values of a running function.
type frame struct {
	id        uint64
	debug     unsafe.Pointer
	root      *frame
	anc       *frame
	data      []reflect.Value
	mutex     sync.RWMutex
	deferred  [][]reflect.Value
	recovered any
	done      reflect.SelectCase
}

type symbol struct {
	kind    uint
	typ     *itype
	node    *node
	from    []*node
	recv    unsafe.Pointer
	index   int
	rval    reflect.Value
	builtin func(*node)
	global  bool
}

type scope struct {
	anc         *scope
	child       []*scope
	def         *node
	loop        *node
	loopRestart *node
	pkgID       string
	pkgName     string
	types       []reflect.Type
	level       int
	sym         map[string]*symbol
	global      bool
	iota        int
}

type itype struct {
	cat          tcat
	field        []structField
	key          *itype
	val          *itype
	recv         *itype
	arg          []*itype
	ret          []*itype
	ptr          *itype
	method       []*node
	constraint   []*itype
	ulconstraint []*itype
	instance     []*itype
	name         string
	path         string
	length       int
	rtype        reflect.Type
	node         *node
	scope        *scope
	str          string
	incomplete   bool
	untyped      bool
	isBinMethod  bool
}

type structField struct {
	name  string
	tag   string
	embed bool
	typ   *itype
}

type program struct {
	pkgName string
	root    *node
	init    []*node
}

// Enumerations of yaegi, of which only the values used here are named. checkLayout asks yaegi for the names.
type (
	nkind  uint
	action uint
	tcat   uint
)

const (
	assignStmt nkind = 3
	basicLit   nkind = 5
	blockStmt  nkind = 7
	callExpr   nkind = 10
	deferStmt  nkind = 22
	funcDecl   nkind = 40
	funcLit    nkind = 41
	goStmt     nkind = 43
	identExpr  nkind = 45
	incDecStmt nkind = 52
	indexExpr  nkind = 53
)

const (
	aAssign    action = 2
	aAssignX   action = 3
	aCall      action = 12
	aCallSlice action = 13
	aGetMethod action = 23
	aReturn    action = 45
	aSlice     action = 51
	aSlice0    action = 52
)

const nilT tcat = 0

// enumerations are the names of the values above, by the names of the fields that hold them.
var enumerations = map[string]map[uint]string{
	"kind": {
		uint(assignStmt): "assignStmt", uint(basicLit): "basicLit", uint(blockStmt): "blockStmt", uint(callExpr): "callExpr",
		uint(deferStmt): "deferStmt", uint(funcDecl): "funcDecl", uint(funcLit): "funcLit", uint(goStmt): "goStmt",
		uint(identExpr): "identExpr", uint(incDecStmt): "incDecStmt", uint(indexExpr): "indexExpr",
	},
	"action": {
		uint(aAssign): "=", uint(aAssignX): "X=", uint(aCall): "call", uint(aCallSlice): "callSlice",
		uint(aGetMethod): "getMethod", uint(aReturn): "return", uint(aSlice): "slice", uint(aSlice0): "slice0",
	},
	"cat": {uint(nilT): "nilT"},
}

// isNode takes a node out of a val.
func isNode(val any) (*node, bool) {
	if v := reflect.ValueOf(val); v.IsValid() && v.Type() == nodeType {
		return (*node)(v.UnsafePointer()), true
	}
	return nil, false
}

var nodeType = fieldOf[interp.Program]("root").Type
