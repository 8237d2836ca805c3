package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"

	"github.com/mattn/go-sixel"
	"golang.org/x/image/draw"
)

// shrunk is the image with no more pixels than the cells have.
func (s Screen) shrunk(img image.Image, columns, rows int) image.Image {
	width, height := s.cell()
	if size := img.Bounds().Size(); s.CellWidth <= 0 || size.X <= columns*width || size.Y <= rows*height {
		return img
	}
	return scaled(img, columns*width, rows*height)
}

// sized is the image with as many pixels as the cells have, or its own if these are fewer.
func (s Screen) sized(img image.Image, columns, rows int) image.Image {
	width, height := s.cell()
	size := img.Bounds().Size()
	if size.X <= columns*width && size.Y <= rows*height {
		return scaled(img, size.X, size.Y)
	}
	return scaled(img, columns*width, rows*height)
}

// scaled is the image in another size on white, as charts are without a background of their own.
func scaled(img image.Image, width, height int) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(to, to.Bounds(), img, img.Bounds(), draw.Over, nil)
	return to
}

// pngOf encodes an image. There is no error: the image has pixels, and memory takes them.
func pngOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(fmt.Sprintf("picture: encode png: %v", err))
	}
	return b.Bytes()
}

// kittyChunk is how many bytes of base64 a message of kitty's graphics protocol may hold.
const kittyChunk = 4096

// writeKitty writes the messages of kitty's protocol that send a PNG and show it in so many cells: a=T transmits and
// shows, f=100 is PNG, q=2 asks for no answer, m=1 says that more follows.
func writeKitty(w io.Writer, png []byte, columns, rows, id int) {
	head := fmt.Sprintf("a=T,f=100,c=%d,r=%d,q=2,", columns, rows)
	if id > 0 {
		head += fmt.Sprintf("i=%d,", id)
	}
	data := base64.StdEncoding.EncodeToString(png)
	for data != "" {
		n := min(len(data), kittyChunk)
		more := 0
		if n < len(data) {
			more = 1
		}
		fmt.Fprintf(w, "\x1b_G%sm=%d;%s\x1b\\", head, more, data[:n])
		data, head = data[n:], "q=2,"
	}
}

// writeITerm writes the message of iTerm2's protocol that shows a PNG in so many cells.
func writeITerm(w io.Writer, png []byte, columns, rows int) {
	fmt.Fprintf(w, "\x1b]1337;File=inline=1;size=%d;width=%d;height=%d;preserveAspectRatio=1:%s\a",
		len(png), columns, rows, base64.StdEncoding.EncodeToString(png))
}

// writeSixel writes an image as sixels. There is no error: a strings.Builder takes all.
func writeSixel(w io.Writer, img image.Image) {
	encoder := sixel.NewEncoder(w)
	encoder.Dither = !isChart(img)
	if err := encoder.Encode(img); err != nil {
		panic(fmt.Sprintf("picture: encode sixel: %v", err))
	}
}
