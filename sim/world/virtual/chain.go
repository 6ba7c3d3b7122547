package virtual

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/proxy"
)

// chain is the way of a flow through toxics.
//
//	inflight → pump → stage → stage → deliver → the flow's queue
//
// Like Toxiproxy's own links, a new fault adds its stages at the end. Unlike
// them it may grow and shrink while a reader stalls: deliver is told where to
// read from next.
type chain struct {
	flow     *flow
	inflight []batch // written, has not passed the proxy; guarded by flow.mu
	size     int     // bytes in inflight; guarded by flow.mu
	stopped  bool    // the proxy reads no more; guarded by flow.mu
	ended    bool    // the end has left the chain; guarded by flow.mu

	wake chan struct{} // something is inflight
	quit chan struct{} // closed when the proxy reads no more
	room chan struct{} // the reader has taken something

	tail   <-chan *stream.StreamChunk // where the last stage writes
	stages []*stage
	source chan (<-chan *stream.StreamChunk) // tells deliver the new tail
}

// stage is one toxic on one flow.
type stage struct {
	active *proxy.Active
	toxic  toxics.Toxic
	stub   *toxics.ToxicStub
	in     <-chan *stream.StreamChunk
	next   chan command
}

// command is what a stage does after an interrupt.
type command int

const (
	pass  command = iota // let everything through
	leave                // end, and leave input and output as they are
	shut                 // close the connection
)

// toxify puts a fault's toxics at the end of the flow's chain.
func (f *flow) toxify(a *proxy.Active, add []toxics.Toxic, conn proxy.Conn) {
	if len(add) == 0 {
		return
	}
	f.mu.Lock()
	if f.chain == nil {
		before := f.beforeProxy(time.Now())
		if f.readErr != nil || f.broken && before == len(f.queue) {
			f.mu.Unlock()
			return // nothing can pass any more
		}
		f.divert(before)
	}
	c, ended := f.chain, f.chain.ended
	f.mu.Unlock()
	if ended {
		return
	}
	for _, t := range add {
		out := make(chan *stream.StreamChunk)
		st := &stage{active: a, toxic: t, in: c.tail, stub: toxics.NewToxicStub(c.tail, out), next: make(chan command)}
		st.stub.State = a.State(t, conn)
		c.stages = append(c.stages, st)
		c.redirect(out)
		go st.run()
	}
}

// divert gives the flow a chain and moves into it what has not passed the
// proxy yet, the queue from before on; f.mu is held.
func (f *flow) divert(before int) {
	first := make(chan *stream.StreamChunk)
	c := &chain{
		flow: f, tail: first,
		wake: make(chan struct{}, 1), quit: make(chan struct{}), room: make(chan struct{}, 1),
		source: make(chan (<-chan *stream.StreamChunk), 1),
	}
	c.inflight = append(c.inflight, f.queue[before:]...)
	f.queue = f.queue[:before:before]
	for _, b := range c.inflight {
		c.size += len(b.data)
		f.size -= len(b.data)
		f.ended = false // it is on its way
	}
	f.arrives = time.Now()
	if n := len(f.queue); n > 0 {
		f.arrives = f.queue[n-1].at
	}
	f.chain = c
	go c.pump(first)
	go c.deliver(first)
}

// pump moves batches into the chain when they pass the proxy.
func (c *chain) pump(first chan<- *stream.StreamChunk) {
	defer close(first)
	f := c.flow
	for {
		f.mu.Lock()
		var passes time.Time
		if len(c.inflight) > 0 {
			passes = c.inflight[0].passes
		}
		f.mu.Unlock()
		if passes.IsZero() {
			select {
			case <-c.wake:
				continue
			case <-c.quit:
				return
			}
		}
		select {
		case <-time.After(time.Until(passes)):
		case <-c.quit:
			return
		}
		f.mu.Lock()
		if c.stopped {
			f.mu.Unlock()
			return
		}
		b := c.inflight[0]
		c.inflight = c.inflight[1:]
		c.size -= len(b.data)
		f.mu.Unlock()
		signal(f.canWrite)
		if len(b.data) > 0 {
			select {
			case first <- &stream.StreamChunk{Data: b.data, Timestamp: b.passes}:
			case <-c.quit:
				return
			}
		}
		if b.end {
			return
		}
	}
}

// deliver moves what leaves the chain into the reader's queue. The end of the
// chain is the end of the connection, in both directions.
func (c *chain) deliver(from <-chan *stream.StreamChunk) {
	f := c.flow
	for {
		select {
		case from = <-c.source:
			continue
		default:
		}
		select {
		case from = <-c.source:
		case chunk, ok := <-from:
			if !ok {
				f.mu.Lock()
				f.arriveEnd()
				f.broken, c.ended = true, true
				c.stop()
				signal(f.canWrite)
				f.mu.Unlock()
				f.reverse.hangUp()
				return
			}
			f.awaitRoom()
			f.mu.Lock()
			f.arrive(chunk.Data, false)
			f.mu.Unlock()
		}
	}
}

// awaitRoom waits until the reader's queue has room.
func (f *flow) awaitRoom() {
	for {
		f.mu.Lock()
		full := f.size >= window && f.readErr == nil && !f.ended
		f.mu.Unlock()
		if !full {
			return
		}
		<-f.chain.room
	}
}

// redirect makes deliver read from tail.
func (c *chain) redirect(tail <-chan *stream.StreamChunk) {
	c.tail = tail
	select {
	case <-c.source: // it has not heard of the one before
	default:
	}
	c.source <- tail
}

// stop makes the proxy read no more; flow.mu is held.
func (c *chain) stop() {
	if c.stopped {
		return
	}
	c.stopped = true
	c.inflight, c.size = nil, 0
	close(c.quit)
	signal(c.room)
}

// cleanse takes a fault's toxics off the flow, but for those that stay.
func (f *flow) cleanse(a *proxy.Active) {
	f.mu.Lock()
	c := f.chain
	f.mu.Unlock()
	if c == nil {
		return
	}
	for i := len(c.stages) - 1; i >= 0; i-- {
		st := c.stages[i]
		if st.active != a || proxy.Stays(st.toxic) || !st.stub.InterruptToxic() {
			continue
		}
		_, closes := st.toxic.(toxics.CleanupToxic)
		switch {
		case closes:
			st.next <- shut
		case i == len(c.stages)-1:
			st.next <- leave
			c.stages = c.stages[:i]
			c.redirect(st.in)
		default:
			st.next <- pass
		}
	}
}

// run is the stage's life.
func (st *stage) run() {
	toxic := st.toxic
	for {
		st.stub.Run(&toxics.ToxicWrapper{Toxic: toxic, Toxicity: 1})
		if st.stub.Closed() {
			st.drain()
			return
		}
		switch <-st.next {
		case pass:
			toxic = new(toxics.NoopToxic)
		case leave:
			return
		case shut:
			st.stub.Close()
			st.drain()
			return
		}
	}
}

// drain swallows what still comes, so that no stage before this one hangs.
func (st *stage) drain() {
	for range st.in {
	}
}

// tearDown ends all that runs for the flow. The last stage goes first: one
// before it may be waiting to hand something on.
func (f *flow) tearDown() {
	f.forget()
	f.end()
	f.mu.Lock()
	c := f.chain
	if c != nil {
		c.stop()
	}
	f.mu.Unlock()
	if c == nil {
		return
	}
	for i := len(c.stages) - 1; i >= 0; i-- {
		if st := c.stages[i]; st.stub.InterruptToxic() {
			st.next <- shut
		}
	}
}
