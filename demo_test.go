//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

// startDemo starts `faultlab demo` on a free port and gives its address.
func startDemo(t *testing.T) (c *child, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel) // and one that does not end fails
	c = &child{t: t, temp: t.TempDir()}
	c.cmd = exec.CommandContext(ctx, os.Args[0], "demo", "-no-browser", "-addr", "127.0.0.1:0")
	c.cmd.Env = append(os.Environ(), asCommand+"=5s", "TMPDIR="+c.temp)
	out, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	c.stderr = bufio.NewScanner(out)
	require.NoError(t, c.cmd.Start())
	c.reads("Ctrl-C ends it")
	url = regexp.MustCompile(`http://\S+/`).FindString(c.said[0])
	require.NotEmpty(t, url)
	return c, url
}

// stopDemo ends it as a person does.
func (c *child) stopDemo() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Signal(syscall.SIGINT))
	require.Equal(c.t, exitOK, c.ends())
	c.leavesNothing()
}

// shown is what the tests read of an answer.
type shown struct {
	Error    string
	Mistakes []struct {
		Line, Col int
		Text      string
	}
	Script string
	Runs   []struct {
		Variant, World, Outcome, Finding string
		Why                              []string
	}
	Ticket string
}

func askDemo(ctx context.Context, url string, body any) (status int, got shown, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, shown{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		return 0, shown{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, shown{}, err
	}
	defer answer.Body.Close()
	err = json.NewDecoder(answer.Body).Decode(&got)
	return answer.StatusCode, got, err
}

func demoScript(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(scenarios.Embedded(), name+scenarios.Ext)
	require.NoError(t, err)
	return string(text)
}

type object = map[string]any

// The API, as the page uses it.
func TestDemo(t *testing.T) {
	c, url := startDemo(t)
	text := demoScript(t, "sensor/lost-ack")
	status, got, err := askDemo(t.Context(), url+"api/run", object{"name": "lost-ack", "script": text})
	require.NoError(t, err)
	require.Equal(t, 200, status, got.Error)
	require.Equal(t, text, got.Script)
	require.Equal(t, "original", got.Runs[0].Variant)
	require.Equal(t, "violates no-duplicates (1)", got.Runs[0].Finding)
	require.Equal(t, "hardened", got.Runs[1].Variant)
	require.Equal(t, "holds", got.Runs[1].Outcome)

	// Dragged to where nothing is answered, it meets nothing, and nothing breaks.
	status, got, err = askDemo(t.Context(), url+"api/run", object{"name": "lost-ack", "script": text, "edit": object{"step": 0, "at": 1_000}})
	require.NoError(t, err)
	require.Equal(t, 200, status, got.Error)
	require.Contains(t, got.Script, "\nat 1ms  reset_peer")
	require.Equal(t, "holds", got.Runs[0].Outcome)

	status, got, err = askDemo(t.Context(), url+"api/check", object{"name": "x", "script": strings.Replace(text, "collector stores", "colector stores", 1)})
	require.NoError(t, err)
	require.Equal(t, 422, status)
	require.Equal(t, 7, got.Mistakes[0].Line)
	require.Equal(t, 6, got.Mistakes[0].Col)
	require.Contains(t, got.Mistakes[0].Text, `unknown node "colector"`)

	answer, err := http.Get(url + "api/scenarios")
	require.NoError(t, err)
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Contains(t, string(all), `"sensor/lost-ack"`)

	// The page's files, under a name that is not ours.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	r.Host = "evil.example"
	refused, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer refused.Body.Close()
	require.Equal(t, http.StatusMisdirectedRequest, refused.StatusCode)
	c.stopDemo()
}

// What asks for too much, or makes a lab die or spin, costs its own run and not
// the demo.
func TestDemoIsBounded(t *testing.T) {
	c, url := startDemo(t)
	for name, test := range map[string]struct{ script, why string }{
		"a run that fills the memory": {"system fragile\nworkload breaks=fill\n", "may fill"},
		"a run that takes for ever":   {"system sensor\nworkload readings=100000 sensors=4 every=1ms poll=10ms\n", ""},
		"a run that spins":            {"system fragile\nworkload breaks=spin\n", "did not end within"},
		"a run that panics":           {"system fragile\nworkload breaks=panic\n", "panic"},
	} {
		t.Run(name, func(t *testing.T) {
			status, got, err := askDemo(t.Context(), url+"api/run", object{"name": "x", "script": test.script})
			require.NoError(t, err)
			require.Equal(t, 200, status, "%s %v", got.Error, got.Mistakes)
			require.Equal(t, "unknown", got.Runs[0].Outcome)
			require.Contains(t, strings.Join(got.Runs[0].Why, "\n"), test.why)
			require.NotEmpty(t, got.Runs[0].Why)
		})
	}
	for name, body := range map[string]any{
		"no script":          object{},
		"a clown":            object{"script": "🤡"},
		"bytes":              object{"script": "\x00\xff"},
		"a wrong type":       object{"script": 7},
		"a step that is not": object{"script": demoScript(t, "sensor/quiet"), "edit": object{"step": 99, "at": 1}},
		"a variant that is not": object{
			"script": demoScript(t, "sensor/quiet"), "variants": []string{"../../etc"},
		},
		"a name that is not": object{"name": "../../../x", "script": "system"},
		"a list":             []int{1},
	} {
		t.Run(name, func(t *testing.T) {
			status, got, err := askDemo(t.Context(), url+"api/run", body)
			require.NoError(t, err)
			require.GreaterOrEqual(t, status, 400)
			require.Less(t, status, 500)
			require.NotEmpty(t, got.Error)
		})
	}
	status, got, err := askDemo(t.Context(), url+"api/run", object{"name": "quiet", "script": demoScript(t, "sensor/slow-link")})
	require.NoError(t, err)
	require.Equal(t, 200, status, got.Error)
	require.Equal(t, "holds", got.Runs[1].Outcome, "after all that it works on")
	c.stopDemo()
}

// A hundred pages at once are answered, some with their runs and the others that
// they are too many; and then one is served as before.
func TestDemoUnderCrowd(t *testing.T) {
	c, url := startDemo(t)
	text := demoScript(t, "sensor/lost-ack")
	var mu sync.Mutex
	seen := map[int]int{}
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			status, _, err := askDemo(t.Context(), url+"api/run", object{"name": "x", "script": text, "page": fmt.Sprint(i)})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				status = -1
			}
			seen[status]++
		})
	}
	wg.Wait()
	require.Equal(t, 100, seen[200]+seen[429], "%v", seen)
	require.Positive(t, seen[200])
	status, _, err := askDemo(t.Context(), url+"api/run", object{"name": "x", "script": text})
	require.NoError(t, err)
	require.Equal(t, 200, status)
	c.stopDemo()
}

// stream reads the events of a live run up to one with a text in it.
func stream(t *testing.T, lines *bufio.Scanner, text string) string {
	t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}
	require.Fail(t, "the stream ended without it", text)
	return ""
}

// A live run streams the events of real processes. Who closes the page ends
// them; so does who ends the demo.
func TestDemoLive(t *testing.T) {
	c, url := startDemo(t)
	idle := len(c.processes())
	book := func(script string) string {
		status, got, err := askDemo(t.Context(), url+"api/live", object{"name": "x", "script": script})
		require.NoError(t, err)
		require.Equal(t, 200, status, got.Error)
		return url + "api/live?ticket=" + got.Ticket
	}
	open := func(ctx context.Context, at string) (status int, lines *bufio.Scanner) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		t.Cleanup(func() { answer.Body.Close() })
		lines = bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 16<<20)
		return answer.StatusCode, lines
	}
	text := demoScript(t, "sensor/lost-ack")
	at := book(text)
	status, lines := open(t.Context(), at)
	require.Equal(t, 200, status)
	stream(t, lines, `"kind":"store"`)
	stream(t, lines, "event: result")
	require.Contains(t, stream(t, lines, "data:"), "violates no-duplicates (1)")
	status, _ = open(t.Context(), at)
	require.Equal(t, http.StatusNotFound, status, "a ticket is good for one run")
	c.atMost(idle)

	// It would go on for a minute.
	long := strings.Replace(text, "readings=100", "readings=6000", 1)
	ctx, leave := context.WithCancel(t.Context())
	_, lines = open(ctx, book(long))
	stream(t, lines, `"kind":"store"`)
	require.Greater(t, len(c.processes()), idle)
	leave()
	c.atMost(idle)

	// Two pages at most run live at a time. Who ends the demo ends them.
	for range 2 {
		status, lines = open(t.Context(), book(long))
		require.Equal(t, 200, status)
	}
	status, _ = open(t.Context(), book(long))
	require.Equal(t, http.StatusTooManyRequests, status)
	stream(t, lines, `"kind":"store"`)
	c.stopDemo()
}

// atMost waits until no more than so many processes are left.
func (c *child) atMost(n int) {
	c.t.Helper()
	require.Eventually(c.t, func() bool { return len(c.processes()) <= n }, time.Minute, 20*time.Millisecond, "processes run on")
}
