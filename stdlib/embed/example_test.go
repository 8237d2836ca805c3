package embed_test

import (
	"context"
	"fmt"
	"os"

	"kairos/stdlib/embed"
	"kairos/stdlib/similarity"
)

func ExampleLoad() {
	enc, err := embed.Load("all-MiniLM-L6-v2")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer enc.Close()
	fmt.Println(enc.Dim(), "values a vector")
	// Output: 384 values a vector
}

func ExampleEncoder_Embed() {
	enc, err := embed.Load("all-MiniLM-L6-v2")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer enc.Close()
	ctx := context.Background()
	train, err := enc.Embed(ctx, []string{"How long do geese live?", "Add 2 and 3."}, embed.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	test, err := enc.Embed(ctx, []string{"What is the lifespan of a goose?"}, embed.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	dist, err := similarity.Cosine(ctx, train, test)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the goose is nearer than the sum:", dist.At(0, 0) < dist.At(1, 0))
	// Output: the goose is nearer than the sum: true
}

func ExampleEncoder_Fill() {
	dir, err := os.MkdirTemp("", "embed")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	enc, err := embed.Load("all-MiniLM-L6-v2")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer enc.Close()
	ctx := context.Background()
	cfg := embed.Config{Cache: dir, Progress: func(done, total int) { fmt.Println(done, "of", total) }}
	for _, texts := range [][]string{{"geese"}, {"geese", "swans"}} {
		if err := enc.Fill(ctx, texts, cfg); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// 0 of 1
	// 1 of 1
	// 1 of 2
	// 2 of 2
}
