package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

const explorable = "../explorable/" + lostAck

// side is what the page shows of a variant, where its fault is at the moment.
func (b *tab) side(number int) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelectorAll('.side')[%d].innerText", number))
}

// at moves the slider, as a finger does.
func (b *tab) at(position int) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(s => { s.value = %d; return s.dispatchEvent(new Event("input")) })(document.getElementById("position"))`, position))
}

// The fault is moved from key to key, and what it does changes with it.
func TestMoveTheFault(t *testing.T) {
	b := open(t, explorable, 1280, 900, false)
	require.Contains(t, b.text("#when"), "as scripted: when collector stores #17")
	require.Contains(t, b.side(0), "violates no-duplicates (1)")
	require.Contains(t, b.side(0), "17 > 17 = false → store")
	require.Contains(t, b.side(0), "paul/17 ×2 duplicated")
	require.Contains(t, b.side(1), "holds 8 properties")
	b.keep("explorable", "")

	// At the beginning nothing is on its way.
	b.do(chromedp.Focus(chromedp.ID("position")), chromedp.KeyEvent(kb.Home))
	require.Contains(t, b.side(0), "holds no-duplicates")
	require.Contains(t, b.side(0), "The fault met nothing.")
	require.Contains(t, b.text("#when"), "0.00 ms")
	b.do(chromedp.Click(chromedp.ID("scripted")))
	require.Contains(t, b.side(0), "paul/17 ×2 duplicated")

	// Somewhere else it hurts another message.
	before := b.text("#when")
	b.do(chromedp.Click(chromedp.ID("later")))
	require.NotEqual(t, before, b.text("#when"))
	require.NotContains(t, b.side(0), "paul/17 ")
	require.Contains(t, b.side(0), "violates no-duplicates (1)")
	require.Contains(t, eval[string](b, `document.getElementById("position").getAttribute("aria-valuetext")`), "original violates no-duplicates (1); hardened holds 8 properties")
}

func TestMoveTheFaultOnAPhone(t *testing.T) {
	b := open(t, explorable, 390, 844, true)
	for _, position := range []int{0, 14, 59} {
		b.at(position)
		require.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), 390, "position %d scrolls sideways", position)
	}
	b.at(14)
	b.keep("phone-explorable", "")
}
