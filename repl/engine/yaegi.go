package engine

import (
	"reflect"
	"unsafe"
)

// Functions of yaegi that this package calls.

// genValue returns how to get the value of a node's result from a frame.
//
//go:linkname genValue github.com/traefik/yaegi/interp.genValue
func genValue(n *node) func(*frame) reflect.Value

// convertLiteralValue gives a constant the type it is used as.
//
//go:linkname convertLiteralValue github.com/traefik/yaegi/interp.convertLiteralValue
func convertLiteralValue(n *node, t reflect.Type)

//go:linkname typeOf github.com/traefik/yaegi/interp.(*itype).TypeOf
func typeOf(t *itype) reflect.Type

//go:linkname isMapEntry github.com/traefik/yaegi/interp.isMapEntry
func isMapEntry(n *node) bool

//go:linkname childPos github.com/traefik/yaegi/interp.childPos
func childPos(n *node) int

// Generators of yaegi that are replaced. They are named here to be recognized.

//go:linkname yaegiAppend github.com/traefik/yaegi/interp._append
func yaegiAppend(*node)

//go:linkname yaegiAssign github.com/traefik/yaegi/interp.assign
func yaegiAssign(*node)

//go:linkname yaegiAssignFromCall github.com/traefik/yaegi/interp.assignFromCall
func yaegiAssignFromCall(*node)

//go:linkname yaegiBranch github.com/traefik/yaegi/interp.branch
func yaegiBranch(*node)

//go:linkname yaegiCall github.com/traefik/yaegi/interp.call
func yaegiCall(*node)

//go:linkname yaegiCallBin github.com/traefik/yaegi/interp.callBin
func yaegiCallBin(*node)

//go:linkname yaegiDeref github.com/traefik/yaegi/interp.deref
func yaegiDeref(*node)

//go:linkname yaegiGetFunc github.com/traefik/yaegi/interp.getFunc
func yaegiGetFunc(*node)

//go:linkname yaegiGetIndexArray github.com/traefik/yaegi/interp.getIndexArray
func yaegiGetIndexArray(*node)

//go:linkname yaegiGetIndexSeq github.com/traefik/yaegi/interp.getIndexSeq
func yaegiGetIndexSeq(*node)

//go:linkname yaegiGetFieldSeq github.com/traefik/yaegi/interp.getIndexSeqField
func yaegiGetFieldSeq(*node)

//go:linkname yaegiGetPtrIndexSeq github.com/traefik/yaegi/interp.getPtrIndexSeq
func yaegiGetPtrIndexSeq(*node)

//go:linkname yaegiGetIndexMap github.com/traefik/yaegi/interp.getIndexMap
func yaegiGetIndexMap(*node)

//go:linkname yaegiGetIndexMap2 github.com/traefik/yaegi/interp.getIndexMap2
func yaegiGetIndexMap2(*node)

//go:linkname yaegiRange github.com/traefik/yaegi/interp._range
func yaegiRange(*node)

//go:linkname yaegiReset github.com/traefik/yaegi/interp.reset
func yaegiReset(*node)

//go:linkname yaegiConvert github.com/traefik/yaegi/interp.convert
func yaegiConvert(*node)

//go:linkname yaegiMake github.com/traefik/yaegi/interp._make
func yaegiMake(*node)

//go:linkname yaegiShl github.com/traefik/yaegi/interp.shl
func yaegiShl(*node)

//go:linkname yaegiShlAssign github.com/traefik/yaegi/interp.shlAssign
func yaegiShlAssign(*node)

//go:linkname yaegiShr github.com/traefik/yaegi/interp.shr
func yaegiShr(*node)

//go:linkname yaegiShrAssign github.com/traefik/yaegi/interp.shrAssign
func yaegiShrAssign(*node)

//go:linkname yaegiNop github.com/traefik/yaegi/interp.nop
func yaegiNop(*node)

//go:linkname yaegiRangeChan github.com/traefik/yaegi/interp.rangeChan
func yaegiRangeChan(*node)

//go:linkname yaegiRecv github.com/traefik/yaegi/interp.recv
func yaegiRecv(*node)

//go:linkname yaegiRecv2 github.com/traefik/yaegi/interp.recv2
func yaegiRecv2(*node)

//go:linkname yaegiSelect github.com/traefik/yaegi/interp._select
func yaegiSelect(*node)

//go:linkname yaegiSend github.com/traefik/yaegi/interp.send
func yaegiSend(*node)

// entry is the address of a function's code, by which functions can be compared.
func entry[F any](f F) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }
