package programs

import "strings"

// Texts takes strings apart, rune by rune, and makes new ones.
func Texts() int {
	text := strings.Repeat("the quick brown fox ", 20)
	vowels := 0
	for i := 0; i < 100; i++ {
		for _, r := range text {
			switch r {
			case 'a', 'e', 'i', 'o', 'u':
				vowels++
			}
		}
	}
	reversed := ""
	for i := len(text) - 1; i >= 0; i-- {
		reversed += text[i : i+1]
	}
	return vowels + len(reversed)
}
