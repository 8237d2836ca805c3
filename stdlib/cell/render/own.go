package render

import (
	"fmt"
	"image"
	"math/big"
	"reflect"
	"strings"
	"time"
)

// ownText asks a value for its text. Unexported fields cannot be asked, but what they hold of some packages of Go has
// no text worth reading otherwise.
func ownText(v reflect.Value, top bool) (node, bool) {
	if !v.CanInterface() {
		text, ok := knownText(v)
		return leaf(text), ok
	}
	if k := v.Kind(); (k == reflect.Pointer || k == reflect.Interface) && v.IsNil() {
		return node{}, false
	}
	room := inside
	if top {
		room = longest
	}
	if m, ok := matrixOf(v); ok {
		return leaf(m.String()), true
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return leaf(x.Round(0).String()), true // without the monotonic clock
	case big.Int:
		return told(&x, room), true
	case big.Float:
		return told(&x, room), true
	case big.Rat:
		return told(&x, room), true
	case error, fmt.Stringer, fmt.Formatter:
		return told(x, room), true
	case image.Image:
		return leaf(imageText(x)), true
	}
	text, ok := knownText(v)
	return leaf(text), ok
}

// told is the text of a value as fmt prints it, which survives a panic of the value's method.
func told(x any, room int) node {
	text := fmt.Sprintf("%v", x)
	if len(text) > room {
		return leaf(printable(cut(text, room)) + "… (" + count(len(text), "byte") + ")")
	}
	n := leaf(strings.TrimRight(printable(text), "\n"))
	_, isInt := x.(*big.Int)
	_, isFloat := x.(*big.Float)
	n.number = isInt || isFloat
	return n
}

func imageText(x image.Image) (text string) {
	defer func() {
		if recover() != nil { // of a method of a type we do not know
			text = fmt.Sprintf("%T", x)
		}
	}()
	size := x.Bounds().Size()
	return fmt.Sprintf("%T, %s × %s", x, grouped(size.X), grouped(size.Y))
}

// knownText is the text of locks, counters and durations.
func knownText(v reflect.Value) (string, bool) {
	t := v.Type()
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return time.Duration(v.Int()).String(), true
	case t == reflect.TypeFor[time.Time]():
		return timeText(v), true
	case v.Kind() != reflect.Struct:
	case t.PkgPath() == "sync":
		return t.String(), true
	case t.PkgPath() == "sync/atomic":
		if value := v.FieldByName("v"); value.IsValid() && isScalar(value.Kind()) {
			return scalarText(value, inside), true
		}
		return t.String(), true
	}
	return "", false
}

// timeText writes a time that cannot be asked, in UTC: package time keeps seconds and nanoseconds, since the year 1885
// if there is a monotonic clock beside them, else since the year 1.
func timeText(v reflect.Value) string {
	wall, ext := v.FieldByName("wall"), v.FieldByName("ext")
	if !wall.IsValid() || !ext.IsValid() {
		return v.Type().String()
	}
	const hasMonotonic, bitsOfNanoseconds = 1 << 63, 30
	seconds, nanoseconds := ext.Int(), int64(wall.Uint()&(1<<bitsOfNanoseconds-1))
	start := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	if wall.Uint()&hasMonotonic != 0 {
		start = time.Date(1885, 1, 1, 0, 0, 0, 0, time.UTC)
		seconds = int64(wall.Uint() &^ hasMonotonic >> bitsOfNanoseconds)
	}
	return time.Unix(start.Unix()+seconds, nanoseconds).UTC().String()
}
