package browser

import (
	"testing"
	"github.com/chromedp/chromedp"
)

func TestZZ(t *testing.T) {
	b := demo(t, 1280, 800)
	eval[bool](b, `(() => { const f = window.fetch; window.fetch = async (...a) => { const s = performance.now(); const r = await f(...a); const j = r.json.bind(r); r.json = async () => { const v = await j(); performance.measure("fetch", {start: s}); window.__s = performance.now(); return v; }; return r; }; return true })()`)
	for i := range 12 {
		b.drag("[data-step='0']", []float64{7, -7}[i%2])
		b.until("", "performance.getEntriesByName('redraw').length > "+string(rune('0'+i%10)))
	}
	t.Log(eval[[]float64](b, `performance.getEntriesByName("fetch").map(e => Math.round(e.duration))`))
	t.Log(eval[[]float64](b, `performance.getEntriesByName("redraw").map(e => Math.round(e.duration))`))
	t.Log(eval[[]float64](b, `performance.getEntriesByName("draw").map(e => Math.round(e.duration))`))
	_ = chromedp.Reload
}
