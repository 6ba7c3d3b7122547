package check_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

func TestList(t *testing.T) {
	for _, c := range check.All() {
		require.NotEmpty(t, c.Doc)
		found, ok := check.Lookup(c.Property)
		require.True(t, ok)
		require.Equal(t, c.Doc, found.Doc)
	}
	_, ok := check.Lookup("exactly-once")
	require.False(t, ok)
}

// TestManyMessages: a verdict counts all messages and keeps the first hundred.
func TestManyMessages(t *testing.T) {
	var events []history.Event
	for seq := range int64(250) {
		e := history.Event{T: seq, Node: "anna", Kind: history.Invoke, Source: "x", Seq: seq + 1}
		events = append(events, e)
		e.Kind = history.OK
		events = append(events, e)
	}
	c, _ := check.Lookup(check.NoLoss)
	v := c.Judge(check.New(events, lab))
	require.Equal(t, 250, v.Count)
	require.Len(t, v.Messages, 100)
	require.Equal(t, check.Message{Source: "x", Seq: 100, Why: "x/100 was acknowledged and is not in the log"}, v.Messages[99])
}

func BenchmarkAll(b *testing.B) {
	const n = 100_000 / 5
	for _, numbered := range []bool{true, false} {
		var events, log []history.Event
		for i := range n {
			t := int64(i) * int64(time.Millisecond)
			e := history.Event{
				T: t, Node: []string{"anna", "bert", "carl"}[i%3], Source: "x", Seq: int64(i + 1),
				Kind: history.Invoke, ID: fmt.Sprint(i), Value: fmt.Sprintf("x 13.2 64.2 %d", i),
			}
			done := history.Event{T: t + 1, Node: e.Node, Kind: history.OK, Source: e.Source, Seq: e.Seq}
			fault := history.Event{T: t + 2, Kind: history.Fault, Op: "latency", ID: e.ID, Link: lab.Links[i%3]}
			heal := fault
			heal.T, heal.Kind = t+3, history.Heal
			events = append(events, e, done, fault, heal)
			e.T, e.Kind, e.Node = n*int64(time.Millisecond), history.Final, ""
			if !numbered {
				e.Seq = 0
			}
			log = append(log, e)
		}
		events = append(events, log...)
		b.Run(fmt.Sprintf("events=%d/numbered=%v", len(events), numbered), func(b *testing.B) {
			for b.Loop() {
				run := check.New(events, lab)
				for _, c := range check.All() {
					c.Judge(run)
				}
				check.Tally(run)
			}
		})
	}
}

// BenchmarkLogs: a room of five, in which everybody has seen everything before
// they speak, and each has a log of it.
func BenchmarkLogs(b *testing.B) {
	members := []string{"ann", "ben", "cid", "dan", "eve"}
	const messages = 10_000 / 7
	var events, log []history.Event
	for i := range messages {
		speaker := members[i%5]
		e := history.Event{
			T: int64(2 * i), Node: speaker, Source: speaker, Seq: int64(i/5 + 1), Kind: history.Invoke, Value: fmt.Sprint(i),
			Detail: "to ann,ben,cid,dan,eve; batch " + fmt.Sprint(i/25),
		}
		word := "; saw "
		for _, seen := range events[max(0, len(events)-8):] {
			if seen.Kind == history.Invoke {
				e.Detail += fmt.Sprintf("%s%s/%d", word, seen.Source, seen.Seq)
				word = ","
			}
		}
		done := history.Event{T: e.T + 1, Node: speaker, Kind: history.OK, Source: speaker, Seq: e.Seq}
		events = append(events, e, done)
		for _, member := range members {
			log = append(log, history.Event{T: 2 * messages, Node: member, Kind: history.Final, Source: speaker, Seq: e.Seq, Value: e.Value})
		}
	}
	events = append(events, log...)
	for _, property := range []string{check.NoLoss, check.NoDuplicates, check.FIFO, check.Causal, check.Atomic, check.Agreement} {
		c, _ := check.Lookup(property)
		b.Run(fmt.Sprintf("events=%d/%s", len(events), property), func(b *testing.B) {
			for b.Loop() {
				require.Equal(b, check.Holds, c.Judge(check.New(events, lab)).Outcome)
			}
		})
	}
}

// BenchmarkLinearizable: reads and writes that follow each other, few of
// unknown outcome, which is what a run looks like.
func BenchmarkLinearizable(b *testing.B) {
	for _, keys := range []int{10, 1000} {
		var events []history.Event
		held := make([]string, keys)
		for i := range 100_000 / 2 {
			key := i / 2 % keys
			e := history.Event{
				T: int64(3 * i), Node: []string{"anna", "bert", "carl"}[i%3], Source: "x", Seq: int64(i + 1),
				Kind: history.Invoke, Op: "write", ID: fmt.Sprint(key), Value: fmt.Sprint(i),
			}
			done := e
			done.T, done.Kind, done.ID, done.Value = e.T+4, history.OK, "", ""
			if i%2 == 1 {
				e.Op, e.Value, done.Value = "read", "", held[key]
			} else {
				held[key] = e.Value
			}
			if i%5000 == 4998 {
				done.Kind = history.Info
			}
			events = append(events, e, done)
		}
		history.Sort(events)
		c, _ := check.Lookup(check.Linearizable)
		b.Run(fmt.Sprintf("events=%d/keys=%d", len(events), keys), func(b *testing.B) {
			for b.Loop() {
				require.Equal(b, check.Holds, c.Judge(check.New(events, lab)).Outcome)
			}
		})
	}
}
