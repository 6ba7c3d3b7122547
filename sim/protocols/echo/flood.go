package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// brim is more than all buffers on the way hold. What takes more than that is no
// buffer: the other side is gone, and the kernel does not say so yet.
const brim = 256 << 20

var errNoEnd = errors.New("the connection takes all it is given; nobody at the other end holds it up")

// stalled is how long a writer must stand still to count as blocked.
const stalled = 300 * time.Millisecond

// flooder is a channel that can be written to until no more goes.
type flooder interface {
	// flood writes chunks of that many bytes, until a write has stood still, and
	// tells how many bytes were taken. Before it gives up it calls meanwhile.
	flood(ctx context.Context, seq int64, chunk int, meanwhile func()) (bytes int64, err error)
}

// flood writes to a server that has stopped reading, over so many connections
// at once. Datagrams do not block their writer, so of them it sends so many.
func (p player) flood(ctx context.Context) error {
	channels := make([]channel, p.params.Int("connections"))
	for i := range channels {
		c, err := p.protocol.dial(ctx, p.env)
		if err != nil {
			return err
		}
		defer c.close()
		channels[i] = c
	}
	var floods sync.WaitGroup
	defer floods.Wait()
	for i, c := range channels {
		if _, blocks := c.(flooder); !blocks {
			return p.spill(ctx, c)
		}
		floods.Go(func() { p.fill(ctx, c, int64(i+1)) })
	}
	return nil
}

// fill floods a connection, as the seq-th operation.
func (p player) fill(ctx context.Context, c channel, seq int64) {
	op := history.Event{Kind: history.Invoke, Op: Flood, Source: client, Seq: seq}
	p.env.Record(op)
	taken, err := c.(flooder).flood(ctx, seq, p.params.Int("size"), func() {
		if m := p.message(Ask, seq+int64(p.params.Int("connections"))); p.params.Bool("meanwhile") {
			p.operate(ctx, m, func(ctx context.Context) error { return c.ask(ctx, m) })
		}
	})
	op.Kind, op.Detail = history.OK, fmt.Sprintf(floodForm, taken)
	if err != nil {
		op.Kind, op.Detail = history.Info, err.Error()
	}
	p.env.Record(op)
}

// standstill waits for the writer of a flood to stand still.
type standstill struct {
	timer *time.Timer
	done  chan struct{}
}

// whenStill calls do, once, when the writer has not moved for long enough.
func whenStill(do func()) standstill {
	done := make(chan struct{})
	return standstill{done: done, timer: time.AfterFunc(stalled, func() {
		defer close(done)
		do()
	})}
}

// moved tells that a write was taken. It reports false if that came too late.
func (s standstill) moved() bool { return s.timer.Stop() && !s.timer.Reset(stalled) }

// end returns when do is not called any more.
func (s standstill) end() {
	if !s.timer.Stop() {
		<-s.done
	}
}

const floodForm = "%d bytes were taken"

// Flooded reads from an ok event's Detail how many bytes were taken.
func Flooded(detail string) (bytes int64, err error) {
	if _, err := fmt.Sscanf(detail, floodForm, &bytes); err != nil {
		return 0, fmt.Errorf("read the bytes in %q: %w", detail, err)
	}
	return bytes, nil
}

// spill tells a server that does not read, and waits until it has read on. What
// stops the server is answered before anything else is sent: else the kernel has
// another datagram when that one is read, keeps its room taken, and now and then
// one datagram less fits.
func (p player) spill(ctx context.Context, c channel) error {
	stopping, cancel := context.WithTimeout(ctx, p.params.Duration("patience"))
	defer cancel()
	if err := c.ask(stopping, p.message(stop, 0)); err != nil {
		return fmt.Errorf("ask the server to stop reading: %w", err)
	}
	for seq := int64(1); seq <= int64(p.params.Int("messages")); seq++ {
		m := p.message(Tell, seq)
		p.operate(ctx, m, func(ctx context.Context) error { return c.(teller).tell(ctx, m) })
	}
	return lab.Rest(ctx, p.params.Duration("work")+p.params.Duration("patience"))
}

func (c *tcpChannel) flood(_ context.Context, seq int64, chunk int, meanwhile func()) (taken int64, err error) {
	if err := c.write(c.conn, message{verb: stop, seq: seq}.String()); err != nil {
		return 0, err
	}
	still := whenStill(func() {
		meanwhile()
		c.conn.Close()
	})
	defer still.end()
	b := make([]byte, chunk)
	for taken < brim {
		n, err := c.conn.Write(b)
		taken += int64(n)
		if err != nil || !still.moved() {
			return taken, nil
		}
	}
	return taken, errNoEnd
}

// flood posts a body without an end.
func (c *httpChannel) flood(ctx context.Context, seq int64, chunk int, meanwhile func()) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body := &endless{chunk: chunk, still: whenStill(func() {
		meanwhile()
		cancel()
	})}
	defer body.still.end()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+server, body)
	if err != nil {
		return 0, err
	}
	_, _, err = web.Do(c.env, c.client, req, history.Event{Source: client, Seq: seq, ID: Flood})
	if errors.Is(err, context.Canceled) {
		err = nil // the server has not answered, and is not to
	}
	return body.taken.Load(), err
}

// endless is a request's body that counts what its transport takes of it.
type endless struct {
	still standstill
	chunk int
	taken atomic.Int64
}

func (e *endless) Read(b []byte) (int, error) {
	if !e.still.moved() {
		return 0, io.EOF
	}
	n := min(len(b), e.chunk)
	if e.taken.Add(int64(n)) > brim {
		return 0, errNoEnd
	}
	return n, nil
}

func (c *grpcChannel) flood(ctx context.Context, seq int64, chunk int, meanwhile func()) (taken int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.open(ctx, tellMethod)
	if err != nil {
		return 0, err
	}
	if err := stream.SendMsg(wrapperspb.Bytes([]byte(message{verb: stop, seq: seq}.String()))); err != nil {
		return 0, err
	}
	still := whenStill(func() {
		meanwhile()
		cancel()
	})
	defer still.end()
	for stream.SendMsg(wrapperspb.Bytes(make([]byte, chunk))) == nil {
		taken += int64(chunk)
		switch {
		case taken > brim:
			return taken, errNoEnd
		case !still.moved():
			return taken, nil
		}
	}
	return taken, nil
}
