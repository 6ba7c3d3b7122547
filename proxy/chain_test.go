package proxy

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/stretchr/testify/require"
)

// fault is one use of a fault, both ways.
func fault(t testing.TB, kind string, attrs map[string]string) Fault {
	t.Helper()
	k, err := kindOf(kind)
	require.NoError(t, err)
	v, err := k.parse(attrs)
	require.NoError(t, err)
	return Fault{Kind: kind, Upstream: true, Downstream: true, Values: v, Seed: 7}
}

func prepared(t testing.TB, kind string, attrs map[string]string) *Active {
	t.Helper()
	a, err := Prepare(fault(t, kind, attrs))
	require.NoError(t, err)
	return a
}

// chain is one connection in one direction through a fault: bare stubs, as the
// virtual world has them.
type chain struct {
	in     chan *stream.StreamChunk
	out    chan *stream.StreamChunk
	stages []toxics.Toxic
	stubs  []*toxics.ToxicStub
	reset  atomic.Int32 // how often it was reset
	ended  bool
	sent   sync.WaitGroup // what was offered
}

// through builds a chain and lets it run.
func through(a *Active, c Conn) *chain {
	ch := &chain{in: make(chan *stream.StreamChunk), stages: a.Stages(stream.Upstream)}
	c.Reset = func() { ch.reset.Add(1) }
	last := ch.in
	for range ch.stages {
		next := make(chan *stream.StreamChunk)
		ch.stubs = append(ch.stubs, toxics.NewToxicStub(last, next))
		last = next
	}
	ch.out = last
	for i, stage := range ch.stages {
		ch.stubs[i].State = a.State(stage, c)
		go ch.run(i, stage)
	}
	return ch
}

func (ch *chain) run(i int, t toxics.Toxic) {
	ch.stubs[i].Run(&toxics.ToxicWrapper{Toxic: t, Toxicity: 1})
	if ch.stubs[i].Closed() {
		for range ch.stubs[i].Input {
		}
	}
}

// interrupt stops and restarts every stage, as a change of its neighbour does.
func (ch *chain) interrupt() {
	for i, stage := range ch.stages {
		if ch.stubs[i].InterruptToxic() {
			go ch.run(i, stage)
		}
	}
}

// end ends the fault as the virtual world does.
func (ch *chain) end(a *Active) {
	a.End()
	for i := len(ch.stubs) - 1; i >= 0; i-- {
		if Stays(ch.stages[i]) || !ch.stubs[i].InterruptToxic() {
			continue
		}
		if _, ok := ch.stages[i].(toxics.CleanupToxic); ok {
			ch.stubs[i].Close()
			go func() {
				for range ch.stubs[i].Input {
				}
			}()
			continue
		}
		go ch.run(i, new(toxics.NoopToxic))
	}
}

func (ch *chain) send(text string) {
	ch.in <- &stream.StreamChunk{Data: []byte(text), Timestamp: time.Now()}
}

// offer sends without waiting for the chain to take it.
func (ch *chain) offer(texts ...string) {
	ch.sent.Go(func() {
		for _, text := range texts {
			ch.send(text)
		}
	})
}

// close ends the connection after all that was offered.
func (ch *chain) close() {
	ch.sent.Wait()
	ch.ended = true
	close(ch.in)
}

// got is what arrived during a while, chunk by chunk, and whether the
// connection has ended.
func (ch *chain) got(while time.Duration) (texts []string, ended bool) {
	enough := time.After(while)
	for {
		select {
		case c, open := <-ch.out:
			if !open {
				return texts, true
			}
			texts = append(texts, string(c.Data))
		case <-enough:
			return texts, false
		}
	}
}

// stop takes the chain down whatever its state.
func (ch *chain) stop() {
	for _, stub := range ch.stubs {
		if stub.InterruptToxic() {
			stub.Close()
		}
	}
	go func() {
		for range ch.in {
		}
	}()
	if !ch.ended {
		ch.close()
	}
}
