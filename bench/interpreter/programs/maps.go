package programs

// Maps counts and looks up words.
func Maps() int {
	words := []string{"a", "be", "see", "a", "tree", "be", "a"}
	counts := map[string]int{}
	for i := 0; i < 50_000; i++ {
		counts[words[i%len(words)]]++
	}
	sum := 0
	for i := 0; i < 20_000; i++ {
		if n, ok := counts[words[i%len(words)]]; ok {
			sum += n
		}
	}
	for word, n := range counts {
		sum += len(word) * n
	}
	return sum
}
