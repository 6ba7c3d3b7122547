package explain

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Two lines that differ in a time are told as one. Two that differ in a node
// are not: of three receivers each may have got the message, or not.
func TestFoldIsOfAlikes(t *testing.T) {
	line := func(text string) Line { return Line{said: text, node: "sender"} }
	folded := func(texts ...string) (all []string) {
		var lines []Line
		for _, text := range texts {
			lines = append(lines, line(text))
		}
		for _, l := range fold(lines) {
			all = append(all, l.said)
		}
		return all
	}
	require.Equal(t, []string{"sent it after 301 ms, and again at 0.0 ms"}, folded("sent it after 301 ms", "sent it after 29.8 ms"))
	apart := []string{"sent it to receiver", "sent it to receiver2", "sent it to receiver3"}
	require.Equal(t, apart, folded(apart...))
}
