package core

import "kairos/repl/engine/testdata/k"

func i8(a, b int8) {
	k.Print(a+b, a-b, a*b, a/b, a%b, a&b, a|b, a^b, a&^b, -a, +a, ^a, a < b, a == b, a >= b, a != b)
}
func u8(a, b uint8) {
	k.Print(a+b, a-b, a*b, a/b, a%b, a&b, a|b, a^b, a&^b, -a, ^a, a < b, a == b, a > b, a <= b)
}
func nI8(a, b k.I8) {
	k.Print(a+b, a-b, a*b, a/b, a%b, a&b, a|b, a^b, a&^b, -a, ^a, a < b, a == b, a >= b, a != b)
}
func nU8(a, b k.U8) {
	k.Print(a+b, a-b, a*b, a/b, a%b, a&b, a|b, a^b, a&^b, -a, ^a, a < b, a == b, a > b, a <= b)
}
func nI16(a, b k.I16)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nU16(a, b k.U16)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nI32(a, b k.I32)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nU32(a, b k.U32)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nI64(a, b k.I64)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nU64(a, b k.U64)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nInt(a, b k.Int)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func nUint(a, b k.Uint) { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func i16(a, b int16)    { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func u16(a, b uint16)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func i32(a, b int32)    { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func u32(a, b uint32)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func i64(a, b int64)    { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func u64(a, b uint64)   { k.Print(a+b, a-b, a*b, a/b, a%b, -a, ^a, a < b) }
func f32(a, b float32)  { k.Print(a+b, a-b, a*b, a/b, -a, a < b, a == b, a != a) }
func f64(a, b float64)  { k.Print(a+b, a-b, a*b, a/b, -a, a < b, a == b, a != a) }
func nF32(a, b k.F32)   { k.Print(a+b, a-b, a*b, a/b, -a, a < b, a == b, a != a) }
func nF64(a, b k.F64)   { k.Print(a+b, a-b, a*b, a/b, -a, a < b, a == b, a != a) }
func c64(a, b complex64) {
	k.Print(a+b, a-b, a*b, a/b, -a, a == b, a != b, real(a), imag(b))
}
func nC64(a, b k.C64)         { k.Print(a+b, a-b, a*b, a/b, -a, a == b, a != b) }
func c128(a, b complex128)    { k.Print(a+b, a-b, a*b, a/b, -a, a == b, a != b, real(a), imag(b)) }
func nStr(a, b k.Str)         { k.Print(a+b, a < b, a == b, a != b, a >= b, len(a), a[0]) }
func str(a, b string)         { k.Print(a+b, a < b, a == b, a != b, a >= b, len(a), a[0]) }
func nBool(a, b k.Bool)       { k.Print(a && b, a || b, !a, a == b, a != b) }
func boolean(a, b bool)       { k.Print(a && b, a || b, !a, a == b, a != b) }
func shifts8(a k.I8, n uint)  { k.Print(a<<n, a>>n) }
func shiftsU(a k.U8, n uint8) { k.Print(a<<n, a>>n) }
func shifts(a int, n uint)    { k.Print(a<<n, a>>n) }
func shiftsI(a int, n int)    { k.Print(a<<n, a>>n) }
func shifts64(a uint64, n k.U16) {
	k.Print(a<<n, a>>n)
}
func nShiftsI(a k.Int, n k.Int) { k.Print(a<<n, a>>n) }

func inc(x int) int { return x + 1 }

func arithmetic() {
	i8(127, 3)
	i8(-128, -1)
	i8(-7, 2)
	u8(250, 10)
	u8(3, 7)
	nI8(127, 3)
	nI8(-128, -1)
	nU8(250, 10)
	nU8(3, 7)
	i16(32767, 2)
	i16(-32768, -1)
	u16(65535, 3)
	i32(2147483647, 2)
	i32(-2147483648, -1)
	u32(4294967295, 3)
	i64(9223372036854775807, 2)
	i64(-9223372036854775808, -1)
	u64(18446744073709551615>>1, 3)
	nI16(32767, 2)
	nU16(65535, 3)
	nI32(2147483647, 2)
	nU32(4294967295, 3)
	nI64(9223372036854775807, 2)
	nU64(1<<63-1, 3)
	nInt(-9223372036854775808, -1)
	nUint(5, 7)
	f32(0.1, 0.2)
	f32(16777216, 1)
	f64(0.1, 0.2)
	f64(1, 0)
	nF32(0.1, 0.2)
	nF32(16777216, 1)
	nF64(0.1, 0.2)
	nF64(0, 0)
	c64(1+2i, 3-4i)
	nC64(1+2i, 3-4i)
	c128(1+2i, 3-4i)
	nStr("ab", "b")
	str("ab", "ab")
	nBool(true, false)
	nBool(true, true)
	boolean(false, true)
	shifts8(-128, 1)
	shifts8(127, 7)
	shifts8(127, 8)
	shifts8(-1, 100)
	shiftsU(255, 1)
	shiftsU(255, 8)
	shifts(1, 63)
	shifts(-1, 64)
	shifts(-5, 70)
	shiftsI(-5, 3)
	shifts64(1, 63)
	shifts64(1, 64)
	nShiftsI(3, 62)
}

func opAssign() {
	var a k.I8
	var b k.U8
	var f k.F32
	var s k.Str
	var i int
	var u uint8
	a = 127
	a++
	k.Print(a)
	a--
	k.Print(a)
	a += 2
	k.Print(a)
	a *= 3
	k.Print(a)
	a /= 2
	k.Print(a)
	a %= 7
	k.Print(a)
	b = 255
	b++
	k.Print(b)
	b -= 1
	k.Print(b)
	b <<= 3
	k.Print(b)
	b >>= 1
	k.Print(b)
	b |= 1
	b &= 0x5f
	b ^= 0xff
	b &^= 0x10
	k.Print(b)
	f = 16777216
	f += 1
	k.Print(f)
	f /= 3
	k.Print(f)
	s = "a"
	s += "b"
	k.Print(s)
	i = 1
	i <<= 62
	i *= 4
	k.Print(i)
	u = 200
	u += 100
	u -= 1
	u--
	k.Print(u)
	var f32 float32
	f32 = 0.1
	f32 *= 3
	f32++
	k.Print(f32)
	var r k.Rec
	r.N8 = 127
	r.N8++
	r.U8 -= 1
	r.F32 += 0.1
	r.F32 *= 3
	r.Name += "x"
	r.Arr[1] += 5
	r.Arr[1]++
	r.S = k.Ints{1, 2}
	r.S[0] *= 10
	r.S[1]--
	r.M = k.Map{"a": 1}
	r.M["a"]++
	r.M["b"] += 2
	r.M["a"] <<= 3
	r.P.X -= 3
	k.Print(r.N8, r.U8, r.F32, r.Name, r.Arr, r.S, r.M, r.P)
	var x k.PRec
	x = &r
	x.N8--
	x.Ps[1].X += 2
	x.M["c"] -= 1
	x.Inner.B = x.Inner.B + 4
	x.Inner.B /= 3
	k.Print(x.N8, x.Ps, x.M, x.Inner)
	var mm k.Matrix
	mm = k.Matrix{{1, 2}, {3}}
	mm[0][1] += 10
	mm[1][0]--
	k.Print(mm)
	var st k.MapSlice
	st = k.MapSlice{"a": {1}}
	st["a"][0] += 4
	st["a"] = append(st["a"], 7)
	st["b"] = append(st["b"], 8)
	k.Print(st)
}

func conversions() {
	var i int
	var f float64
	var s string
	var b k.ByteSlice
	var kb k.Bytes
	var ks k.Str
	var kr k.Runes
	i = 300
	k.Print(int8(i), uint8(i), k.I8(i), k.U8(i), k.I16(i), float32(i), k.F32(i), k.F64(i), k.Int(i), uint(i), k.U64(i))
	i = -1
	k.Print(uint8(i), uint16(i), uint32(i), uint64(i), k.U32(i), k.Uint(i))
	f = 3.99
	k.Print(int(f), k.I8(f), k.U16(f), float32(f), k.F32(f), int64(-f))
	f = 0.1
	k.Print(float64(float32(f)), k.F64(k.F32(f)))
	i = 8364
	k.Print(string(rune(i)), k.Str(rune(i)))
	s = "aé"
	b = k.ByteSlice(s)
	kb = k.Bytes(s)
	kr = k.Runes(s)
	k.Print(b, kb, kr, k.RuneSlice(s))
	b[0] = 'z'
	k.Print(s, string(b), string(kb), string(kr), k.Str(b), k.Str(kb))
	ks = k.Str(s)
	k.Print(ks, string(ks), k.ByteSlice(ks), k.Bytes(ks))
	var k8 k.I8
	k8 = -3
	k.Print(int(k8), k.U8(k8), k.F32(k8), k.U64(k8))
	var xs k.Ints
	xs = k.Ints(k.IntSlice{1, 2})
	k.Print(k.IntSlice(xs), xs)
	var fn k.Fn
	fn = k.Fn(inc)
	k.Print(fn(1))
	var a k.Empty
	a = any(i)
	k.Print(a)
	a = k.Any(k8)
	k.Print(a)
	var sh k.Shower
	sh = k.Shower(k.Point{3, 4})
	k.Print(sh.Show(), sh)
	var c k.C64
	c = k.C64(complex(1, 2))
	k.Print(c)
	var arr k.Arr
	arr = k.Arr(k.IntArr{1, 2, 3})
	k.Print(arr)
}

func init() {
	k.Case("arithmetic", arithmetic)
	k.Case("opAssign", opAssign)
	k.Case("conversions", conversions)
}
