package core

import "kairos/repl/engine/testdata/k"

func divmod(a, b int) (int, int)  { return a / b, a % b }
func sum3(a, b, c int) int        { return a + b + c }
func twice(f k.Fn, x int) int     { return f(f(x)) }
func addOne(x int) int            { return x + 1 }
func pair() (int, string)         { return 1, "one" }
func take(n int, s string) string { return k.Three(n, s) }
func label(a int) (int, string)   { return a, "z" }
func swap(a, b int) (int, int)    { return b, a }
func nothing()                    {}
func adder(by int) k.Fn           { return func(x int) int { return x + by } }
func counter(n k.PInt) k.Fn       { return func(x int) int { *n = *n + x; return *n } }
func greet(s string) k.Greet      { return func() string { return "hi " + s } }
func point(x int) k.Point         { return k.Point{X: x, Y: x * 2} }
func apoint(x int) k.PPoint       { return &k.Point{X: x, Y: x * 2} }
func anyOf(x int) k.Empty         { return x }
func errOf(fail bool) k.Err {
	if fail {
		return k.Fail()
	}
	return nil
}

func fact(n int) int {
	var below int
	if n <= 1 {
		return 1
	}
	below = fact(n - 1)
	return n * below
}

func ack(m, n int) int {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ack(m-1, 1)
	}
	return ack(m-1, ack(m, n-1))
}

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

func calls() {
	var a, b int
	var s string
	a, b = divmod(17, 5)
	k.Print(a, b)
	a, b = swap(a, b)
	k.Print(a, b)
	k.Print(sum3(addOne(1), addOne(addOne(2)), fact(4)))
	k.Print(divmod(9, 4))
	k.Print(take(pair()))
	k.Print(k.Three(k.Two()))
	k.Print(k.Three(pair()))
	k.Print(take(k.Two()))
	a, s = pair()
	k.Print(a, s)
	a, s = k.Two()
	k.Print(a, s)
	_, s = pair()
	_, b = divmod(20, 6)
	k.Print(s, b)
	a, s = label(5)
	k.Print(a, s)
	a, s = label(6)
	k.Print(a, s)
	a, s = label(7)
	k.Print(a, s)
	a = 10
	a, s = label(a)
	k.Print(a, s)
	k.Print(fact(10), ack(2, 3), even(10), odd(7))
	a = addOne(a)
	a = addOne(a) + addOne(a)*addOne(a+1)
	k.Print(a)
	if even(4) && !odd(4) {
		k.Print("even")
	}
	if odd(3) {
		k.Print("odd")
	}
	for even(a) {
		a++
	}
	k.Print(a)
	nothing()
}

func functions() {
	var f, g k.Fn
	var n k.PInt
	var r k.Rec
	var fs k.Fns
	var m k.MapFn
	f = addOne
	k.Print(f(1), twice(f, 1), twice(addOne, 5), k.Apply(addOne, 7), k.Apply(f, 8))
	g = adder(10)
	k.Print(g(1), adder(5)(2), twice(adder(3), 1), k.Apply(adder(4), 1))
	n = new(int)
	f = counter(n)
	g = counter(n)
	k.Print(f(1), g(10), f(2), *n)
	r.F = adder(7)
	k.Print(r.F(3))
	r.F = addOne
	k.Print(r.F(3))
	fs = k.Fns{addOne, adder(2)}
	k.Print(fs[0](1), fs[1](1))
	fs = append(fs, adder(3), f)
	fs[0] = g
	k.Print(fs[2](1), fs[3](1), fs[0](1), len(fs))
	m = k.MapFn{"a": greet("x")}
	m["b"] = greet("y")
	k.Print(m["a"](), m["b"]())
	for _, h := range fs {
		k.Print(h(1))
	}
	k.Print(f == nil, f != nil, m["zz"] == nil)
	f = nil
	k.Print(f == nil)
	f = k.GetFn()
	k.Print(f(2))
	f = addOne
	k.Print(f(2))
	k.Print(k.GetFn()(3))
	var h k.Fn
	h = f
	k.Print(h(4))
	r = k.Rec{F: addOne, Name: "lit"}
	k.Print(r.F(1))
	r = k.Rec{F: adder(9)}
	k.Print(r.F(1))
	var pr k.PRec
	pr = &k.Rec{F: addOne}
	k.Print(pr.F(20))
	pr.F = adder(100)
	k.Print(pr.F(20))
}

func results() {
	var p k.Point
	var pp k.PPoint
	var x k.Empty
	var err k.Err
	p = point(3)
	pp = apoint(4)
	x = anyOf(5)
	k.Print(p, *pp, x, point(6).Y, apoint(7).Y)
	err = errOf(true)
	k.Print(err != nil)
	err = errOf(false)
	k.Print(err == nil, err)
	err = k.Fail()
	k.Print(err == nil)
	x = p
	k.Print(x, x == nil)
	x = nil
	k.Print(x == nil)
	x = 3
	k.Print(x)
	x = "s"
	k.Print(x)
	x = pp.X
	k.Print(x)
}

func variadic() {
	var xs k.Ints
	var args k.AnySlice
	xs = k.Ints{1, 2, 3}
	k.Print(k.Sum(), k.Sum(1), k.Sum(1, 2), k.Sum(xs...), k.Sum(xs[1:]...))
	args = k.AnySlice{1, "b", k.Point{1, 2}}
	k.Print(args...)
	k.Print(k.Format("%v %v %v", args...), k.Format("x"), k.Format("%d-%s", 1, "a"))
	k.Print()
	args = nil
	k.Print(args...)
}

func methods() {
	var p k.Point
	var pp k.PPoint
	var s k.Shower
	p = k.Point{1, 2}
	k.Print(p.Show(), p.Add(k.Point{1, 1}), p.Var(1, 2, 3))
	p.Move(5)
	k.Print(p)
	pp = &p
	pp.Move(1)
	k.Print(pp.Show(), pp.X, p.X)
	s = p
	k.Print(s.Show(), s)
	s = pp
	k.Print(s.Show())
	k.Print(s == nil, s != nil)
	s = nil
	k.Print(s == nil)
}

func init() {
	k.Case("calls", calls)
	k.Case("functions", functions)
	k.Case("results", results)
	k.Case("variadic", variadic)
	k.Case("methods", methods)
}
