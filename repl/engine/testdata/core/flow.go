package core

import "kairos/repl/engine/testdata/k"

func say(s string, r bool) bool {
	k.Print(s)
	return r
}

func conditions() {
	var a, b, c bool
	var x, y int
	x = 3
	y = 4
	if x < y && y < 10 || x == 0 {
		k.Print("yes")
	}
	if !(x < y) || y > 100 {
		k.Print("no")
	} else if x == 3 && (y == 4 || y == 5) {
		k.Print("else if")
	} else {
		k.Print("else")
	}
	a = x < y && y < 10
	b = x > y || y == 4
	c = !a
	k.Print(a, b, c, a && b, a || c, !(a && c))
	a = say("1", true) && say("2", false) || say("3", true)
	b = say("4", false) && say("5", true)
	k.Print(a, b)
	if say("6", false) || say("7", false) || say("8", true) && say("9", true) {
		k.Print("in")
	}
	for i := 0; i < 10 && !(i == 3 || i > 5); i++ {
		k.Print(i)
	}
	if a {
		k.Print("a")
	}
	if !c {
		k.Print("!c")
	}
	if a == b {
		k.Print("eq")
	} else {
		k.Print("ne")
	}
	var r k.Rec
	if r.B {
		k.Print("r.B")
	} else {
		k.Print("!r.B")
	}
	r.B = true
	if r.B && !c {
		k.Print("r.B")
	}
	var bs k.Bools
	bs[1] = true
	if bs[1] {
		k.Print("bs")
	}
	var n k.Bool
	n = k.Bool(x < y)
	if n {
		k.Print(n, !n)
	}
	n = n && k.Bool(x > y)
	k.Print(n)
	a = (x) < 4 && b
	b = -(x) < 4 && (a || !b)
	k.Print(a, b)
	if (x) > 1 && (y) > 1 || (a) {
		k.Print("parentheses")
	}
}

func truth(x int) bool            { return x > 3 && x < 10 || x == 100 }
func not(b bool) bool             { return !b }
func both(a, b bool) (bool, bool) { return a && b, a || b }
func sign(x int) int {
	if x < 0 {
		return -1
	} else if x == 0 {
		return 0
	}
	return 1
}

func find(xs k.Ints, x int) (int, bool) {
	for i, y := range xs {
		if x == y {
			return i, true
		}
	}
	return -1, false
}

func returns() {
	var p, q bool
	k.Print(truth(5), truth(3), truth(100), not(true), not(truth(1)))
	p, q = both(true, false)
	k.Print(p, q, sign(-5), sign(0), sign(9))
	k.Print(find(k.Ints{5, 6, 7}, 6))
	k.Print(find(k.Ints{5, 6, 7}, 8))
}

func loops() {
	var i, j, n int
outer:
	for i = 0; i < 5; i++ {
		for j = 0; j < 5; j++ {
			if j == 3 {
				continue outer
			}
			if i == 3 {
				break outer
			}
			n += i*10 + j
		}
		n += 1000
	}
	k.Print(i, j, n)
	i = 0
	for {
		i++
		if i < 5 {
			continue
		}
		if i == 8 {
			break
		}
	}
	k.Print(i)
	for i < 12 {
		i++
	}
	k.Print(i)
	for i = 0; ; i++ {
		if i == 4 {
			break
		}
	}
	for ; i < 9; i++ {
		n++
	}
	for i < 11 {
		i++
	}
	k.Print(i, n)
rows:
	for r, row := range (k.Matrix{{1, 2}, {3, 4}, {5, 6}}) {
		for _, x := range row {
			if x == 3 {
				continue rows
			}
			if x == 6 {
				break rows
			}
			k.Print(r, x)
		}
	}
	for i = 0; i < 3; i++ {
		var fresh int
		var p k.Point
		k.Print(fresh, p)
		fresh = i + 1
		p.X = i + 1
		k.Print(fresh, p)
	}
	for i := 0; i < 2; i++ {
		for i := 0; i < 2; i++ {
			x := i
			x++
			k.Print(i, x)
		}
	}
	for i = 10; i > 0; i -= 3 {
	}
	k.Print(i)
	for true {
		i++
		if i > 5 {
			break
		}
	}
	k.Print(i)
}

func jumps() {
	var i int
again:
	i++
	if i < 4 {
		goto again
	}
	k.Print(i)
	if i == 4 {
		goto done
	}
	k.Print("skipped")
done:
	k.Print("done")
}

func shadows() {
	var x int
	x = 1
	{
		var x string
		x = "in"
		k.Print(x)
	}
	if x == 1 {
		var x float64
		x = 2.5
		k.Print(x)
	}
	k.Print(x)
}

func nils() {
	var s k.Ints
	var m k.Map
	var f k.Fn
	var p k.PPoint
	var a k.Empty
	var e k.Err
	var sh k.Shower
	var c k.Chan
	k.Print(s == nil, m == nil, f == nil, p == nil, a == nil, e == nil, sh == nil, c == nil)
	k.Print(s != nil, m != nil, f != nil, p != nil, a != nil, e != nil, sh != nil, c != nil)
	k.Print(nil == s, nil == m, nil == f, nil == p, nil == a, nil == e, nil != sh, nil != c)
	k.Print(len(s), cap(s), len(m), m["x"])
	for range s {
		k.Print("never")
	}
	for range m {
		k.Print("never")
	}
	s = k.Ints{}
	m = k.Map{}
	p = &k.Point{}
	a = 0
	e = k.Fail()
	sh = k.Point{}
	f = inc2
	k.Print(s == nil, m == nil, f == nil, p == nil, a == nil, e == nil, sh == nil)
	if s == nil || m == nil || f == nil || p == nil || a == nil || e == nil || sh == nil {
		k.Print("no")
	}
	if s != nil && m != nil && f != nil && p != nil && a != nil && e != nil && sh != nil {
		k.Print("yes")
	}
	s = nil
	m = nil
	f = nil
	p = nil
	a = nil
	e = nil
	sh = nil
	k.Print(s == nil, m == nil, f == nil, p == nil, a == nil, e == nil, sh == nil)
	k.Print(k.IsNil(nil), k.Len(nil), k.IsNil(a), k.IsNil(p), k.IsNil(e))
	a = p
	k.Print(a == nil)
	a = e
	k.Print(a == nil)
	var r k.Rec
	k.Print(r.S == nil, r.M == nil, r.F == nil, r.PP == nil, r.Any == nil, r.Sh == nil)
	r = k.Rec{S: nil, PP: nil, Any: nil, F: nil, Sh: nil}
	k.Print(r.S == nil, r.PP != nil)
	r.Sh = k.Point{1, 2}
	r.Any = 5
	k.Print(r.Sh != nil, r.Any != nil, r.Sh.Show())
	r.Sh = nil
	r.Any = nil
	r.S = nil
	k.Print(r.Sh == nil, r.Any == nil)
	k.Print(retNil() == nil, retErr() == nil)
}

func inc2(x int) int   { return x + 2 }
func retNil() k.PPoint { return nil }
func retErr() k.Err    { return nil }
func takeNil(p k.PPoint, s k.Ints, a k.Empty, e k.Err) bool {
	return p == nil && s == nil && a == nil && e == nil
}
func passNil() { k.Print(takeNil(nil, nil, nil, nil), takeNil(nil, nil, nil, k.Fail())) }

func equality() {
	var p, q k.Point
	var a, b k.Arr
	var x, y k.PPoint
	p.X = 1
	k.Print(p == q, p != q, a == b, x == y)
	q.X = 1
	a[2] = 3
	x = &p
	y = &p
	k.Print(p == q, p != q, a == b, a != b, x == y, x != y)
	if p == q && a != b {
		k.Print("ok")
	}
	var c, d k.C64
	k.Print(c == d)
	var r k.PRec
	r = new(k.Rec)
	k.Print(r.P == p, r.PP == x, r.P == k.Point{})
}

func init() {
	k.Case("conditions", conditions)
	k.Case("returns", returns)
	k.Case("loops", loops)
	k.Case("jumps", jumps)
	k.Case("shadows", shadows)
	k.Case("nils", nils)
	k.Case("passNil", passNil)
	k.Case("equality", equality)
}
