package spark_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/shard/spark"
)

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "table")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "train.parquet")
	train := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{1, 0, 0.5, -2}}
	if err := spark.Write(context.Background(), path, train); err != nil {
		fmt.Println(err)
		return
	}
	type row struct {
		Row    int64  `parquet:"row"`
		Vector []byte `parquet:"vector"`
	}
	rows, err := parquet.ReadFile[row](path)
	fmt.Printf("%x %v\n", rows, err)
	// Output: [{0 0000803f00000000} {1 0000003f000000c0}] <nil>
}

// Without a Spark, which this example has not, the error says how to get one.
func ExampleTMA() {
	defer os.Setenv("PATH", os.Getenv("PATH"))
	os.Setenv("PATH", "")
	os.Unsetenv("SPARK_HOME")
	rounds, err := spark.TMA(context.Background(), spark.Config{
		Master: "spark://host:7077",
		Train:  "hdfs://host/train.parquet", // with the columns row and vector
		Test:   &matrix.Dense{Rows: 1, Cols: 2, Data: []float32{1, 0}},
	}, arrange.TMAConfig{Num: 30_000})
	fmt.Println(rounds, err != nil)
	// Output: [] true
}
