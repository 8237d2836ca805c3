package job_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/arrange"
	"kairos/stdlib/arrange/job"
	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

// files writes two training records and a test record, and a vector for each.
func files(dir string) error {
	for name, text := range map[string]string{
		"train.jsonl": `{"text": "Add 2 and 3.", "licence": "CC0"}` + "\n" + `{"text": "Geese live long.", "licence": "CC0"}` + "\n",
		"test.jsonl":  `{"text": "How old is a goose?"}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	for name, rows := range map[string][][]float32{"train.safetensors": {{0, 1}, {1, 0}}, "test.safetensors": {{1, 1e-3}}} {
		m, err := matrix.FromRows(rows)
		if err != nil {
			return err
		}
		if err := vectors.Write(context.Background(), filepath.Join(dir, name), m, vectors.Info{}); err != nil {
			return err
		}
	}
	return nil
}

func ExampleRun() {
	dir, err := os.MkdirTemp("", "job")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := files(dir); err != nil {
		fmt.Println(err)
		return
	}
	report, err := job.Run(context.Background(), job.Config{
		Train: []string{filepath.Join(dir, "train.jsonl")}, TrainVectors: filepath.Join(dir, "train.safetensors"),
		Test: []string{filepath.Join(dir, "test.jsonl")}, TestVectors: filepath.Join(dir, "test.safetensors"),
		Method: "nft", Measure: "cosine", Out: filepath.Join(dir, "arranged.jsonl"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d rows by %s, from %.3f to %.3f\n", report.Rows, report.Measure, report.First, report.Last)
	text, _ := os.ReadFile(report.Out)
	fmt.Printf("%.30s\n", text)
	// Output:
	// 2 rows by cosine, from -1.000 to -0.001
	// {"text":"Geese live long.","li
}

func ExampleLocal() {
	train, _ := matrix.FromRows([][]float32{{0, 1}, {1, 0}, {1, 1}})
	test, _ := matrix.FromRows([][]float32{{1, 0}, {0, 1}})
	places, err := job.Local(context.Background(), job.Task{
		Method: "tma-min", Measure: "cosine", Train: train, Test: test, TrainTexts: make([]string, 3),
		Progress: func(string) func(int, int) { return func(int, int) {} },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range places {
		fmt.Printf("row %d in round %d, %.2f\n", p.Index, p.Round, p.Distance)
	}
	fmt.Println(arrange.Order(places))
	// Output:
	// row 0 in round 0, -0.50
	// row 1 in round 0, -0.50
	// row 2 in round 1, -0.71
	// [0 1 2]
}

func ExampleEmbed() {
	dir, err := os.MkdirTemp("", "job")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := files(dir); err != nil {
		fmt.Println(err)
		return
	}
	_, _, err = job.Embed(context.Background(), job.EmbedConfig{Files: []string{filepath.Join(dir, "train.jsonl")}, Out: "train.vectors"})
	fmt.Println(err)
	// Output: embed: output "train.vectors": want a name that ends in .safetensors
}
