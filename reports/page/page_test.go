package page

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

func render(t *testing.T, r Run, beside ...Beside) string {
	t.Helper()
	text, err := Render(r, beside)
	require.NoError(t, err)
	return string(text)
}

// words is what of a page a person can read, tags and program left out.
func words(page string) string {
	page = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>`).ReplaceAllString(page, "")
	page = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, "")
	return strings.NewReplacer("&gt;", ">", "&lt;", "<", "&#34;", `"`, "&#39;", "'", "&amp;", "&").Replace(strings.Join(strings.Fields(page), " "))
}

// All that a person needs is text of the page, not drawn by its program.
func TestPageTells(t *testing.T) {
	hardened := Beside{Variant: "hardened", World: "virtual", Link: "../../hardened/virtual/report.html", Comparable: true}
	for seq := int64(1); seq <= 100; seq++ {
		hardened.Log = append(hardened.Log, check.LogLine{Log: "collector", Source: "paul", Seq: seq, Nth: 1, Value: fmt.Sprint("reading ", seq)})
	}
	page := render(t, lostAck(), hardened)
	text := words(page)
	for _, want := range []string{
		"sensor/lost-ack original, virtual world",
		"violates no-duplicates (1), as expected",
		"The ACK is lost. The forwarder cannot know.",
		"How paul/17 came to violate no-duplicates",
		"reset_peer sensor->collector downstream",
		"17 > 17 = false → store",
		"paul/17 stands 2 times in the log of collector.",
		"no-duplicates ✗ violated violated by 1",
		"no-loss ✓ holds holds",
		"when collector stores #17 reset_peer sensor->collector downstream 1 connection F1",
		"duplicated: in the log before.",
		"×2 duplicated",
		"101 entries, 1 duplicated",
		"hardened 100 entries",
		"faultlab run -variant original -world virtual -seed 7 sensor/lost-ack",
		"100 operations: 100 ok",
	} {
		require.Contains(t, text, want)
	}
	// The picture of the story is there without the page's program.
	require.Contains(t, page, `<figure class="excerpt">`)
	require.Contains(t, page, `class="arrow lost`)
	require.Contains(t, page, `class="arrow again`)
	require.Contains(t, page, `<a href="../../hardened/virtual/report.html">`)
}

func TestPageIsTheSameTwice(t *testing.T) {
	first, second := lostAck(), lostAck()
	second.Record.Elapsed = 1 // real time, the one thing in which two runs differ
	require.Equal(t, render(t, first), render(t, second))
}

// What a lab writes is data: it ends no script, moves nothing about, and turns
// no neighbour's direction.
func TestHostileValues(t *testing.T) {
	hostile := "</script><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[2J \u202egnp.exe <!--"
	var h talk
	h.message(1, hostile)
	h.add(history.Event{Node: "collector", Kind: history.Fail, Op: hostile, Source: hostile, Seq: 2, Detail: hostile})
	h.final(1, hostile)
	h.final(1, hostile)
	h.add(history.Event{Node: hostile, Kind: history.Final, Value: hostile})
	r := judged(h.events)
	r.Record.Script = "# " + hostile + "\n"
	r.Finding, r.Why, r.Replay = hostile, []string{hostile}, hostile
	page := render(t, r)
	require.Equal(t, 2, strings.Count(page, "</script>"), "the page's own")
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, "<!--")
	require.NotContains(t, page, "\x1b")
	require.NotContains(t, page, "\u202e")
}

// The page asks nothing of a network: no address in it leads to another host.
func TestPageNeedsNoNetwork(t *testing.T) {
	page := render(t, lostAck())
	for _, link := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		require.NotContains(t, link[1], "//")
	}
	require.NotContains(t, page, "@import")
	require.NotContains(t, page, "fetch(")
}

func TestLogsAreFoldedAroundMarks(t *testing.T) {
	line := func(seq int64, change func(*check.LogLine)) check.LogLine {
		l := check.LogLine{Source: "paul", Seq: seq, Nth: 1, Value: fmt.Sprint(seq)}
		if change != nil {
			change(&l)
		}
		return l
	}
	var lines []check.LogLine
	for seq := int64(1); seq <= 60; seq++ {
		switch seq {
		case 20:
			lines = append(lines, line(seq, func(l *check.LogLine) { l.Missing, l.Acknowledged = true, true }))
		case 40:
			lines = append(lines, line(seq, func(l *check.LogLine) { l.Late = true }))
		default:
			lines = append(lines, line(seq, nil))
		}
	}
	r := lostAck()
	r.Events = nil
	all := compare(r, []Beside{{Variant: "hardened", World: "virtual", Log: lines, Comparable: true}})
	require.Len(t, all, 1)
	column := all[0].Columns[1]
	require.Equal(t, "59 entries, 1 lost, 1 reordered", column.Summary)
	var shown []string
	for _, part := range column.Parts {
		for _, e := range part.Entries {
			shown = append(shown, e.Title)
		}
	}
	require.Equal(t, []string{"paul/19", "paul/20", "paul/21", "paul/39", "paul/40", "paul/41"}, shown)
}

// What a verdict says of one log is marked in that one only.
func TestChargesNameTheirLog(t *testing.T) {
	c := charge{"causal", "anouk/3 stands behind davide/3 in the log of anouk, and was seen at davide before"}
	require.True(t, c.against("anouk"))
	require.False(t, c.against("davide"))
	require.False(t, c.against("an"))
	require.True(t, charge{"integrity", "paul/3 was damaged"}.against("collector"))
	require.True(t, charge{"causal", "x stands behind y in the log of anouk"}.against("anouk"))
}

func TestManyEvents(t *testing.T) {
	r := long(10_000)
	require.Greater(t, len(r.Events), 9_900)
	page := render(t, r)
	require.Contains(t, words(page), "stands 2 times in the log")
	require.Less(t, len(page), 3<<20, "a browser opens it at once")
}

// BenchmarkRender measures the page of runs of 100, 1,000 and 10,000 events.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := long(n)
			var size int
			for b.Loop() {
				text, err := Render(r, nil)
				if err != nil {
					b.Fatal(err)
				}
				size = len(bytes.TrimSpace(text))
			}
			b.ReportMetric(float64(size)/1024, "KiB")
		})
	}
}
