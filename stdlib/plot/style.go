package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// look is how a curve is drawn.
type look struct {
	color  color.RGBA
	dashes []vg.Length
	marker []vg.Point // a polygon about the origin
	width  vg.Length  // of the line
}

// lookOf returns the look of curve k. No two among the first 20 are the same in grey, nor among the
// first 35 in colour.
func lookOf(k int) look {
	// Okabe and Ito's palette for all kinds of colour vision, without the yellow, which white paper
	// swallows.
	palette := []color.RGBA{
		{0x00, 0x72, 0xb2, 0xff}, // blue
		{0xd5, 0x5e, 0x00, 0xff}, // vermilion
		{0x00, 0x9e, 0x73, 0xff}, // green
		{0xcc, 0x79, 0xa7, 0xff}, // purple
		{0xe6, 0x9f, 0x00, 0xff}, // orange
		{0x56, 0xb4, 0xe9, 0xff}, // sky blue
		{0x33, 0x33, 0x33, 0xff}, // almost black
	}
	dashes := [][]vg.Length{
		nil,
		{6, 2.5},
		{7, 2, 1.5, 2},
		{1.8, 1.8},
	}
	markers := [][]vg.Point{
		polygon(32, 0),
		polygon(4, math.Pi/4),
		polygon(3, math.Pi/2),
		polygon(4, 0),
		polygon(3, -math.Pi/2),
	}
	return look{palette[k%len(palette)], dashes[k%len(dashes)], markers[k%len(markers)], 1.7}
}

// polygon returns a regular polygon with the area of a circle of 2.6 points, its first corner in
// the given direction.
func polygon(corners int, direction float64) []vg.Point {
	n := float64(corners)
	radius := 2.6 * math.Sqrt(math.Pi/(n/2*math.Sin(2*math.Pi/n)))
	points := make([]vg.Point, corners)
	for i := range points {
		sin, cos := math.Sincos(direction + 2*math.Pi*float64(i)/n)
		points[i] = vg.Point{X: vg.Length(radius * cos), Y: vg.Length(radius * sin)}
	}
	return points
}

func (l look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dashes}
}

// pale is the look's colour for areas: what lies behind can be seen.
func (l look) pale() color.Color { return color.NRGBA{l.color.R, l.color.G, l.color.B, 0x30} }

// smaller is the look in panels.
func (l look) smaller() look {
	l.width = 1.2
	marker := make([]vg.Point, len(l.marker))
	for i, p := range l.marker {
		marker[i] = p.Scale(0.75)
	}
	l.marker = marker
	return l
}

// mark draws the marker at a point, with a white edge that sets it off from lines under it.
func (l look) mark(c draw.Canvas, at vg.Point) {
	corners := make([]vg.Point, len(l.marker), len(l.marker)+1)
	for i, p := range l.marker {
		corners[i] = at.Add(p)
	}
	c.FillPolygon(l.color, corners)
	c.StrokeLines(draw.LineStyle{Color: color.White, Width: 0.7}, append(corners, corners[0]))
}

// ink is the colour of text and axes, rule that of the grid.
func ink() color.Color  { return color.Gray{0x26} }
func rule() color.Color { return color.Gray{0xe6} }

// set gives a text style its font and colour.
func set(style *text.Style, size vg.Length) {
	style.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	style.Color = ink()
}

// fit makes a text style smaller, but not unreadable, until the text is no longer than there is
// room. If that is not enough it shortens the text, which it returns.
func fit(style *text.Style, txt string, room vg.Length) string {
	const smallest = 6
	for style.Width(txt) > room && style.Font.Size > smallest {
		style.Font.Size -= 0.25
	}
	return shorten(*style, txt, room)
}

// shorten cuts off a text's end until it is no longer than there is room.
func shorten(style text.Style, txt string, room vg.Length) string {
	letters := []rune(txt)
	for n := len(letters) - 1; style.Width(txt) > room && n >= 0; n-- {
		txt = string(letters[:n]) + "…"
	}
	return txt
}
