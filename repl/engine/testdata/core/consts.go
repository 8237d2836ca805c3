package core

import "kairos/repl/engine/testdata/k"

func consts() {
	var a k.I8
	var b k.U8
	var i int
	var u uint64
	var f float32
	var g k.F64
	var s k.Str
	var x k.Empty
	var c k.C64
	var r rune
	var xs k.Ints
	a = k.C8
	k.Print(a, a+k.C8, k.C8*a, k.C8/2, k.C8%3, -k.C8, ^k.C8, a == k.C8, k.C8 < a, k.C8+k.C8)
	b = k.CU8
	b += k.CU8
	k.Print(b, b+k.CU8, k.CU8>>1, b&k.CU8)
	i = k.CInt
	k.Print(i, i+k.CNeg, k.CNeg/k.CInt, k.CNeg%k.CInt, i<<k.CInt, k.CInt<<i, k.CInt*k.CNeg, k.CInt > k.CNeg)
	u = k.CBig
	k.Print(u, u+k.CBig, k.CBig/3, k.CBig>>60, k.CBig)
	f = k.CF32
	k.Print(f, f*k.CF32, k.CF32*3, f == k.CF32, k.CF32)
	g = k.CF64
	k.Print(g, g/k.CF64, -k.CF64, k.CF64+k.CF64, k.CF64)
	s = k.CStr
	k.Print(s, s+k.CStr, k.CStr+"x", len(k.CStr), k.CStr[1], k.CStr[1:3], s == k.CStr, k.CText+k.CText, k.CText)
	x = k.C8
	k.Print(x, k.CTrue, !k.CTrue, k.CTrue && a == 0, k.CRune)
	x = k.CBig
	k.Print(x)
	if k.CTrue {
		k.Print("true")
	}
	if !k.CTrue || i == k.CInt {
		k.Print("or")
	}
	for k.CTrue {
		i++
		if i > 10 {
			break
		}
	}
	c = k.CC64
	c = c * k.CC64
	r = k.CRune
	r += k.CRune
	k.Print(i, c, k.CC64, r)
	xs = k.Ints{k.CInt, k.CNeg, 5: k.CInt}
	xs[k.CInt] = k.CNeg
	xs[k.CInt] += k.CInt
	k.Print(xs, xs[k.CInt], xs[k.CInt:], xs[:k.CInt], len(xs))
	k.Print(k.Map{k.CText: k.CInt}, k.Point{X: k.CInt, Y: k.CNeg}, k.AnySlice{k.C8, k.CText}, k.Sum(k.CInt, k.CNeg))
	k.Print(int(k.C8), k.U8(k.C8&3), k.F64(k.CInt), string(k.CStr), k.I8(k.CInt), float64(k.CF32), k.Str(k.CText))
	k.Print(constRet(k.CNeg), constRet(1), constArg(k.C8, k.CF32, k.CStr, k.CTrue, k.CInt))
	var m k.Map
	m = k.Map{}
	m[k.CText] = k.CInt
	m[k.CText] += k.CNeg
	k.Print(m, m[k.CText], m["none"])
	var p k.PInt
	p = new(int)
	*p = k.CInt
	*p <<= k.CInt
	*p -= k.CNeg
	k.Print(*p)
	xs = append(xs, k.CInt, k.CNeg)
	xs = make(k.Ints, k.CInt, 9)
	k.Print(len(xs), cap(xs))
}

func constRet(x int) k.I8 {
	if x == k.CNeg {
		return k.C8
	}
	return 7
}

func constArg(a k.I8, f float32, s k.Str, b bool, x k.Empty) k.Empty {
	if b {
		return x
	}
	return a
}

func init() { k.Case("consts", consts) }
