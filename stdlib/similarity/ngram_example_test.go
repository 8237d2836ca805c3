package similarity_test

import (
	"context"
	"fmt"

	"kairos/stdlib/similarity"
)

func ExampleNGrams() {
	pairs := similarity.NewNGrams(2)
	pairs.Add("to be or not to be")
	pairs.Add("Be")
	fmt.Println(pairs.Total(), pairs.Distinct(), pairs.Count("to be"))
	// Output: 5 4 2
}

func ExampleNGrams_Merge() {
	a, b := similarity.NewNGrams(1), similarity.NewNGrams(1)
	a.Add("red green")
	b.Add("green blue")
	if err := a.Merge(b); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Count("red"), a.Count("green"), a.Count("blue"))
	// Output: 1 2 1
}

func ExampleKL() {
	train, near, far := similarity.NewNGrams(1), similarity.NewNGrams(1), similarity.NewNGrams(1)
	train.Add("the cat sat")
	near.Add("the cat sat and the dog sat")
	far.Add("what is 2 + 2 ?")
	for _, test := range []*similarity.NGrams{near, far} {
		divergence, err := similarity.KL(train, test)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f\n", divergence)
	}
	// Output:
	// 0.385
	// 21.927
}

func ExampleNGramKL() {
	train := []string{"What is the capital of France ?", "Translate to French : good morning", "Paris"}
	test := []string{"What is the capital of Peru ?", "What is the name of the river ?"}
	divergences, err := similarity.NGramKL(context.Background(), train, test, similarity.NGramConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", divergences)
	// Output: [7.36 21.42 23.03]
}

func ExamplePrefixKL() {
	train := []string{"add 2 and 3", "add 4 and 5", "name a river", "name a city"}
	tests := [][]string{{"add 6 and 7"}, {"name a lake"}}
	divergences, err := similarity.PrefixKL(context.Background(), train, tests, 2, similarity.NGramConfig{N: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("sums: %.2f\nnames: %.2f\n", divergences[0], divergences[1])
	// Output:
	// sums: [10.47 14.60]
	// names: [21.29 14.52]
}
