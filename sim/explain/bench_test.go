package explain

import (
	"fmt"
	"testing"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// long is a history of n operations, each sent, stored, answered and read back;
// the answer to every 50th is cut, and it is stored twice.
func long(n int) []history.Event {
	var events []history.Event
	now := int64(0)
	add := func(e history.Event) {
		now += 100_000
		e.T = now
		events = append(events, e)
	}
	var entries []history.Event
	for i := 1; i <= n; i++ {
		of := func(node string, kind history.Kind, msg string) {
			e := history.Event{Node: node, Kind: kind, Op: "log", Source: "x", Seq: int64(i), Msg: msg}
			if kind == history.Send && node == "client" {
				e.Link = "client->server"
			}
			add(e)
		}
		msg := fmt.Sprintf("POST %d", i)
		tries := 1
		if i%50 == 0 {
			tries = 2
		}
		of("client", history.Invoke, "")
		for try := range tries {
			of("client", history.Send, msg)
			of("server", history.Recv, msg)
			of("server", history.Store, "")
			of("server", history.Send, "re "+msg)
			entries = append(entries, history.Event{Kind: history.Final, Source: "x", Seq: int64(i)})
			if try < tries-1 {
				add(history.Event{Kind: history.Fault, Op: "reset_peer", ID: fmt.Sprint(i), Link: "client->server", Detail: "downstream"})
				add(history.Event{Kind: history.Heal, Op: "reset_peer", ID: fmt.Sprint(i), Link: "client->server"})
				continue
			}
			of("client", history.Recv, "re "+msg)
		}
		of("client", history.OK, "")
	}
	for _, e := range entries {
		add(e)
	}
	return events
}

// BenchmarkViolation opens a history of about 10,000 events and tells how its
// worst verdict came about.
func BenchmarkViolation(b *testing.B) {
	events := long(1200)
	checker, _ := check.Lookup("no-duplicates")
	verdict := checker.Judge(check.New(events, check.Facts{}))
	b.ReportMetric(float64(len(events)), "events")
	for b.Loop() {
		if s := Open(events, check.Facts{}).Violation(verdict, nil); s.Fault == "" {
			b.Fatal("no fault was blamed")
		}
	}
}

// BenchmarkDanger does so where all holds: every message is looked at.
func BenchmarkDanger(b *testing.B) {
	events := long(1200)
	for b.Loop() {
		if _, ok := Open(events, check.Facts{}).Danger(); !ok {
			b.Fatal("nothing was in danger")
		}
	}
}
