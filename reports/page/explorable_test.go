package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
)

func TestSideTellsTheRun(t *testing.T) {
	r := lostAck()
	s := SideOf(r, "1 connection")
	require.Equal(t, check.Violated, s.Outcome)
	require.Equal(t, "How paul/17 came to violate no-duplicates", s.Title)
	require.Len(t, s.Lines, sentences)
	require.Contains(t, s.Rule, "17 > 17 = false → store")
	require.Equal(t, []sideLog{{Name: "collector", Summary: "101 entries, 1 duplicated", Marks: []string{"18 paul/17 ×2 duplicated"}}}, s.Logs)

	// Its diagram has what the story tells, of a hundred messages that passed.
	require.Len(t, s.Model.Messages, 1)
	require.Len(t, s.Model.Nodes, 2)
	require.Len(t, s.Model.Hops, 4)
	lost := 0
	for _, h := range s.Model.Hops {
		if h[1] < 0 {
			lost++
			require.EqualValues(t, 0, h[7], "of the only fault")
		}
	}
	require.Equal(t, 1, lost)
}

// explorable is a fault at three positions: it does harm, none, and nobody
// knows what.
func explorable() *Explorable {
	harm := SideOf(lostAck(), "1 connection")
	return &Explorable{
		Fault: "reset_peer sensor->collector downstream", Moment: "when collector stores #17", Variants: []string{"original"}, Span: 20_000,
		Positions: []Position{
			{At: 0, Sides: []Side{{Outcome: check.Holds, Finding: "holds no-duplicates"}}},
			{At: 8_300, Scripted: true, Sides: []Side{harm}},
			{At: 10_000, Sides: []Side{{Outcome: check.Unknown, Finding: "unknown: it hung"}}},
		},
	}
}

// Where it hurts stands in the page itself: also in print, and without its
// program. The forms of the cells say it without colours.
func TestStrip(t *testing.T) {
	r := lostAck()
	require.NotContains(t, render(t, r), "Move the fault")
	r.Explorable = explorable()
	page := render(t, r)
	require.Contains(t, words(page), "The same script was run with reset_peer sensor->collector downstream at 3 times")
	require.Contains(t, words(page), "original violated at 1 of 3, unknown at 1")
	require.Contains(t, page, `<path class="quiet" d="M5 12h0"/>`)
	require.Contains(t, page, `<path class="broken" d="M11 2h8v20h-8z"/>`)
	require.Contains(t, page, `<path class="open" d="M21 2h8v20h-8z"/>`)
	require.Contains(t, page, `max="2" value="1"`, "the slider stands where the script has the fault")
}

func TestHostileOutcomes(t *testing.T) {
	r := lostAck()
	e := explorable()
	e.Fault = "</script><img src=x>"
	e.Positions[0].Sides[0].Finding = "</script><!-- \u202e \x1b[2J"
	r.Explorable = e
	page := render(t, r)
	require.Equal(t, 3, strings.Count(page, "</script>"), "the page's own")
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, "<!--")
	require.NotContains(t, page, "\x1b")
	require.NotContains(t, page, "\u202e")
}
