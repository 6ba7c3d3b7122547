package check

import "strings"

// clauses are what an invoke's detail says of its operation; see the package
// comment.
type clauses struct {
	to     []string // nil: it belongs in any one log
	batch  string
	saw    []string // "source/seq"
	want   string
	wanted bool // there is one right answer, maybe an empty one
}

// clausesOf reads a detail. What is no clause is for people.
func clausesOf(detail string) clauses {
	var c clauses
	for rest, more := detail, true; more; {
		if want, ok := strings.CutPrefix(rest, "want "); ok {
			c.want, c.wanted = want, true
			return c
		}
		var clause string
		clause, rest, more = strings.Cut(rest, "; ")
		switch word, text, _ := strings.Cut(clause, " "); word {
		case "to":
			c.to = strings.Split(text, ",")
		case "batch":
			c.batch = text
		case "saw":
			c.saw = strings.Split(text, ",")
		}
	}
	return c
}
