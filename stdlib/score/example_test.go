package score_test

import (
	"context"
	"fmt"

	"kairos/stdlib/score"
)

func ExampleRouge1() {
	r, err := score.Rouge1("the cats sat on a mat", "a cat is sitting on the mat")
	fmt.Printf("%.3f %.3f %.3f %v\n", r.Precision, r.Recall, r.F1, err)
	// Output: 0.833 0.714 0.769 <nil>
}

func ExampleRougeL() {
	r, err := score.RougeL("the gunman killed police", "police kill the gunman", "the gunmen were killed")
	fmt.Printf("%.2f %v\n", r.F1, err)
	// Output: 0.50 <nil>
}

func ExampleExactMatch() {
	fmt.Println(score.ExactMatch("Yes, it is.", "no", "yes it  is"))
	// Output: true <nil>
}

func ExampleNormalize() {
	fmt.Printf("%q\n", score.Normalize(" A well-known\nanswer! "))
	// Output: "a wellknown answer"
}

func ExampleWords() {
	fmt.Printf("%q\n", score.Words("Generalizations of a naïve model's 3 skies"))
	// Output: ["gener" "of" "a" "na" "ve" "model" "s" "3" "sky"]
}

var generations = []score.Generation{
	{Task: "capital", Category: "facts", Text: "Paris.", References: []string{"Paris", "paris, France"}},
	{Task: "capital", Category: "facts", Text: "It is Rome", References: []string{"Rome"}},
	{Task: "title", Category: "titles", Text: "Nearest first", References: []string{"First, the nearest"}},
}

func ExampleGenerations() {
	results, err := score.Generations(context.Background(), generations, score.Config{})
	for _, r := range results {
		fmt.Printf("%s: ROUGE-1 %.2f, ROUGE-L %.2f, match %v\n", r.Task, r.Rouge1, r.RougeL, r.ExactMatch)
	}
	fmt.Println(err)
	// Output:
	// capital: ROUGE-1 1.00, ROUGE-L 1.00, match 1
	// capital: ROUGE-1 0.50, ROUGE-L 0.50, match 0
	// title: ROUGE-1 0.80, ROUGE-L 0.40, match 0
	// <nil>
}

var results = []score.Result{
	{Task: "capital", Category: "facts", Rouge1: 1, RougeL: 1, ExactMatch: 1},
	{Task: "capital", Category: "facts", Rouge1: 0.5, RougeL: 0.5},
	{Task: "title", Category: "titles", Rouge1: 0.75, RougeL: 0.25},
}

func ExampleByTask() {
	fmt.Println(score.ByTask(results)["capital"])
	// Output: {2 0.75 0.75 0.5}
}

func ExampleByCategory() {
	fmt.Println(score.ByCategory(results)["titles"])
	// Output: {1 0.75 0.25 0}
}

func ExampleOverall() {
	fmt.Printf("%.3f\n", score.Overall(results).RougeL)
	// Output: 0.583
}

func ExampleOverTasks() {
	fmt.Println(score.OverTasks(results))
	// Output: {2 0.75 0.5 0.25}
}
