package core

import "kairos/repl/engine/testdata/k"

func literals() {
	var r k.Rec
	var p k.PRec
	var n int
	n = 4
	r = k.Rec{Name: "a", P: k.Point{X: 1, Y: n}, Arr: k.Arr{1, 2, n}, S: k.Ints{1, n}, M: k.Map{"a": n, "b": 2}, B: true, N8: 5, F32: 1.5, Any: n, PP: &k.Point{X: n}}
	k.Print(r.Name, r.P, r.Arr, r.S, r.M, r.B, r.N8, r.F32, r.Any, *r.PP)
	p = &k.Rec{Name: "b", Ps: k.Pair{k.Point{1, 2}, k.Point{3, n}}}
	k.Print(p.Name, p.Ps, *p.PPf())
	k.Print(k.Ints{}, k.Ints{1, 2, 3}, k.Ints{2: 5, 6, 0: n}, k.IntArr{1: 7}, k.Arr{}, k.Strs{"a", "b"})
	k.Print(k.Matrix{k.IntSlice{1}, k.IntSlice{2, n}}, k.Matrix{{1}, {2, n}})
	k.Print(k.Map{}, k.Map{"x": 1, "y": n}, k.MapStr{"p": k.Point{1, 2}, "q": k.Point{X: n}}, k.MapSlice{"s": k.IntSlice{1, 2}})
	k.Print(k.Points{k.Point{1, 2}, k.Point{Y: n}}, k.Points{{1, 2}, {Y: n}}, k.Arrs{k.Arr{1}, k.Arr{0, n}})
	k.Print(k.AnySlice{1, "a", n, k.Point{1, 2}, nil, 1.5}, k.Keyed{k.Arr{1, 2, 3}: 4})
	k.Print(k.Point{}, k.Point{3, n}, k.Node{Val: 1, Tags: k.StrSlice{"z"}}.Tags)
	k.Print(k.I8(3), k.MapPoint{k.Point{1, n}: "x"}, k.RuneSlice{'a', 'é', 98}, k.ByteSlice{1, 'b', 255})
	var m k.MapMap
	m = k.MapMap{"a": k.Map{"x": 1}}
	m["b"] = k.Map{}
	m["b"]["y"] = 2
	m["a"]["x"]++
	k.Print(m)
	var ps k.PtrPoints
	ps = k.PtrPoints{&k.Point{1, 2}, &k.Point{Y: n}, nil}
	ps[0].X += 5
	k.Print(*ps[0], *ps[1], ps[2] == nil, len(ps))
	var t k.Tree
	t = k.Tree{"r": k.Rec{Name: "in", P: k.Point{1, 1}}}
	k.Print(t["r"].Name, t["r"].P.X, t["none"].Name)
	var inner k.Outer
	inner = k.Outer{In: k.In{A: 1, B: k.IntSlice{n}}, C: 2}
	inner.In.A += 5
	inner.In.B[0]++
	k.Print(inner, inner.In.A)
	var lower k.Lower
	lower = k.Lower{A_: 1}
	lower.A_++
	k.Print(lower.A_)
}

func builtins() {
	var s, t k.Ints
	var b k.Bytes
	var m k.Map
	var p k.PPoint
	var n int
	var str string
	s = make(k.Ints, 3)
	t = make(k.Ints, 2, 10)
	m = make(k.Map)
	k.Print(s, len(s), cap(s), t, len(t), cap(t), m)
	s = append(s, 1)
	s = append(s, 2, 3)
	t = append(t, s...)
	t = append(t)
	k.Print(s, len(s), t, len(t), cap(t))
	n = copy(t, s)
	k.Print(n, t)
	n = copy(t[5:], s)
	k.Print(n, t)
	copy(s, k.Ints{9})
	k.Print(s)
	b = append(b, "abc"...)
	b = append(b, 'd')
	str = "xyz"
	b = append(b, str...)
	n = copy(b, "QQ")
	k.Print(n, b, string(b))
	m["a"] = 1
	m["b"] = 2
	delete(m, "a")
	delete(m, "zz")
	k.Print(m, len(m))
	p = new(k.Point)
	p.X = 4
	k.Print(*p, *new(int), *new(k.Arr), len(k.Arr{}), cap(k.IntArr{}))
	k.Print(len("héllo"), len(str), len(s[1:3]), cap(s[:2:3]))
	var ps k.Points
	var q k.Point
	q = k.Point{1, 2}
	ps = append(ps, q)
	q.X = 50
	ps = append(ps, q, k.Point{7, 8})
	ps[0].X++
	k.Print(ps, q)
	var pa k.PArr
	pa = &k.Arr{1, 2, 3}
	k.Print(len(pa), len(*pa), (*pa)[1], (*pa)[1:])
	var as k.AnySlice
	as = append(as, 1, "x", q, nil)
	as = append(as, n)
	k.Print(as)
	var fs k.Fns
	fs = append(fs, inc3)
	fs = append(fs, inc3, nil)
	k.Print(len(fs), fs[0](1), fs[2] == nil)
	var c k.Chan
	c = make(k.Chan, 2)
	k.Print(len(c), cap(c))
	var mat k.Matrix
	mat = make(k.Matrix, 2)
	mat[0] = append(mat[0], 1)
	mat = append(mat, k.Ints{3, 4})
	k.Print(mat)
}

func inc3(x int) int { return x + 3 }

func slicing() {
	var s, t k.Ints
	var a k.PArr
	var str string
	var ks k.Str
	var i, j int
	i = 1
	j = 3
	s = k.Ints{0, 1, 2, 3, 4}
	t = s[i:j]
	t[0] = 100
	k.Print(s, t, s[:2], s[3:], s[:], s[i:j:4], cap(s[i:j:4]), cap(s[:j:j]), s[i], s[j+1])
	a = &k.Arr{1, 2, 3}
	k.Print((*a)[:], (*a)[1:], (*a)[:2], (*a)[i])
	t = k.Ints((*a)[:])
	t[0] = 55
	k.Print(*a)
	str = "hello"
	ks = "world"
	k.Print(str[i], str[i:j], str[:2], str[3:], str[:], ks[i], ks[i:j], str+str[1:2], "lit"[1], "lit"[1:])
	var b byte
	b = str[0]
	b++
	k.Print(b, str[0] == 'h', str[i] < ks[0], str[i]-'a')
	str = str + "x"
	str += "y"
	k.Print(str, str == "helloxy", str < "i")
	var r rune
	r = 'é'
	r++
	k.Print(r, string(r))
}

func anys() {
	var a, b k.Empty
	var s k.Shower
	var m k.AnyMap
	var as k.AnySlice
	a = k.Point{1, 2}
	b = a
	k.Print(a, b)
	a = k.I8(3)
	k.Print(a)
	a = k.Ints{1}
	k.Print(a)
	a = inc4(1)
	k.Print(a)
	s = k.Point{1, 2}
	a = s
	k.Print(a)
	m = k.AnyMap{"a": 1, "b": "x", "c": k.Point{1, 2}, "d": nil}
	m["e"] = k.F32(1.5)
	m["f"] = a
	k.Print(m["a"], m["b"], m["c"], m["d"], m["e"], m["f"], len(m))
	as = k.AnySlice{a, 1, nil}
	as[1] = "one"
	as[0] = k.U8(7)
	k.Print(as...)
	k.Print(k.ToAny(k.Point{1, 2}), ident(3), ident(k.Point{4, 5}), ident(nil))
	var e k.Err
	e = k.Fail()
	a = e
	k.Print(e.Error(), a == nil)
	var r k.Rec
	r.Any = r.P
	k.Print(r.Any)
	r.Any = k.I8(4)
	k.Print(r.Any)
}

func inc4(x int) int          { return x + 4 }
func ident(a k.Empty) k.Empty { return a }

func init() {
	k.Case("literals", literals)
	k.Case("builtins", builtins)
	k.Case("slicing", slicing)
	k.Case("anys", anys)
}
