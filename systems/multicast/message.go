package multicast

import (
	"fmt"
	"strconv"
	"strings"

	"faultlab/sim/lab"
)

// begins stands before the number of every message.
const begins = "Multicast message "

// message is the text of that number, from 0, as the document has it.
func message(p lab.Params, number int64) string {
	said := fmt.Sprintf("%s%d", begins, number)
	missing := p.Int("size") - len(said)
	if missing <= 0 {
		return said
	}
	// A letter begins at every odd place, so that a cut behind an even number of
	// bytes goes through one.
	lead := min(1+len(said)%2, missing)
	letters := (missing - lead) / len("é")
	tail := missing - lead - letters*len("é")
	return said + strings.Repeat(" ", lead) + strings.Repeat("é", letters) + strings.Repeat(".", tail)
}

// number is that of a text, as far as it still shows; -1 if it is none.
func number(said string) int64 {
	rest, ok := strings.CutPrefix(said, begins)
	digits, _, _ := strings.Cut(rest, " ")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 0 {
		return -1
	}
	return n
}
