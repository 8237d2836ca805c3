package plot

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// withResolution puts into a PNG how many of its dots are an inch, so that it is shown as large as it was drawn: a chunk
// pHYs, which comes right after the header (PNG specification, 11.3.5.3).
func withResolution(picture []byte, dpi int) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // the signature and the chunk IHDR
	if len(picture) < header {
		return picture
	}
	perMetre := uint32(float64(dpi)/0.0254 + 0.5)
	var chunk bytes.Buffer
	chunk.WriteString("pHYs")
	binary.Write(&chunk, binary.BigEndian, []uint32{perMetre, perMetre})
	chunk.WriteByte(1) // the unit is the metre
	framed := binary.BigEndian.AppendUint32(nil, uint32(chunk.Len()-4))
	framed = append(framed, chunk.Bytes()...)
	framed = binary.BigEndian.AppendUint32(framed, crc32.ChecksumIEEE(chunk.Bytes()))
	return slices.Insert(picture, header, framed...)
}
