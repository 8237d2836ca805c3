package picture

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// rgb is a colour. Sums of many fit as well.
type rgb struct{ r, g, b int }

func (c rgb) plus(d rgb) rgb         { return rgb{c.r + d.r, c.g + d.g, c.b + d.b} }
func (c rgb) minus(d rgb) rgb        { return rgb{c.r - d.r, c.g - d.g, c.b - d.b} }
func (c rgb) over(n int) rgb         { return rgb{(c.r + n/2) / n, (c.g + n/2) / n, (c.b + n/2) / n} }
func (c rgb) square() int            { return c.r*c.r + c.g*c.g + c.b*c.b }
func (c rgb) times(num, den int) rgb { return rgb{c.r * num / den, c.g * num / den, c.b * num / den} }

func rgbOf(c color.RGBA) rgb { return rgb{int(c.R), int(c.G), int(c.B)} }

// isChart tells whether an image is drawn on an even background, and not a photograph or a map of values.
func isChart(img image.Image) bool {
	_, share := background(opaque(img))
	return share > chartShare
}

// chartShare is how much of a chart its background is at least.
const chartShare = 0.4

// opaque is an image on white.
func opaque(img image.Image) *image.RGBA {
	b := img.Bounds()
	to := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), img, b.Min, draw.Over)
	return to
}

// background returns the most frequent colour, and its share of the pixels that were looked at.
func background(img *image.RGBA) (most rgb, share float64) {
	seen, total := map[rgb]int{}, 0
	step := max(img.Rect.Dx()*img.Rect.Dy()/20000, 1)
	for i := 0; i < len(img.Pix)/4; i += step {
		c := rgb{int(img.Pix[4*i]), int(img.Pix[4*i+1]), int(img.Pix[4*i+2])}
		seen[c]++
		total++
		if seen[c] > seen[most] {
			most = c
		}
	}
	return most, float64(seen[most]) / float64(max(total, 1))
}

// boost is how much more of a box than it covers the ink of a chart gets, so that thin lines do not fade.
const boost = 6

// inked scales a chart down. Each pixel is background mixed with the ink of its box: the colour farthest from the
// background, as much as the mean of the box has of it, and more.
func inked(img *image.RGBA, width, height int, paper rgb) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	size := img.Rect.Size()
	for y := range height {
		for x := range width {
			box := image.Rect(x*size.X/width, y*size.Y/height, (x+1)*size.X/width, (y+1)*size.Y/height)
			c := ink(img, box, paper)
			to.SetRGBA(x, y, color.RGBA{uint8(c.r), uint8(c.g), uint8(c.b), 255})
		}
	}
	return to
}

func ink(img *image.RGBA, box image.Rectangle, paper rgb) rgb {
	box.Max.X, box.Max.Y = max(box.Max.X, box.Min.X+1), max(box.Max.Y, box.Min.Y+1)
	var far, sum rgb
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			d := rgbOf(img.RGBAAt(x, y)).minus(paper)
			sum = sum.plus(d)
			if d.square() > far.square() {
				far = d
			}
		}
	}
	if far.square() == 0 {
		return paper
	}
	// The part of sum that points along far, in 1000ths of a box full of it.
	along := (sum.r*far.r + sum.g*far.g + sum.b*far.b) * 1000 / (far.square() * box.Dx() * box.Dy())
	return paper.plus(far.times(min(max(along*boost, 0), 1000), 1000))
}

// drawn is the cell of a chart that two by two pixels make: those with ink in one colour, on paper. A faint one is left
// out where there is stronger ink, and so a grid does not pale the curve that crosses it.
func drawn(img *image.RGBA, paper rgb, column, row int) painted {
	var pixels [4]rgb
	strongest := 0
	for i := range pixels {
		pixels[i] = rgbOf(img.RGBAAt(2*column+i%2, 2*row+i/2))
		strongest = max(strongest, pixels[i].minus(paper).square())
	}
	which, n, sum := 0, 0, rgb{}
	for i, c := range pixels {
		if ink := c.minus(paper).square(); ink > faintest && 4*ink >= strongest {
			which, n, sum = which|1<<i, n+1, sum.plus(c)
		}
	}
	if n == 0 {
		return painted{' ', rgb{}, paper}
	}
	return painted{[]rune(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")[which], sum.over(n), paper}
}

// faintest is the square of how far from the background ink is at least.
const faintest = 400
