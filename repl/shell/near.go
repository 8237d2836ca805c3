package shell

import (
	"cmp"
	"slices"
	"strings"
)

// near returns the names that a word may be a slip of, the nearest first. Case does not matter much.
func near(word string, names []string) []string {
	type found struct {
		name     string
		distance int
	}
	var list []found
	limit := max(1, min(3, len(word)/3))
	for _, name := range names {
		d := distance(strings.ToLower(word), strings.ToLower(name))
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(name), strings.ToLower(word)) {
			d = min(d, 1)
		}
		if d <= limit && d < len(word) {
			list = append(list, found{name, d})
		}
	}
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(a.distance-b.distance, abs(len(a.name)-len(word))-abs(len(b.name)-len(word)), cmp.Compare(a.name, b.name))
	})
	var nearest []string
	for _, f := range list {
		if !slices.Contains(nearest, f.name) && len(nearest) < 3 {
			nearest = append(nearest, f.name)
		}
	}
	return nearest
}

func abs(n int) int { return max(n, -n) }

// distance is how many letters have to be put in, taken out, changed, or swapped with the next to make b of a: the
// optimal string alignment of Damerau and Levenshtein.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(s)][len(t)]
}
