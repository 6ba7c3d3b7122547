package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"faultlab/reports"
	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

func namedJob(name string) (job, reports.Run) {
	j := job{script: script{Scenario: &scenarios.Scenario{Name: name}}, spec: world.Spec{Variant: &lab.Variant{Name: "original"}}, world: "live"}
	r := reports.Run{Result: world.Result{
		Record:    world.Record{Lab: "sensor", Scenario: name, Variant: "original", World: "live"},
		Judgement: world.Judgement{Outcome: check.Unknown},
	}}
	return j, r
}

// screen shows what a terminal shows that was sent text.
func screen(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		var cells []rune
		for part := range strings.SplitSeq(line, "\r") {
			drawn := []rune(part)
			cells = append(drawn, cells[min(len(drawn), len(cells)):]...)
		}
		lines = append(lines, strings.TrimRight(string(cells), " "))
	}
	return strings.Join(lines, "\n")
}

func TestProgressOnTerminal(t *testing.T) {
	var sent bytes.Buffer
	p := newProgress(&sent, true, false, 2)
	one, ran := namedJob("sensor/one")
	two, _ := namedJob("sensor/with-a-very-long-name-" + strings.Repeat("x", 80))
	p.begin(one)
	require.Equal(t, "0 of 2: sensor/one original live", screen(sent.String()))
	p.begin(two)
	require.Equal(t, 78, utf8.RuneCountInString(screen(sent.String())), "a line that wraps cannot be drawn over")
	p.note("port 8000 is taken")
	require.Regexp(t, "^port 8000 is taken\n0 of 2: sensor/one", screen(sent.String()))
	p.end(one, ran)
	require.Regexp(t, "\n1 of 2, 1 not as expected: sensor/with-a", screen(sent.String()))
	p.close()
	require.Equal(t, "port 8000 is taken\n", screen(sent.String()))
}

func TestProgressElsewhere(t *testing.T) {
	var sent bytes.Buffer
	p := newProgress(&sent, false, false, 1)
	j, r := namedJob("sensor/one")
	p.begin(j)
	p.end(j, r)
	p.close()
	require.Equal(t, r.Line(false)+"\n", sent.String())
}
