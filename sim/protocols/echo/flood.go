package echo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"faultlab/sim/history"
	"faultlab/sim/lab/web"
)

// stalled is how long a writer must stand still to count as blocked.
const stalled = 300 * time.Millisecond

// flooder is a channel that can be written to until no more goes.
type flooder interface {
	// flood writes chunks of that many bytes, until a write has stood still, and
	// tells how many bytes were taken.
	flood(ctx context.Context, chunk int) (bytes int64, err error)
}

// flood writes to a server that has stopped reading. Datagrams do not block
// their writer, so of them it sends so many.
func (p player) flood(ctx context.Context) error {
	c, err := p.protocol.dial(ctx, p.env)
	if err != nil {
		return err
	}
	defer c.close()
	f, blocks := c.(flooder)
	if !blocks {
		return p.spill(ctx, c.(teller))
	}
	op := history.Event{Kind: history.Invoke, Op: Flood, Source: client, Seq: 1}
	p.env.Record(op)
	taken, err := f.flood(ctx, p.params.Int("size"))
	op.Kind, op.Detail = history.OK, fmt.Sprintf(floodForm, taken)
	if err != nil {
		op.Kind, op.Detail = history.Info, err.Error()
	}
	p.env.Record(op)
	return nil
}

const floodForm = "%d bytes were taken"

// Flooded reads from an ok event's Detail how many bytes were taken.
func Flooded(detail string) (bytes int64, err error) {
	if _, err := fmt.Sscanf(detail, floodForm, &bytes); err != nil {
		return 0, fmt.Errorf("read the bytes in %q: %w", detail, err)
	}
	return bytes, nil
}

// spill tells a server that does not read, and waits until it has read on.
func (p player) spill(ctx context.Context, c teller) error {
	if err := c.tell(ctx, p.message(stop, 0)); err != nil {
		return err
	}
	for seq := int64(1); seq <= int64(p.params.Int("messages")); seq++ {
		m := p.message(Tell, seq)
		p.operate(ctx, m, func(ctx context.Context) error { return c.tell(ctx, m) })
	}
	return rest(ctx, p.params.Duration("work")+p.params.Duration("patience"))
}

func (c *tcpChannel) flood(_ context.Context, chunk int) (taken int64, err error) {
	if err := c.write(c.conn, message{verb: stop, seq: 1}.String()); err != nil {
		return 0, err
	}
	late := time.AfterFunc(stalled, func() { c.conn.Close() })
	defer late.Stop()
	b := make([]byte, chunk)
	for {
		n, err := c.conn.Write(b)
		taken += int64(n)
		if err != nil {
			return taken, nil
		}
		late.Reset(stalled)
	}
}

// flood posts a body without an end.
func (c *httpChannel) flood(ctx context.Context, chunk int) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body := &endless{late: time.AfterFunc(stalled, cancel), chunk: chunk}
	defer body.late.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+server, body)
	if err != nil {
		return 0, err
	}
	_, _, err = web.Do(c.env, c.client, req, history.Event{Source: client, Seq: 1, ID: Flood})
	if errors.Is(err, context.Canceled) {
		err = nil // the server has not answered, and is not to
	}
	return body.taken.Load(), err
}

// endless is a request's body that counts what its transport takes of it.
type endless struct {
	late  *time.Timer
	chunk int
	taken atomic.Int64
}

func (e *endless) Read(b []byte) (int, error) {
	e.late.Reset(stalled)
	n := min(len(b), e.chunk)
	e.taken.Add(int64(n))
	return n, nil
}

func (c *grpcChannel) flood(ctx context.Context, chunk int) (taken int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.open(ctx, tellMethod)
	if err != nil {
		return 0, err
	}
	if err := stream.SendMsg(wrapperspb.Bytes([]byte(message{verb: stop, seq: 1}.String()))); err != nil {
		return 0, err
	}
	late := time.AfterFunc(stalled, cancel)
	defer late.Stop()
	for stream.SendMsg(wrapperspb.Bytes(make([]byte, chunk))) == nil {
		taken += int64(chunk)
		late.Reset(stalled)
	}
	return taken, nil
}
