// Package browser opens the reports in a real browser. It is a module of its
// own, so that whoever uses faultlab does not fetch a browser's driver.
package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// scenarios are run once for all tests, in the virtual world: it needs no
// ports and takes no time.
var scenarios = []string{"sensor/lost-ack", "sensor/fast-sensor", "users/bad-day", "facade/two-crashes", "facade/power-cut"}

// patience is for a machine that has other things to do; no test waits for it.
const patience = time.Minute

var saved = sync.OnceValues(func() (string, error) {
	out, err := filepath.Abs("out")
	if err != nil {
		return "", err
	}
	runs := filepath.Join(out, "runs")
	return runs, errors.Join(
		os.RemoveAll(runs), // the pictures stay: other tests draw some too
		save(runs, scenarios...),
		save(filepath.Join(out, "explorable"), "-explorable", "sensor/lost-ack"),
	)
})

// save runs scenarios, as a person does.
func save(out string, args ...string) error {
	run := exec.Command("go", append([]string{"run", ".", "run", "-world", "virtual", "-out", out}, args...)...)
	run.Dir = filepath.Join("..", "..")
	if said, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("run the scenarios that are to be looked at: %w\n%s", err, said)
	}
	return nil
}

// tab is a browser's tab, and what went wrong in it.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	home     string   // the one server that the page may ask; "": none
	requests []string // but for files
	errors   []string
}

// open starts a browser of its own and opens a file of the saved runs.
func open(t *testing.T, file string, width, height int64, dark bool) *tab {
	t.Helper()
	runs, err := saved()
	require.NoError(t, err)
	b := start(t, width, height, dark)
	b.do(
		chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(runs, file))}).String()),
		chromedp.WaitReady(chromedp.CSS("main")),
	)
	return b
}

// start starts a browser of its own.
func start(t *testing.T, width, height int64, dark bool) *tab {
	t.Helper()
	program, why := browser()
	if program == "" {
		t.Skip(why)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, b.watch))
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600,
	})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		require.Empty(t, b.errors, "errors on the console")
		require.Empty(t, b.requests, "a page must need no network")
	})
	return b
}

func (b *tab) watch(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "file" && u.Scheme != "data" && u.Scheme != "blob" && (b.home == "" || u.Host != b.home) {
			b.requests = append(b.requests, e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.errors = append(b.errors, fmt.Sprint(e.Args))
		}
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// call sends the browser a command.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	answer, err := chromedp.Call(b.ctx, command, params)
	require.NoError(b.t, err)
	return answer
}

// eval gives the value of an expression on the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err)
	return value
}

// text is what the page shows there.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// choose types the name of a message into the filter.
func (b *tab) choose(message string) {
	b.t.Helper()
	eval[bool](b, `(field => { field.focus(); field.select(); return true })(document.getElementById("message"))`)
	b.do(chromedp.KeyEvent(kb.Backspace), chromedp.KeyEvent(message+kb.Enter))
}

// keep saves a picture of the whole page, or of a part of it, for people.
func (b *tab) keep(name, part string) {
	b.t.Helper()
	take := chromedp.FullScreenshot(100)
	if part != "" {
		take = chromedp.Screenshot(chromedp.CSS(part))
	}
	picture, err := chromedp.Run(b.ctx, take)
	require.NoError(b.t, err)
	require.True(b.t, bytes.HasPrefix(picture, []byte("\x89PNG")))
	require.NoError(b.t, os.MkdirAll("out", 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join("out", name+".png"), picture, 0o644))
}
