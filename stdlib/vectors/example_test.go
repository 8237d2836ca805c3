package vectors_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

func ExampleOpen() {
	file, err := vectors.Open("testdata/vectors.npy")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	rows, cols := file.Dims()
	last, err := file.Block(context.Background(), rows-1, rows, nil)
	fmt.Println(rows, cols, last.Data, err)
	// Output: 5 3 [3 3.125 3.25] <nil>
}

func ExampleFile_Map() {
	file, err := vectors.Open("testdata/vectors.safetensors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	m, err := file.Map()
	fmt.Println(m.Rows, m.Row(1), err)
	// Output: 5 [0 0.125 0.25] <nil>
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "train.safetensors")
	m, _ := matrix.FromRows([][]float32{{0.6, 0.8}, {1, 0}})
	if err := vectors.Write(context.Background(), path, m, vectors.Info{Encoder: "all-MiniLM-L6-v2"}); err != nil {
		fmt.Println(err)
		return
	}
	file, err := vectors.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	rows, cols := file.Dims()
	fmt.Println(rows, cols, file.Info().Encoder)
	// Output: 2 2 all-MiniLM-L6-v2
}

func ExampleCreate() {
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "train.safetensors")
	w, err := vectors.Create(path, 2, vectors.Info{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Abort()
	for i := range 3 { // rows as they are computed
		if err := w.Append(&matrix.Dense{Rows: 1, Cols: 2, Data: []float32{float32(i), 1}}); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(w.Close())
	// Output: <nil>
}

func ExampleOpenCache() {
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	enc := vectors.Encoder{Fingerprint: "0123456789abcdef", Dim: 2, MaxTokens: 256} // as Identify tells it
	cache, err := vectors.OpenCache(ctx, dir, enc)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cache.Close()
	keys := vectors.Keys([]string{"How long do geese live?", "Add 2 and 3."})
	m, _ := matrix.FromRows([][]float32{{0.6, 0.8}})
	if err := cache.Put(ctx, keys[:1], m); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("missing:", cache.Missing(keys))
	rows, err := cache.Rows(keys[:1])
	if err != nil {
		fmt.Println(err)
		return
	}
	block, err := rows.Block(ctx, 0, 1, nil)
	fmt.Println(block.Row(0), err)
	// Output:
	// missing: [1]
	// [0.6 0.8] <nil>
}

func ExampleIdentify() {
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	config := `{"hidden_size": 384, "max_position_embeddings": 512}`
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(config), 0o666); err != nil {
		fmt.Println(err)
		return
	}
	enc, err := vectors.Identify(dir, 0)
	fmt.Println(enc.Dim, enc.MaxTokens, enc.Fingerprint[:8], err)
	// Output: 384 256 5cf73734 <nil>
}

func ExampleLimit() {
	fmt.Println(vectors.Limit(0, 512))
	fmt.Println(vectors.Limit(1000, 512))
	// Output:
	// 256 <nil>
	// 0 MaxTokens is 1000, want 3 to 512
}

func ExampleKeyOf() {
	key := vectors.KeyOf("abc")
	fmt.Printf("%x\n", key[:4])
	// Output: ba7816bf
}
