package scenarios

import "strings"

// Nearest finds the known word that is spelt nearly like text. A third of it
// may be wrong: "kil" is kill, but "eat" is not tear.
func Nearest(text string, known []string) (near string, found bool) {
	text = strings.ToLower(text)
	best := min(max(1, len(text)/3), 3) + 1
	for _, k := range known {
		if d := distance(text, strings.ToLower(k), best); d < best {
			best, near, found = d, k, true
		}
	}
	return near, found
}

// distance counts the letters to add, drop, change or swap with a neighbour
// until a is b. It gives up at limit.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if abs := max(len(s)-len(t), len(t)-len(s)); abs >= limit {
		return limit
	}
	before, above, row := []int{}, make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i, x := range s {
		row[0] = i + 1
		for j, y := range t {
			row[j+1] = min(above[j+1], row[j]) + 1
			if x == y {
				row[j+1] = above[j]
			} else {
				row[j+1] = min(row[j+1], above[j]+1)
			}
			if i > 0 && j > 0 && x == t[j-1] && s[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, make([]int, len(t)+1)
	}
	return above[len(t)]
}
