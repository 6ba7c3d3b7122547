package sensor

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
)

// postOf is a request with text in its body.
func postOf(text string) string {
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: collector\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
}

func recordOf(seq int64) string {
	return record{host: "edge", epoch: 1, seq: seq, line: "paul 13.2 64.2 1612091235112730000"}.String()
}

// talk runs a variant's collector, sends it each of the requests, each on a
// connection of its own, and returns the answers and the collector's files.
func talk(t *testing.T, v lab.Variant, requests ...string) (answers []string, files map[string]string) {
	t.Helper()
	files = map[string]string{}
	roles := maps.Clone(v.Roles)
	roles["forwarder"] = func(ctx context.Context, env lab.Env) (err error) {
		answers, err = labtest.AskAll(ctx, env, collector, requests...)
		return err
	}
	require.NoError(t, onBench(roles, func(ctx context.Context, b *bench) error {
		if err := b.Start(ctx, collector, world.Boot{Incarnation: 1}); err != nil {
			return err
		}
		if err := b.Open(ctx, "forwarder->collector"); err != nil {
			return err
		}
		if err := b.Play(ctx, "forwarder"); err != nil {
			return err
		}
		names, err := b.disk.List()
		for _, name := range names {
			text, _ := b.disk.Read(name)
			files[name] = string(text)
		}
		return err
	}))
	return answers, files
}

func TestHardenedCollectorAnswers(t *testing.T) {
	long := strings.Repeat("x", largestBody+1)
	for _, test := range []struct{ name, request, answer string }{
		{"the next record", postOf(recordOf(2)), "200 ACK edge/1.2"},
		{"the last one again", postOf(recordOf(1)), "200 ACK edge/1.1"},
		{"one that leaves a gap", postOf(recordOf(3)), "503 edge/1.3 is not the next record"},
		{"the document's line", postOf("paul 13.2 64.2 1612091235112730000"), "400 " + errNotARecord.Error()},
		{"nothing", postOf(""), "400 " + errNotARecord.Error()},
		{"a wrong checksum", postOf(strings.Replace(recordOf(2), "13.2", "13.3", 1)), "400 " + errChecksum.Error()},
		{"two records", postOf(recordOf(2) + "\n" + recordOf(3)), "400 " + errNotARecord.Error()},
		{"a body too large", postOf(long), "400 the body is cut short or over 4096 bytes"},
		{"chunks without a length", "POST / HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 " + errNotARecord.Error()},
		{"a length that is no number", "POST / HTTP/1.1\r\nHost: c\r\nContent-Length: many\r\n\r\n", "400 400 Bad Request"},
		{"no HTTP", "ACK 1612022966713052000\r\n\r\n", "400 400 Bad Request"},
		{"a GET", "GET / HTTP/1.1\r\nHost: c\r\n\r\n", "405 records are taken by POST only"},
		{"half a body", postOf(recordOf(2))[:100], "400 the body is cut short or over 4096 bytes"},
		{"half a head", "POST / HTTP/1.1\r\nHost: coll", labtest.Closed},
		{"silence", "", labtest.Closed},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers, files := talk(t, hardened(), postOf(recordOf(1)), test.request, postOf(recordOf(1)), postOf(recordOf(2)))
			require.Equal(t, []string{"200 ACK edge/1.1", test.answer, "200 ACK edge/1.1", "200 ACK edge/1.2"}, answers)
			require.Equal(t, map[string]string{"server-paul.log": recordOf(1) + "\n" + recordOf(2) + "\n"}, files)
		})
	}
}

// What Python does where the document's code raises: the connection closes
// without an answer, and the next one is served.
func TestOriginalCollectorAnswers(t *testing.T) {
	first, second := "paul 13.2 64.2 1612091235112730000", "paul 3.1 64.3 1612091236118373000"
	const ok = "200 ACK "
	for _, test := range []struct{ name, request, answer, stored string }{
		{"the next line (Fig. 1)", postOf(second), ok + "1612091236118373000", second + "\n"},
		{"with the time in words", postOf("paul 3.1 64.3 12:07:16 1612091236118373000"), ok + "1612091236118373000", "paul 3.1 64.3 12:07:16 1612091236118373000\n"},
		{"the last line again", postOf(first), ok + "1612091235112730000", first + "\n"},
		{"an older line", postOf("paul 3.1 64.3 7"), ok + "7", ""},
		{"no number for an id", postOf("paul 3.1 64.3 noon"), labtest.Closed, ""},
		{"no text", postOf("paul 3.1 64.3 \xff"), labtest.Closed, ""},
		{"a path for a name", postOf("../x 3.1 64.3 7"), labtest.Closed, ""},
		{"no length", "POST / HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", labtest.Closed, ""},
		{"a GET", "GET / HTTP/1.1\r\nHost: c\r\n\r\n", "501 Unsupported method ('GET')", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers, files := talk(t, original(), postOf(first), test.request, postOf("hammad 0.1 64.2 1"))
			require.Equal(t, []string{ok + "1612091235112730000", test.answer, ok + "1"}, answers)
			require.Equal(t, map[string]string{"server-paul.log": first + "\n" + test.stored, "server-hammad.log": "hammad 0.1 64.2 1\n"}, files)
		})
	}
}

// One torn line poisons the log: every request fails on it from then on.
func TestOriginalCollectorIsPoisonedByATornLine(t *testing.T) {
	answers, _ := talk(t, original(), postOf("paul 3.1"), postOf("paul 3.1 64.3 x"), postOf("paul 3.1 64.3 7"))
	require.Equal(t, []string{"200 ACK 3.1", labtest.Closed, labtest.Closed}, answers)
}

// atDesk is the Env of a collector without a world around it.
type atDesk struct {
	lab.Env
	disk lab.Disk
}

func (e atDesk) Disk() lab.Disk { return e.disk }

func (atDesk) Record(history.Event) {}

func FuzzHardenedCollector(f *testing.F) {
	f.Add(http.MethodPost, recordOf(2))
	f.Add(http.MethodPost, recordOf(9))
	f.Add(http.MethodGet, "")
	f.Add(http.MethodPost, "paul 13.2 64.2 1612091235112730000")
	f.Add(http.MethodPost, record{host: "edge", epoch: 1, seq: 2, line: "../x 1 1 1"}.String())
	f.Add(http.MethodPost, record{host: "edge\n", epoch: 1, seq: 2, line: "paul 1 1 1"}.String())
	f.Fuzz(func(t *testing.T, method, body string) {
		var status int
		var log []byte
		require.NoError(t, onBench(nil, func(_ context.Context, b *bench) error {
			d := &desk{env: atDesk{disk: b.disk}, lock: lab.NewMutex()}
			if err := d.recoverAll(); err != nil {
				return err
			}
			for _, r := range []*http.Request{
				{Method: http.MethodPost, Body: io.NopCloser(strings.NewReader(recordOf(1)))},
				{Method: method, Body: io.NopCloser(strings.NewReader(body))},
			} {
				w := httptest.NewRecorder()
				d.ServeHTTP(w, r)
				status = w.Code
			}
			if _, err := b.PowerCut(core, false); err != nil {
				return err
			}
			if err := d.recoverAll(); err != nil {
				return err
			}
			var err error
			log, err = b.disk.Read("server-paul.log")
			return err
		}))
		require.Contains(t, []int{200, 400, 405, 503}, status)
		require.True(t, strings.HasPrefix(string(log), recordOf(1)+"\n"), "the log is %q", log)
		for line := range strings.Lines(string(log)) {
			_, err := parseRecord(strings.TrimSuffix(line, "\n"))
			require.NoError(t, err)
		}
	})
}
