package browser

import (
	"bufio"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// command is the faultlab command, built once.
var command = sync.OnceValues(func() (string, error) {
	program, err := filepath.Abs(filepath.Join("out", "faultlab"))
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the command: %w\n%s", err, said)
	}
	return program, nil
})

// serve starts a demo and gives its address.
func serve(t *testing.T) string {
	t.Helper()
	program, err := command()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, "demo", "-no-browser", "-addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends what it started
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	address := regexp.MustCompile(`http://\S+/`).FindString(line)
	require.NotEmpty(t, address, line)
	return address
}

// demo opens the demo of its own server.
func demo(t *testing.T, width, height int64) *tab {
	t.Helper()
	return visit(t, serve(t), width, height)
}

func visit(t *testing.T, address string, width, height int64) *tab {
	t.Helper()
	b := start(t, width, height, false)
	at, err := url.Parse(address)
	require.NoError(t, err)
	b.mu.Lock()
	b.home = at.Host
	b.mu.Unlock()
	b.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("body[data-ready]")))
	b.shows(".side .finding", "")
	return b
}

// shows waits until the page shows a text there.
func (b *tab) shows(selector, text string) {
	b.t.Helper()
	require.Eventually(b.t, func() bool {
		return eval[bool](b, fmt.Sprintf("[...document.querySelectorAll(%q)].some(e => e.innerText !== '' && e.innerText.includes(%q))", selector, text))
	}, patience, 20*time.Millisecond, "%s never showed %q; it shows %q", selector, text, b.textOf(selector))
}

func (b *tab) textOf(selector string) string {
	return eval[string](b, fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText).join('\\n')", selector))
}

// drag moves the pointer from the middle of an element by so many pixels.
func (b *tab) drag(selector string, by float64) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf("(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector(%q).getBoundingClientRect())", selector))
	mouse := func(kind input.DispatchMouseEventType, x float64) {
		call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: at[1], Button: "left", Buttons: 1, ClickCount: 1})
	}
	mouse("mousePressed", at[0])
	for i := 1; i <= 5; i++ {
		mouse("mouseMoved", at[0]+by*float64(i)/5)
	}
	mouse("mouseReleased", at[0]+by)
}

func (b *tab) script() string { return eval[string](b, `document.getElementById("script").value`) }

// Of a reading whose ACK is lost the original makes two. Dragged to where
// nothing is answered the fault does no harm, and undone it does again.
func TestDragFlipsTheVerdict(t *testing.T) {
	b := demo(t, 1280, 800)
	b.shows(".side[data-variant=original] .finding", "violates no-duplicates")
	b.shows(".side[data-variant=hardened] .finding", "holds")
	b.shows(".side[data-variant=original] .belief", "stored 2 times")
	b.keep("demo-lost-ack", "")

	b.drag("[data-step='0']", 60)
	b.shows(".side[data-variant=original] .finding", "holds")
	b.shows("#notice", "when collector stores #17") // the hand has let go
	require.Regexp(t, `(?m)^at \S+ms +reset_peer`, b.script())
	b.keep("demo-dragged", "")

	b.do(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.shows(".side[data-variant=original] .finding", "violates no-duplicates")
	require.Contains(t, b.script(), "when collector stores #17")
}

// The keys do what the pointer does.
func TestKeysMoveAFault(t *testing.T) {
	b := demo(t, 1280, 800)
	eval[bool](b, `(bar => { bar.focus(); return true })(document.querySelector("[data-step='0']"))`)
	for range 5 {
		b.do(chromedp.KeyEvent(kb.ArrowRight))
	}
	b.shows(".side[data-variant=original] .finding", "holds")
	moved := b.script()
	require.Regexp(t, `(?m)^at \S+ms +reset_peer .* for 20ms$`, moved)
	b.do(chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.until("the fault is longer", `!/for 20ms$/m.test(document.getElementById("script").value)`)

	b.do(chromedp.KeyEvent(kb.Delete))
	b.shows("#timeline", "No fault yet")
	require.NotContains(t, b.script(), "reset_peer")
	b.do(chromedp.KeyEvent("n"))
	b.until("the dialog is open", `document.getElementById("adding").open`)
	b.keep("demo-adding", "")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.shows("#timeline", "reset_peer")
	require.Regexp(t, `(?m)^at \S+ +reset_peer forwarder->collector for`, b.script())
}

// Nonsense is answered at its place, and what was shown stays.
func TestNonsenseInTheScript(t *testing.T) {
	b := demo(t, 1280, 800)
	b.write(strings.Replace(b.script(), "collector stores", "colector stores", 1))
	b.shows("#mistakes", `line 7:6 unknown node "colector"`)
	b.shows("#notice", "last good one")
	require.Contains(t, b.textOf(".side[data-variant=original] .finding"), "violates no-duplicates")
	require.Equal(t, "colector", eval[string](b, `document.querySelector("#backdrop mark").textContent`))
	b.keep("demo-nonsense", "")

	b.write("🤡 \x00 <script>alert(1)</script>\n" + strings.Repeat("when ", 2000))
	b.shows("#mistakes", "line 1:")
	b.write(strings.Replace(b.script(), b.script(), "system sensor\nworkload readings=20\n", 1))
	b.shows(".side[data-variant=hardened] .finding", "holds")
	b.until("the mistakes are gone", `document.querySelectorAll("#mistakes li").length === 0`)
}

// A tour asks first, and shows what came of it when somebody has chosen.
func TestTourToItsEnd(t *testing.T) {
	b := demo(t, 1280, 800)
	b.pick("tours", "02-sensor")
	b.shows("#tour", "How it should be")
	b.do(chromedp.Click(chromedp.CSS("#tour .next")))
	b.shows("#tour .asked", "What does it do with the second 17?")
	b.shows(".side[data-variant=original] h2", "original")
	require.Equal(t, "none", eval[string](b, `getComputedStyle(document.querySelector(".side .finding")).display`))
	require.Equal(t, "none", eval[string](b, `getComputedStyle(document.querySelector(".desk")).display`), "its story tells the answer")
	b.keep("demo-tour-asks", "")
	b.do(chromedp.Click(chromedp.CSS("#tour .choice")))
	b.shows("#tour .reveal", "17 > 17 = false")
	b.shows(".side[data-variant=original] .finding", "violates no-duplicates")
	b.keep("demo-tour-reveals", "")
	for range 2 {
		b.do(chromedp.Click(chromedp.CSS("#tour .next")))
	}
	b.shows("#tour", "An answer is not an ACK")
	b.do(chromedp.KeyEvent("2"))
	b.shows("#tour .reveal", "Being answered is not being heard")
	b.do(chromedp.Click(chromedp.CSS("#tour .next")))
	b.until("the tour is over", `document.getElementById("tour").hidden`)
}

// The same script in real processes: their events show as they come.
func TestLive(t *testing.T) {
	b := demo(t, 1280, 800)
	b.do(chromedp.KeyEvent("l"))
	b.shows(".livefeed", "real processes")
	b.shows(".livefeed li", "forwarder send")
	b.keep("demo-live", "")
	b.shows("#notice", "came of real processes")
	b.shows(".side[data-variant=original] h2", "in real processes")
	require.Contains(t, b.textOf(".side[data-variant=original] .finding"), "violates no-duplicates")
	b.keep("demo-live-result", "")
}

func TestPlay(t *testing.T) {
	b := demo(t, 1280, 800)
	for range 12 {
		b.do(chromedp.KeyEvent("."))
	}
	require.NotContains(t, b.text("#clock"), "the end")
	b.shows(".side .logtitle", "Stored so far")
	b.keep("demo-step", "")
	b.pick("speed", "8")
	b.do(chromedp.KeyEvent(" "))
	b.until("a message moves", `document.querySelector(".moving") !== null`)
	b.keep("demo-play", "")
	b.shows("#clock", "the end")
	b.shows(".side .logtitle", "Final log")
}

// Any two variants can stand beside one another.
func TestVariants(t *testing.T) {
	b := demo(t, 1280, 800)
	b.pick("scenario", "users/rest-post-ack-lost")
	b.shows(".side[data-variant=naive] .finding", "violates no-duplicates")
	require.True(t, eval[bool](b, `(list => { list.value = "original"; return list.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector(".side .name"))`))
	b.shows(".side[data-variant=original] .finding", "violates")
	b.until("the other stays", `document.querySelectorAll(".side")[1].dataset.variant === "hardened"`)
}

// What each node believes of a message parts where its ACK is lost, and where a
// node dies that had it in memory alone.
func TestBeliefs(t *testing.T) {
	b := demo(t, 1280, 800)
	b.do(chromedp.Click(chromedp.CSS(".side[data-variant=original] .belief button"))) // they parted at …
	b.do(chromedp.KeyEvent("."))
	b.shows(".side[data-variant=original] .belief", "forwarder: sent, no answer yet")
	b.shows(".side[data-variant=original] .belief", "collector: stored")
	b.shows(".side[data-variant=original] .belief", "here they part")
	b.keep("demo-beliefs", ".side")

	b.pick("scenario", "facade/two-crashes")
	b.shows(".side[data-variant=original] .belief", "logging: stored, then died")
	b.shows(".side[data-variant=original] .belief", "it is not in the log")
	b.keep("demo-beliefs-died", ".side")
}

// A lesson is handed out as a link, which carries the script.
func TestLinkCarriesTheScript(t *testing.T) {
	b := demo(t, 1280, 800)
	b.write("# Mine.\nsystem   sensor\nworkload readings=7\n")
	b.shows("#about", "Mine.")
	b.until("the address has it", `location.hash.startsWith("#s=")`)
	text := b.script()
	b.do(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("body[data-ready]")))
	b.shows("#about", "Mine.")
	require.Equal(t, text, b.script())
	eval[bool](b, `(location.hash = "#s=AAAA", true)`)
	b.shows("#notice", "no script that can be read")
}

func TestWidths(t *testing.T) {
	for name, width := range map[string]int64{"phone": 390, "tablet": 820, "beamer": 1024, "projector": 1920} {
		b := demo(t, width, map[string]int64{"phone": 844, "projector": 1080}[name]+0)
		require.LessOrEqual(t, eval[int64](b, "document.documentElement.scrollWidth"), width, "%s scrolls sideways", name)
		b.keep("demo-"+name, "")
	}
}

// A scenario of every lab can be shown, and none upsets the page.
func TestEveryLab(t *testing.T) {
	b := demo(t, 1280, 800)
	for _, name := range []string{
		"users/bad-day", "facade/two-crashes", "userservice/grpc-create-cut", "bank/bank-perform-cut", "chat/chat-ack-lost", "greeting/greet-blackhole", "sensor/power-cut",
	} {
		b.pick("scenario", name)
		b.until(name+" is shown", fmt.Sprintf(`document.getElementById("sides").dataset.system === %q && document.querySelector(".side").dataset.outcome === "violated"`, strings.Split(name, "/")[0]))
		b.keep("demo-"+strings.ReplaceAll(name, "/", "-"), "")
	}
}

// pick chooses in a list.
func (b *tab) pick(id, value string) {
	b.t.Helper()
	require.True(b.t, eval[bool](b, fmt.Sprintf(`(list => { list.value = %q; list.dispatchEvent(new Event("change", {bubbles: true})); return list.value === %q })(document.getElementById(%q))`, value, value, id)), value)
}

// write puts a text into the editor, as a person would.
func (b *tab) write(text string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(area => { area.focus(); area.value = %q; return area.dispatchEvent(new Event("input", {bubbles: true})) })(document.getElementById("script"))`, text))
}

// until waits for a condition on the page.
func (b *tab) until(what, condition string) {
	b.t.Helper()
	require.Eventually(b.t, func() bool { return eval[bool](b, condition) }, patience, 20*time.Millisecond, what)
}

// How long a hand waits for what it does, from the move to the new picture. It
// is told, and not judged: the machine may have other things to do.
func TestLatencyOfADrag(t *testing.T) {
	for _, readings := range []int{20, 100, 500} {
		b := demo(t, 1280, 800)
		b.write(strings.Replace(b.script(), "readings=100 every=10ms", fmt.Sprintf("readings=%d every=%dµs", readings, 1_000_000/readings), 1))
		b.until("it is run", fmt.Sprintf(`document.querySelector(".traffic svg")?.dataset.count >= %d`, readings))
		for i := range 12 {
			b.drag("[data-step='0']", []float64{7, -7}[i%2])
			b.until("it is drawn", fmt.Sprintf(`performance.getEntriesByName("redraw").length > %d`, i))
		}
		took := eval[[]float64](b, `performance.getEntriesByName("redraw").map(e => e.duration).sort((a, b) => a - b)`)
		t.Logf("%d messages: p50 %.0f ms, p99 %.0f ms, of %d redraws", readings, took[len(took)/2], took[len(took)*99/100], len(took))
	}
}
