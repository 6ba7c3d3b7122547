package page

import (
	"fmt"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// talk writes the history of a sensor that sends messages to a collector, one
// after another.
type talk struct {
	events []history.Event
	t      int64
}

func (h *talk) add(e history.Event) {
	h.t += 100_000
	e.T = h.t
	h.events = append(h.events, e)
}

// message is one that is stored and acknowledged at the first try.
func (h *talk) message(seq int64, value string) {
	h.ask(seq, value)
	h.store(seq, value)
	h.answer(seq)
	h.add(history.Event{Node: "sensor", Kind: history.Recv, Op: "ACK", Source: "paul", Seq: seq, Link: "sensor->collector", Msg: fmt.Sprint("re ", seq)})
	h.add(history.Event{Node: "sensor", Kind: history.OK, Op: "log", Source: "paul", Seq: seq})
}

func (h *talk) ask(seq int64, value string) {
	h.add(history.Event{Node: "sensor", Kind: history.Invoke, Op: "log", Source: "paul", Seq: seq, Value: value})
	h.send(seq, value)
}

func (h *talk) send(seq int64, value string) {
	h.add(history.Event{Node: "sensor", Kind: history.Send, Op: "POST", Source: "paul", Seq: seq, Value: value, Link: "sensor->collector", Msg: fmt.Sprint(seq)})
}

func (h *talk) store(seq int64, value string) {
	h.add(history.Event{Node: "collector", Kind: history.Recv, Op: "POST", Source: "paul", Seq: seq, Msg: fmt.Sprint(seq)})
	h.add(history.Event{Node: "collector", Kind: history.Decide, Op: "compare", Source: "paul", Seq: seq, Detail: fmt.Sprintf("%d > %d = false → store", seq, seq)})
	h.add(history.Event{Node: "collector", Kind: history.Store, Op: "log", Source: "paul", Seq: seq, Value: value})
}

func (h *talk) answer(seq int64) {
	h.add(history.Event{Node: "collector", Kind: history.Send, Op: "ACK", Source: "paul", Seq: seq, Msg: fmt.Sprint("re ", seq)})
}

// twice is a message whose first ACK is lost, and that is stored again.
func (h *talk) twice(seq int64, value string) {
	h.ask(seq, value)
	h.store(seq, value)
	h.add(history.Event{Kind: history.Fault, Op: "reset_peer", ID: "1", Link: "sensor->collector", Detail: "downstream"})
	h.answer(seq)
	h.add(history.Event{Kind: history.Heal, Op: "reset_peer", ID: "1", Link: "sensor->collector"})
	h.send(seq, value)
	h.store(seq, value)
	h.answer(seq)
	h.add(history.Event{Node: "sensor", Kind: history.Recv, Op: "ACK", Source: "paul", Seq: seq, Link: "sensor->collector", Msg: fmt.Sprint("re ", seq)})
	h.add(history.Event{Node: "sensor", Kind: history.OK, Op: "log", Source: "paul", Seq: seq})
}

func (h *talk) final(seq int64, value string) {
	h.add(history.Event{Node: "collector", Kind: history.Final, Source: "paul", Seq: seq, Value: value})
}

// lostAck is the run of a hundred messages of which the 17th is in the log
// twice.
func lostAck() Run {
	var h talk
	for seq := int64(1); seq <= 100; seq++ {
		if seq == 17 {
			h.twice(seq, "reading 17")
			continue
		}
		h.message(seq, fmt.Sprint("reading ", seq))
	}
	for seq := int64(1); seq <= 100; seq++ {
		h.final(seq, fmt.Sprint("reading ", seq))
		if seq == 17 {
			h.final(seq, "reading 17")
		}
	}
	return judged(h.events)
}

// judged is a run with this history.
func judged(events []history.Event) Run {
	rec := world.Record{
		Lab: "sensor", Scenario: "sensor/lost-ack", Variant: "original", World: "virtual", Seed: 7, Events: len(events),
		Script:  "# The ACK is lost.\n# The forwarder cannot know.\nsystem   sensor\n",
		Expects: []world.Expectation{{Property: check.NoDuplicates, Violated: true, Count: 1}, {Property: check.NoLoss, Count: -1}},
		Links:   []string{"sensor->collector"},
		Hosts:   map[string]string{"sensor": "edge", "collector": "core"},
		Faults: []world.FaultReport{{
			When: "collector stores #17", Fault: "reset_peer", Target: "sensor->collector downstream",
			Effect: "1 connection", Line: 7, Uses: []string{"1"},
		}},
	}
	j := world.Judge(rec, events)
	r := Run{
		Record: rec, Events: events, Judgement: j,
		Name: "sensor/lost-ack", State: "ok", Finding: "violates no-duplicates (1), as expected",
		Replay: "faultlab run -variant original -world virtual -seed 7 sensor/lost-ack",
	}
	c := explain.Open(events, rec.Facts())
	for _, v := range j.Verdicts {
		if v.Outcome == check.Violated {
			r.Stories = append(r.Stories, c.Violation(v, nil))
		}
	}
	return r
}

// long is a run of about n events.
func long(n int) Run {
	var h talk
	messages := int64(max(2, n/9))
	for seq := int64(1); seq <= messages; seq++ {
		if seq == messages/2 {
			h.twice(seq, "reading")
			continue
		}
		h.message(seq, "reading")
	}
	for seq := int64(1); seq <= messages; seq++ {
		h.final(seq, "reading")
		if seq == messages/2 {
			h.final(seq, "reading")
		}
	}
	return judged(h.events)
}
