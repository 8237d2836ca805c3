// Package vectors keeps vectors of texts in files, so that they are computed once and need not fit
// into memory. It is pure Go.
//
//	Open    a file of vectors: File gives its rows a block at a time, as matrix.Blocks, or maps them
//	Write   writes one; Create and Writer do it as the rows come
//	Cache   the vectors of texts that an encoder has embedded before, by the hash of each text
//	Encoder names an encoder by what it is made of, so that no two of them share a cache
//
// # The format
//
// A file of vectors is a safetensors file, which numpy, PyTorch and Hugging Face read as well. It
// holds one tensor, "vectors", of type F32 and shape [rows, columns]. Its header is filled up with
// spaces so that the values begin at a multiple of 64 bytes. In "__metadata__" are
//
//	kairos      the version of this format, "1"
//	encoder     what made the vectors, if it is known
//	max_tokens  the limit to which it cut the texts
//
// Open also reads what others wrote: any safetensors file with one F32 tensor of two dimensions, or
// with several of which one is called "vectors", and numpy's .npy of type float32 in C order.
//
// Not here: Parquet, half precision, and what makes vectors of texts, which is package embed.
package vectors

import (
	"fmt"
	"strconv"

	"kairos/stdlib/internal/safetensors"
)

// Info is what a file says of its vectors. The zero value says nothing.
type Info struct {
	Encoder   string // what made them
	MaxTokens int    // to which it cut the texts; 0: not known
}

const (
	format = "1"       // version of the format
	tensor = "vectors" // its name
)

// header is that of a safetensors file of rows × cols values, filled up to at least the given
// length: so it can be written before the rows are counted.
func header(rows, cols int, info Info, length int) []byte {
	metadata := map[string]string{"kairos": format}
	if info.Encoder != "" {
		metadata["encoder"] = info.Encoder
	}
	if info.MaxTokens != 0 {
		metadata["max_tokens"] = strconv.Itoa(info.MaxTokens)
	}
	place := safetensors.Tensor{Name: tensor, Shape: []int64{int64(rows), int64(cols)}}
	return safetensors.Begin(metadata, []safetensors.Tensor{place}, length)
}

// infoOf reads the metadata of a safetensors file, which may be another's.
func infoOf(metadata map[string]string) (Info, error) {
	version, ours := metadata["kairos"]
	if !ours {
		return Info{}, nil
	}
	if version != format {
		return Info{}, fmt.Errorf("it has version %q of the format of kairos: this kairos reads version %s", version, format)
	}
	tokens, err := strconv.Atoi(metadata["max_tokens"])
	if err != nil && metadata["max_tokens"] != "" {
		return Info{}, fmt.Errorf("its max_tokens is %q: want a number", metadata["max_tokens"])
	}
	return Info{Encoder: metadata["encoder"], MaxTokens: tokens}, nil
}
