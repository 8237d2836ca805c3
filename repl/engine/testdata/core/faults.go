package core

import "kairos/repl/engine/testdata/k"

func index(s k.Ints, i int) int                { return s[i] }
func indexU(s k.Ints, i uint64) int            { return s[i] }
func index8(s k.Ints, i int8) int              { return s[i] }
func indexC(s k.Ints) int                      { return s[5] }
func indexA(a k.Arr, i int) int                { return a[i] }
func indexPA(a k.PArr, i int) int              { return (*a)[i] }
func indexS(s string, i int) byte              { return s[i] }
func indexKS(s k.Str, i k.I8) byte             { return s[i] }
func indexSet(s k.Ints, i int)                 { s[i] = 1 }
func indexAdd(s k.Ints, i int)                 { s[i] += 1 }
func indexInc(s k.Ints, i int)                 { s[i]++ }
func indexField(s k.Points, i int)             { s[i].X = 3 }
func indexAddr(s k.Points, i int) k.PInt       { return &s[i].X }
func slice1(s k.Ints, i int) k.Ints            { return s[i:] }
func slice2(s k.Ints, i int) k.Ints            { return s[:i] }
func slice3(s k.Ints, i, j int) k.Ints         { return s[i:j] }
func slice4(s k.Ints, i, j, l int) k.Ints      { return s[i:j:l] }
func slice5(s k.Ints, j, l int) k.Ints         { return s[:j:l] }
func sliceU(s k.Ints, i uint8) k.Ints          { return s[i:] }
func sliceS(s string, i, j int) string         { return s[i:j] }
func sliceS1(s string, i int) string           { return s[i:] }
func sliceS2(s string, i int) string           { return s[:i] }
func sliceA(a k.PArr, i, j int) k.IntSlice     { return (*a)[i:j] }
func sliceA3(a k.PArr, i, j, l int) k.IntSlice { return (*a)[i:j:l] }
func div(a, b int) int                         { return a / b }
func rem(a, b k.I8) k.I8                       { return a % b }
func divAssign(p k.PInt, b int)                { *p /= b }
func shl(a int, n int) int                     { return a << n }
func shr(a k.U8, n k.I8) k.U8                  { return a >> n }
func shlAssign(p k.PInt, n int)                { *p <<= n }
func set(m k.Map)                              { m["a"] = 1 }
func add(m k.Map)                              { m["a"] += 1 }
func field(p k.PPoint) int                     { return p.X }
func setField(p k.PPoint)                      { p.X = 1 }
func deepField(n k.PNode) int                  { return n.Left.Right.Val }
func derefP(p k.PPoint) k.Point                { return *p }
func derefI(p k.PInt) int                      { return *p + 1 }
func setDeref(p k.PInt)                        { *p = 1 }
func addrField(r k.PRec) k.PInt                { return &r.P.X }
func callNil(f k.Fn) int                       { return f(1) }
func methodNil(p k.PPoint) string              { return p.Show() }
func ifaceNil(s k.Shower) string               { return s.Show() }
func makeNeg(n int) k.Ints                     { return make(k.Ints, n) }
func makeCap(n, c int) k.Ints                  { return make(k.Ints, n, c) }
func makeChan(n int) k.Chan                    { return make(k.Chan, n) }
func toArr(s k.Ints) k.Arr                     { return k.Arr(s) }
func toPArr(s k.Ints) k.PArr                   { return k.PArr(s) }
func key(m k.MapAny, x k.Empty)                { m[x] = 1 }
func keyGet(m k.MapAny, x k.Empty) int         { return m[x] }
func keyDel(m k.MapAny, x k.Empty)             { delete(m, x) }
func same(x, y k.Empty) bool                   { return x == y }
func keyLit(x k.Empty) k.MapAny                { return k.MapAny{x: 1} }
func boxed(p k.PBool) bool                     { return *p && true }

func try(name string, f k.Func) { k.Try(name, f) }

func tryIndex(s k.Ints, i int) k.Func         { return func() { index(s, i) } }
func tryIndexU(s k.Ints, i uint64) k.Func     { return func() { indexU(s, i) } }
func tryIndex8(s k.Ints, i int8) k.Func       { return func() { index8(s, i) } }
func tryIndexC(s k.Ints) k.Func               { return func() { indexC(s) } }
func tryIndexA(a k.Arr, i int) k.Func         { return func() { indexA(a, i) } }
func tryIndexPA(a k.PArr, i int) k.Func       { return func() { indexPA(a, i) } }
func tryIndexS(s string, i int) k.Func        { return func() { indexS(s, i) } }
func tryIndexKS(s k.Str, i k.I8) k.Func       { return func() { indexKS(s, i) } }
func tryIndexSet(s k.Ints, i int) k.Func      { return func() { indexSet(s, i) } }
func tryIndexAdd(s k.Ints, i int) k.Func      { return func() { indexAdd(s, i) } }
func tryIndexInc(s k.Ints, i int) k.Func      { return func() { indexInc(s, i) } }
func tryIndexField(s k.Points, i int) k.Func  { return func() { indexField(s, i) } }
func tryIndexAddr(s k.Points, i int) k.Func   { return func() { indexAddr(s, i) } }
func trySlice1(s k.Ints, i int) k.Func        { return func() { slice1(s, i) } }
func trySlice2(s k.Ints, i int) k.Func        { return func() { slice2(s, i) } }
func trySlice3(s k.Ints, i, j int) k.Func     { return func() { slice3(s, i, j) } }
func trySlice4(s k.Ints, i, j, l int) k.Func  { return func() { slice4(s, i, j, l) } }
func trySlice5(s k.Ints, i, j int) k.Func     { return func() { slice5(s, i, j) } }
func trySliceU(s k.Ints, i uint8) k.Func      { return func() { sliceU(s, i) } }
func trySliceS(s string, i, j int) k.Func     { return func() { sliceS(s, i, j) } }
func trySliceS1(s string, i int) k.Func       { return func() { sliceS1(s, i) } }
func trySliceS2(s string, i int) k.Func       { return func() { sliceS2(s, i) } }
func trySliceA(a k.PArr, i, j int) k.Func     { return func() { sliceA(a, i, j) } }
func trySliceA3(a k.PArr, i, j, l int) k.Func { return func() { sliceA3(a, i, j, l) } }
func tryDiv(a, b int) k.Func                  { return func() { div(a, b) } }
func tryRem(a, b k.I8) k.Func                 { return func() { rem(a, b) } }
func tryDivAssign(p k.PInt, b int) k.Func     { return func() { divAssign(p, b) } }
func tryShl(a, b int) k.Func                  { return func() { shl(a, b) } }
func tryShr(a k.U8, b k.I8) k.Func            { return func() { shr(a, b) } }
func tryShlAssign(p k.PInt, b int) k.Func     { return func() { shlAssign(p, b) } }
func trySet(m k.Map) k.Func                   { return func() { set(m) } }
func tryAdd(m k.Map) k.Func                   { return func() { add(m) } }
func tryField(p k.PPoint) k.Func              { return func() { field(p) } }
func trySetField(p k.PPoint) k.Func           { return func() { setField(p) } }
func tryDeepField(p k.PNode) k.Func           { return func() { deepField(p) } }
func tryDerefP(p k.PPoint) k.Func             { return func() { derefP(p) } }
func tryDerefI(p k.PInt) k.Func               { return func() { derefI(p) } }
func trySetDeref(p k.PInt) k.Func             { return func() { setDeref(p) } }
func tryAddrField(r k.PRec) k.Func            { return func() { addrField(r) } }
func tryCallNil(f k.Fn) k.Func                { return func() { callNil(f) } }
func tryMethodNil(p k.PPoint) k.Func          { return func() { methodNil(p) } }
func tryIfaceNil(s k.Shower) k.Func           { return func() { ifaceNil(s) } }
func tryMakeNeg(n int) k.Func                 { return func() { makeNeg(n) } }
func tryMakeCap(n, c int) k.Func              { return func() { makeCap(n, c) } }
func tryMakeChan(n int) k.Func                { return func() { makeChan(n) } }
func tryToArr(s k.Ints) k.Func                { return func() { toArr(s) } }
func tryToPArr(s k.Ints) k.Func               { return func() { toPArr(s) } }
func tryKey(m k.MapAny, x k.Empty) k.Func     { return func() { key(m, x) } }
func tryKeyGet(m k.MapAny, x k.Empty) k.Func  { return func() { keyGet(m, x) } }
func tryKeyDel(m k.MapAny, x k.Empty) k.Func  { return func() { keyDel(m, x) } }
func tryKeyLit(x k.Empty) k.Func              { return func() { keyLit(x) } }
func trySame(x, y k.Empty) k.Func             { return func() { same(x, y) } }
func tryBoxed(p k.PBool) k.Func               { return func() { boxed(p) } }

func faults() {
	var s k.Ints
	var a k.Arr
	var pa k.PArr
	var x k.PInt
	s = make(k.Ints, 3, 5)
	pa = &k.Arr{1, 2, 3}
	try("index", tryIndex(s, 5))
	try("index neg", tryIndex(s, -1))
	try("index nil", tryIndex(nil, 0))
	try("indexU", tryIndexU(s, 1<<63+7))
	try("index8", tryIndex8(s, -128))
	try("indexC", tryIndexC(s))
	try("indexA", tryIndexA(a, 3))
	try("indexPA", tryIndexPA(pa, -3))
	try("indexPA nil", tryIndexPA(nil, 0))
	try("indexS", tryIndexS("abc", 3))
	try("indexKS", tryIndexKS("abc", -1))
	try("indexSet", tryIndexSet(s, 4))
	try("indexAdd", tryIndexAdd(s, 4))
	try("indexInc", tryIndexInc(s, -4))
	try("indexField", tryIndexField(nil, 1))
	try("indexAddr", tryIndexAddr(nil, 2))
	try("slice1", trySlice1(s, 4))
	try("slice1", trySlice1(s, -1))
	try("slice2", trySlice2(s, 6))
	try("slice2 ok", trySlice2(s, 5))
	try("slice2 neg", trySlice2(s, -6))
	try("slice3", trySlice3(s, 3, 2))
	try("slice3", trySlice3(s, 3, 9))
	try("slice3", trySlice3(s, -3, 2))
	try("slice4", trySlice4(s, 1, 2, 9))
	try("slice4", trySlice4(s, 1, 5, 4))
	try("slice4", trySlice4(s, 4, 3, 5))
	try("slice4", trySlice4(s, -4, 3, 5))
	try("slice5", trySlice5(s, 4, 3))
	try("slice5", trySlice5(s, 4, 7))
	try("sliceU", trySliceU(s, 200))
	try("sliceS", trySliceS("abc", 2, 9))
	try("sliceS", trySliceS("abc", 2, 1))
	try("sliceS1", trySliceS1("abc", 4))
	try("sliceS2", trySliceS2("abc", -4))
	try("sliceA", trySliceA(pa, 1, 4))
	try("sliceA", trySliceA(pa, 3, 2))
	try("sliceA3", trySliceA3(pa, 1, 2, 4))
	try("sliceA3", trySliceA3(pa, 1, 3, 2))
	try("sliceA3", trySliceA3(pa, 3, 2, 3))
	try("sliceA nil", trySliceA(nil, 1, 1))
	try("div", tryDiv(1, 0))
	try("rem", tryRem(1, 0))
	x = new(int)
	try("divAssign", tryDivAssign(x, 0))
	try("shl", tryShl(1, -1))
	try("shl ok", tryShl(1, 1))
	try("shr", tryShr(1, -5))
	try("shlAssign", tryShlAssign(x, -2))
	try("set", trySet(nil))
	try("add", tryAdd(nil))
	try("field", tryField(nil))
	try("setField", trySetField(nil))
	try("deepField", tryDeepField(nil))
	try("deepField", tryDeepField(&k.Node{}))
	try("deepField", tryDeepField(&k.Node{Left: &k.Node{}}))
	try("derefP", tryDerefP(nil))
	try("derefI", tryDerefI(nil))
	try("setDeref", trySetDeref(nil))
	try("addrField", tryAddrField(nil))
	try("callNil", tryCallNil(nil))
	try("methodNil", tryMethodNil(nil))
	try("ifaceNil", tryIfaceNil(nil))
	try("makeNeg", tryMakeNeg(-1))
	try("makeNeg", tryMakeNeg(1<<62))
	try("makeCap", tryMakeCap(3, 2))
	try("makeCap", tryMakeCap(0, -1))
	try("makeChan", tryMakeChan(-1))
	try("toArr", tryToArr(k.Ints{1, 2}))
	try("toPArr", tryToPArr(k.Ints{1, 2}))
	try("toPArr", tryToPArr(nil))
	try("toArr ok", tryToArr(k.Ints{1, 2, 3, 4}))
	try("key", tryKey(k.MapAny{}, k.Ints{}))
	try("keyGet", tryKeyGet(k.MapAny{1: 1}, k.Ints{}))
	try("keyGet", tryKeyGet(k.MapAny{}, k.Map{}))
	try("keyDel", tryKeyDel(k.MapAny{1: 1}, k.Ints{}))
	try("keyLit", tryKeyLit(k.Ints{}))
	try("same", trySame(k.Ints{}, k.Ints{}))
	try("same ok", trySame(k.Ints{}, 1))
	try("same", trySame(k.Node{}, k.Node{}))
	try("boxed", tryBoxed(nil))
	try("boxed", tryBoxed(new(bool)))
}

func init() { k.Case("faults", faults) }
