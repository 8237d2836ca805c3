package keys

import (
	"strconv"
	"strings"
	"unicode"
)

// csi reads ESC [, parameters and a final byte.
func (d *Decoder) csi() (k Key, n int, ok bool) {
	if len(d.buf) > 2 && d.buf[2] == '[' { // the linux console's F1 to F5
		if len(d.buf) < 4 {
			return Key{}, 0, false
		}
		c := d.buf[3]
		return Key{Code: F1 + Code(c-'A')}, 4, c >= 'A' && c <= 'E'
	}
	end := 2
	for end < len(d.buf) && d.buf[end] >= 0x20 && d.buf[end] < 0x40 {
		end++
	}
	switch {
	case end-2 > maxControl:
		return Key{}, end, false
	case end == len(d.buf):
		return Key{}, 0, false
	case d.buf[end] < 0x40 || d.buf[end] > 0x7e: // broken off: what follows is something else
		return Key{}, end, false
	}
	params := string(d.buf[2:end])
	if params == "200" && d.buf[end] == '~' {
		d.pasting = true
		return Key{}, end + 1, false
	}
	k, ok = sequence(params, d.buf[end])
	return k, end + 1, ok
}

// sequence is the key of a CSI sequence. One with a private mark is no key but an answer of the terminal.
func sequence(params string, final byte) (k Key, ok bool) {
	if strings.ContainsAny(params, "?<=> !\"#$%&'()*+,-./") {
		return Key{}, false
	}
	nums := numbers(params)
	switch final {
	case 'u':
		return coded(nums[0], nums[1], release(params))
	case '~':
		if nums[0] == 27 {
			return coded(nums[2], nums[1], false)
		}
		k, ok = numbered(nums[0])
	case 'R': // where the cursor is
		return Key{}, false
	case 'Z':
		return Key{Code: Tab, Mod: modifiers(nums[1]) | Shift}, true
	default:
		k, ok = letter(final)
	}
	k.Mod = modifiers(nums[1])
	return k, ok && !release(params)
}

// numbers are the first three parameters, without what follows a colon.
func numbers(params string) (nums [3]int) {
	for i, p := range strings.SplitN(params, ";", 4) {
		if i < len(nums) {
			p, _, _ = strings.Cut(p, ":")
			nums[i], _ = strconv.Atoi(p)
		}
	}
	return nums
}

// release tells whether the second parameter says that a key was let go.
func release(params string) bool {
	parts := strings.Split(params, ";")
	return len(parts) > 1 && strings.HasSuffix(parts[1], ":3")
}

// modifiers decodes the parameter for them: one more than the sum of their bits.
func modifiers(n int) Mod {
	if n < 1 {
		return 0
	}
	return Mod(n-1) & (Shift | Alt | Ctrl)
}

// letter is the key that a final letter stands for.
func letter(c byte) (Key, bool) {
	codes := map[byte]Code{
		'A': Up, 'B': Down, 'C': Right, 'D': Left, 'H': Home, 'F': End, 'P': F1, 'Q': F2, 'R': F3, 'S': F4,
	}
	code, ok := codes[c]
	return Key{Code: code}, ok
}

// numbered is the key that a number before ~ stands for.
func numbered(n int) (Key, bool) {
	codes := map[int]Code{
		1: Home, 2: Insert, 3: Delete, 4: End, 5: PageUp, 6: PageDown, 7: Home, 8: End, 11: F1, 12: F2, 13: F3, 14: F4, 15: F5,
		17: F6, 18: F7, 19: F8, 20: F9, 21: F10, 23: F11, 24: F12,
	}
	code, ok := codes[n]
	return Key{Code: code}, ok
}

// coded is the key of a code point with modifiers.
func coded(code, mod int, released bool) (k Key, ok bool) {
	k.Mod = modifiers(mod)
	switch r := rune(code); {
	case released || code <= 0 || code > unicode.MaxRune || r >= 0xe000 && r < 0xf900: // private use: keys such as CapsLock
		return Key{}, false
	case code < ' ' || code == 0x7f:
		inner := plain(byte(code))
		k.Code, k.Rune, k.Mod = inner.Code, inner.Rune, k.Mod|inner.Mod
	case k.Mod&Shift != 0:
		k.Rune, k.Mod = unicode.ToUpper(r), k.Mod&^Shift
	default:
		k.Rune = r
	}
	return k, !(k.Code == Rune && unicode.IsControl(k.Rune))
}
