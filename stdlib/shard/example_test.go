package shard_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard"
)

// The example: two test vectors, and four training rows in two places.
var (
	test  = &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{1, 0, 0, 1}}
	north = "0\t[1,0]\n1\t[0,1]\n"
	south = "2\t[3,4]\n3\t[-1,0]\n"
)

func ExampleCompute() {
	part, err := shard.Compute(context.Background(), shard.Lines(strings.NewReader(south)), test, shard.Config{Scores: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	var lines bytes.Buffer
	if err := part.Write(&lines); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(lines.String()) {
		line, _, _ = strings.Cut(line, "{")
		fmt.Println(strings.TrimSpace(line))
	}
	fmt.Println("rows:", part.Rows())
	// Output:
	// kairos1 2 row 2 -0.800000011920929 -0.7000000178813934
	// kairos1 2 row 3 0 0.5
	// kairos1 2 end
	// rows: 2
}

func ExamplePart_Merge() {
	merged := new(shard.Part)
	for _, rows := range []string{south, north} {
		part, err := shard.Compute(context.Background(), shard.Lines(strings.NewReader(rows)), test, shard.Config{Depth: 2})
		if err == nil {
			err = merged.Merge(part)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	rounds, enough, err := merged.Rounds(3)
	fmt.Println(rounds, enough, err)
	// Output: [[0 1] [2]] true <nil>
}

func ExamplePart_Places() {
	rows := shard.Lines(strings.NewReader(north + south))
	part, err := shard.Compute(context.Background(), rows, test, shard.Config{Scores: true, Measure: shard.Cosine})
	if err != nil {
		fmt.Println(err)
		return
	}
	places, _, err := part.Places(0, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	shard.WritePlaces(os.Stdout, places)
	// Output:
	// 2	-1	-0.7000000178813934
	// 0	-1	-0.5
	// 1	-1	-0.5
	// 3	-1	0.5
}

func ExampleRead() {
	var lines bytes.Buffer
	for _, rows := range []string{south, north} {
		part, err := shard.Compute(context.Background(), shard.Lines(strings.NewReader(rows)), test, shard.Config{Scores: true})
		if err == nil {
			err = part.Write(&lines)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	merged, err := shard.Read(bytes.NewReader(lines.Bytes()))
	fmt.Println(merged.Rows(), err)
	_, err = shard.Read(bytes.NewReader(lines.Bytes()[:lines.Len()/4]))
	fmt.Println(err != nil)
	// Output:
	// 4 <nil>
	// true
}

func ExampleBlocks() {
	train := &matrix.Dense{Rows: 4, Cols: 1, Data: []float32{5, 6, 7, 8}}
	for rows, err := range shard.Blocks(context.Background(), train, 1, 3) {
		fmt.Println(rows.Index, rows.Vectors.Data, err)
	}
	// Output: [1 2] [6 7] <nil>
}

func ExampleLines() {
	for rows, err := range shard.Lines(strings.NewReader("7\t[0.5,2]\n" + `{"row": 3, "vector": [1, 1]}`)) {
		fmt.Println(rows.Index, rows.Vectors.Data, err)
	}
	// Output: [7 3] [0.5 2 1 1] <nil>
}

func ExampleReadPlaces() {
	var lines bytes.Buffer
	if err := shard.WritePlaces(&lines, []arrange.Place{{Index: 4, Round: 0}, {Index: 1, Round: 1, Distance: -0.5}}); err != nil {
		fmt.Println(err)
		return
	}
	places, err := shard.ReadPlaces(&lines)
	fmt.Println(places, err)
	// Output: [{4 0 0} {1 1 -0.5}] <nil>
}

func ExampleTexts() {
	index, texts, err := shard.Texts(strings.NewReader(`{"row": 4, "text": "near"}` + "\n" + `{"row": 2, "text": "far\toff"}`))
	fmt.Printf("%v %q %v\n", index, texts, err)
	// Output: [4 2] ["near" "far\toff"] <nil>
}

func ExampleWriteRows() {
	vectors := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{1, 0, 0.5, -2}}
	var lines bytes.Buffer
	if err := shard.WriteRows(&lines, shard.Indexed(context.Background(), vectors, []int{4, 2})); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(lines.String())
	for rows, err := range shard.Lines(&lines) {
		fmt.Println(rows.Index, rows.Vectors.Data, err)
	}
	// Output:
	// 4	AACAPwAAAAA=
	// 2	AAAAPwAAAMA=
	// [4 2] [1 0 0.5 -2] <nil>
}
