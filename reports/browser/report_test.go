package browser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const lostAck = "sensor/lost-ack/original/virtual/report.html"

func TestReportTellsWhy(t *testing.T) {
	b := open(t, lostAck, 1280, 900, false)
	require.Contains(t, b.text(".finding"), "violates no-duplicates")
	require.Contains(t, b.text("#story"), "paul/17")
	require.Contains(t, b.text("#story"), "17 > 17 = false")
	require.Contains(t, b.text(".log.this"), "duplicated")
	require.Contains(t, b.text("#replay"), "faultlab run -variant original -world virtual -seed 1 sensor/lost-ack")
	b.keep("lost-ack", "")
	b.keep("lost-ack-diagram", "#explorer")
}

func TestFilterByMessage(t *testing.T) {
	b := open(t, lostAck, 1280, 900, false)
	eval[bool](b, `(show => { show.value = "only"; return show.dispatchEvent(new Event("change")) })(document.getElementById("show"))`)
	require.Equal(t, eval[int](b, `document.querySelectorAll(".drawing .item").length`), eval[int](b, `document.querySelectorAll(".drawing .item.chosen").length`))
	b.choose("paul/3")
	require.Contains(t, b.text("#panel"), "paul/3:")
	require.Contains(t, eval[string](b, "location.hash"), "message=paul%2F3")
	b.keep("only-paul-3", "#explorer")

	// An unknown one is told, and changes nothing.
	b.choose("nobody/9")
	require.Contains(t, b.text("#panel"), "No message is called nobody/9")
}

func TestFollowTheOffendingMessage(t *testing.T) {
	b := open(t, lostAck, 1280, 900, false)
	b.do(chromedp.Focus(chromedp.ID("diagram")))
	var seen []string
	for range 14 {
		b.do(chromedp.KeyEvent("n"))
		seen = append(seen, b.text("#panel"))
	}
	all := strings.Join(seen, "\n")
	require.Contains(t, all, "collector answered forwarder with ACK")
	require.Contains(t, all, "it never came: F1 reset_peer forwarder->collector downstream")
	require.Contains(t, all, "forwarder sent POST to collector again")
	require.Contains(t, all, "17 > 17 = false → store")
	b.keep("followed", "#explorer")
	b.do(chromedp.KeyEvent("p"))
	require.Contains(t, strings.Join(seen, "\n"), b.text("#panel"))

	// The address keeps the view.
	hash := eval[string](b, "location.hash")
	require.Contains(t, hash, "step=")
	before := b.text("#panel")
	b.do(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("main")))
	require.Equal(t, before, b.text("#panel"))
}

func TestZoom(t *testing.T) {
	b := open(t, lostAck, 1280, 900, false)
	height := func() float64 { return eval[float64](b, `document.querySelector(".field").offsetHeight`) }
	before := height()
	b.do(chromedp.Click(chromedp.ID("in")))
	require.Greater(t, height(), before)
	b.do(chromedp.Focus(chromedp.ID("diagram")), chromedp.KeyEvent("-"), chromedp.KeyEvent("-"))
	require.Less(t, height(), before)
	b.do(chromedp.Click(chromedp.ID("reset")))
	require.Equal(t, before, height())
}

func TestMessageLinkLeadsToTheDiagram(t *testing.T) {
	b := open(t, lostAck, 1280, 900, false)
	b.do(chromedp.Click(chromedp.CSS(`a.message`)))
	require.Equal(t, "paul/17", eval[string](b, `document.getElementById("message").value`))
}

func TestPhone(t *testing.T) {
	for _, file := range []string{lostAck, "users/bad-day/naive/virtual/report.html", "index.html"} {
		b := open(t, file, 390, 844, false)
		require.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), 390, "%s scrolls sideways", file)
		b.keep("phone-"+strings.ReplaceAll(filepath.Dir(file), "/", "-"), "")
	}
}

func TestDark(t *testing.T) {
	b := open(t, "facade/two-crashes/original/virtual/report.html", 1280, 900, true)
	require.Equal(t, "rgb(23, 23, 22)", eval[string](b, "getComputedStyle(document.body).backgroundColor"))
	b.keep("dark", "")
}

func TestOthers(t *testing.T) {
	for _, file := range []string{
		"users/bad-day/naive/virtual", "facade/power-cut/original/virtual", "sensor/lost-ack/hardened/virtual", "sensor/fast-sensor/original/virtual",
	} {
		b := open(t, file+"/report.html", 1280, 900, false)
		b.keep(strings.ReplaceAll(file, "/", "-"), "")
	}
}

// A run of 15,000 events is drawn in parts, so that it can be moved about in.
func TestManyEvents(t *testing.T) {
	b := open(t, "sensor/fast-sensor/original/virtual/report.html", 1280, 900, false)
	b.choose("")
	eval[float64](b, `document.getElementById("diagram").scrollTop = document.querySelector(".field").offsetHeight / 2`)
	require.Eventually(t, func() bool {
		drawn := eval[int](b, `document.querySelectorAll(".drawing .item").length`)
		return drawn > 0 && drawn < 2000
	}, patience, 50*time.Millisecond)
	b.keep("many", "#explorer")
}

// In print there are no controls, and all that tells why is there, black on
// white also for whoever reads on a dark screen.
func TestPrint(t *testing.T) {
	b := open(t, lostAck, 1280, 900, true)
	background := true
	pdf := call(b, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: &background}).Data
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF")))
	require.NoError(t, os.WriteFile(filepath.Join("out", "lost-ack.pdf"), pdf, 0o644))

	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 794, Height: 1123, DeviceScaleFactor: 1})
	text := b.text("body")
	require.Contains(t, text, "17 > 17 = false")
	require.Contains(t, text, "duplicated")
	require.Contains(t, text, "faultlab run -variant original")
	require.NotContains(t, text, "Reset")
	require.Equal(t, "rgb(255, 255, 255)", eval[string](b, "getComputedStyle(document.body).backgroundColor"))
	require.True(t, eval[bool](b, `document.querySelector(".excerpt svg").getBoundingClientRect().height > 100`))
	b.keep("print", "")
}

func TestIndexLeadsToTheReports(t *testing.T) {
	b := open(t, "index.html", 1280, 900, false)
	b.keep("index", "")
	b.do(
		chromedp.Click(chromedp.CSS(`a[href$="sensor/lost-ack/original/virtual/report.html"]`)),
		chromedp.WaitReady(chromedp.CSS("#story")),
	)
	require.Contains(t, b.text("h1"), "sensor/lost-ack")
}
