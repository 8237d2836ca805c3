package core

import "kairos/repl/engine/testdata/k"

func mutate(p k.Point, a k.Arr) (k.Point, k.Arr) {
	p.X = 100
	a[0] = 100
	return p, a
}

func structCopies() {
	var p, q k.Point
	p = k.Point{X: 1, Y: 2}
	q = p
	q.X = 50
	k.Print(p, q)
	var a, b k.Arr
	a = k.Arr{1, 2, 3}
	b = a
	b[1] = 99
	k.Print(a, b)
	var c k.Point
	var d k.Arr
	c, d = mutate(p, a)
	k.Print(p, a, c, d)
}

func elements() {
	var ps k.Pair
	var r k.Rec
	var x k.Point
	ps[0] = k.Point{1, 1}
	x = ps[0]
	x.X = 7
	k.Print(ps, x)
	ps[1] = ps[0]
	ps[0].X = 3
	k.Print(ps)
	r.Ps[1].Y = 5
	x = r.Ps[1]
	r.Ps[1].Y = 6
	k.Print(x, r.Ps)
	r.Inner.A = 3
	r.Arr[2] = 9
	k.Print(r.Inner, r.Arr)
}

func maps() {
	var m k.MapStr
	var p k.Point
	m = make(k.MapStr)
	p = k.Point{1, 2}
	m["a"] = p
	p.X = 100
	k.Print(m["a"], m["none"])
	p = m["a"]
	p.Y = 77
	k.Print(m["a"], p)
	var mp k.MapPoint
	mp = k.MapPoint{k.Point{1, 2}: "one", k.Point{3, 4}: "three"}
	k.Print(mp[k.Point{1, 2}], mp[k.Point{3, 4}], mp[p])
	var keyed k.Keyed
	var arr k.Arr
	keyed = make(k.Keyed)
	arr[0] = 1
	keyed[arr] = 5
	arr[0] = 2
	k.Print(keyed, len(keyed))
	var v int
	var ok bool
	var mm k.Map
	mm = k.Map{"x": 1}
	v, ok = mm["x"]
	k.Print(v, ok)
	v, ok = mm["y"]
	k.Print(v, ok)
	_, ok = mm["x"]
	k.Print(ok)
	delete(mm, "x")
	k.Print(len(mm), mm)
}

func ranges() {
	var arr k.Arr
	var i, n int
	arr = k.Arr{1, 2, 3}
	for i, x := range arr {
		arr[2] = 10
		n += x
		k.Print(i, x)
	}
	k.Print(arr, n)
	var ps k.Points
	ps = k.Points{{1, 2}, {3, 4}}
	for _, p := range ps {
		p.X = 1000
	}
	k.Print(ps)
	for i := range ps {
		ps[i].X = 5
	}
	k.Print(ps, i)
	var m k.Map
	m = k.Map{"a": 1}
	for key, v := range m {
		k.Print(key, v)
	}
	for key := range m {
		k.Print(key)
	}
	for i, r := range "aé€b" {
		k.Print(i, r)
	}
	for i := range "aé€b" {
		k.Print(i)
	}
	var s string
	s = "x\xffy"
	for i, r := range s {
		k.Print(i, r)
	}
	for range arr {
		n++
	}
	k.Print(n)
	var sl k.Ints
	sl = k.Ints{1, 2, 3}
	for i, x := range sl {
		if i == 0 {
			sl = append(sl, 4)
			sl[1] = 20
		}
		k.Print(x)
	}
	k.Print(sl)
	var pa k.PArr
	pa = &k.Arr{4, 5, 6}
	for i, x := range (*pa)[:] {
		(*pa)[2] = 60
		k.Print(i, x)
	}
}

func channels() {
	var c k.Chan
	var p k.Point
	c = k.MakeChan(3)
	p = k.Point{1, 2}
	k.Send(c, p)
	p.X = 9
	k.Send(c, p)
	k.Print(k.Recv(c), k.Recv(c), len(c), cap(c))
}

func pointers() {
	var r k.PRec
	var p k.PPoint
	var x k.PInt
	r = &k.Rec{Name: "n", P: k.Point{1, 2}}
	p = &r.P
	p.X = 10
	x = &r.Arr[1]
	*x = 5
	*x += 2
	(*p).Y++
	k.Print(r.P, r.Arr, *x, *p)
	r.PP = p
	r.PP.X = 11
	k.Print(r.P.X, r.PP == p, r.PP == &r.P)
	var q k.Point
	q = *p
	q.X = 0
	*p = k.Point{7, 8}
	k.Print(r.P, q)
	var s k.Ints
	s = k.Ints{1, 2, 3}
	x = &s[1]
	*x = 20
	k.Print(s)
	var pp k.PPPoint
	pp = &r.PP
	(**pp).X = 3
	(*pp).Y = 4
	k.Print(r.P)
	*pp = nil
	k.Print(r.PP == nil)
	x = new(int)
	*x = 3
	*x++
	*x <<= 2
	k.Print(*x, k.Bump(x), *x)
	var n k.PNode
	n = &k.Node{Val: 1, Left: &k.Node{Val: 2, Tags: k.StrSlice{"a"}}}
	n.Left.Right = &k.Node{Val: 3}
	n.Left.Right.Tags = append(n.Left.Right.Tags, "t", "u")
	n.Left.Tags[0] += "b"
	k.Print(n.Left.Right.Tags, n.Left.Tags, n.Right == nil)
	*k.PGlobal += 5
	k.Print(*k.PGlobal)
	*k.PGlobal -= 5
}

func init() {
	k.Case("structCopies", structCopies)
	k.Case("elements", elements)
	k.Case("maps", maps)
	k.Case("ranges", ranges)
	k.Case("channels", channels)
	k.Case("pointers", pointers)
}
