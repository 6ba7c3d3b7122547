package multicast

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// speaker is the sender of the hardened protocol.
//
//	say → waiting → disk → out to all members
//	               heartbeat ─→ all members
//	     wants of a member ──→ disk ──→ that member
type speaker struct {
	env     lab.Env
	said    *said
	members []*member
	waiting []history.Event // said, and not on disk yet; in their order
	news    chan struct{}   // room for one: a member has told what it has
}

// member is a receiver, as the sender knows it.
type member struct {
	name string
	conn net.Conn
	has  atomic.Uint64 // all up to this one, from where it joined
}

// speak ends when all is said and every receiver has it, or when it is told to.
func speak(ctx context.Context, env lab.Env) error {
	p := env.Params()
	// What is said is owed, also by a program that is just being ended.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	stop := context.AfterFunc(ctx, end)
	s, err := openSaid(life, env)
	if !stop() || err != nil {
		return errors.Join(ctx.Err(), err)
	}
	k := &speaker{env: env, said: s, news: make(chan struct{}, 1)}
	var parts sync.WaitGroup
	defer parts.Wait()
	defer end()
	for _, name := range members(p) {
		conn, err := env.DialPacket(ctx, name)
		if err != nil {
			return fmt.Errorf("reach %s: %w", name, err)
		}
		defer conn.Close()
		k.members = append(k.members, &member{name: name, conn: conn})
	}
	for _, m := range k.members {
		parts.Go(func() { k.answer(m) })
	}
	parts.Go(func() { k.beat(life) })
	err = lab.Workload(ctx, env, int64(p.Int("messages")), p.Duration("every"), func(seq int64) {
		text := message(p, seq-1)
		e := invoked(p, seq, text)
		env.Record(e)
		k.waiting = append(k.waiting, e)
		id, err := k.flush(life, ahead(patience))
		e.Kind, e.ID, e.Detail = history.OK, id, ""
		if err != nil {
			e.Kind, e.Detail = history.Info, err.Error()
		}
		env.Record(e)
	})
	if err != nil {
		_, late := k.flush(life, ahead(linger))
		return errors.Join(err, late)
	}
	return k.awaitAll(ctx)
}

// linger is how long a sender that is asked to end tries to write down what was
// said; longer than it is given before it is killed.
const linger = 10 * time.Second

// flush writes down and sends what waits, and gives the identifier of the last.
func (k *speaker) flush(ctx context.Context, limit time.Time) (id string, err error) {
	for len(k.waiting) > 0 {
		op := k.waiting[0]
		f := k.said.next(op.Value)
		if err := k.said.keep(ctx, f, limit); err != nil {
			return "", err
		}
		k.waiting = k.waiting[1:]
		id = f.id()
		for _, m := range k.members {
			k.send(m, f, handed(op, m.name, id))
		}
		// Only now: a heartbeat that overtakes a message makes everybody want it.
		k.said.last.Store(f.seq)
	}
	return id, nil
}

// send gives a frame to the network. What becomes of it there nobody tells.
func (k *speaker) send(m *member, f frame, e history.Event) {
	k.env.Record(e)
	if _, err := m.conn.Write(f.bytes()); err != nil {
		k.env.Printf("cannot send to %s: %v", m.name, err)
	}
}

// awaitAll waits until every member has everything.
func (k *speaker) awaitAll(ctx context.Context) error {
	lacks := func(m *member) bool { return m.has.Load() < k.said.last.Load() }
	for slices.ContainsFunc(k.members, lacks) {
		select {
		case <-k.news:
		case <-ctx.Done():
		}
		// Where both are ready the select chose by lot.
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// ahead is the moment that lies so far ahead of now.
func ahead(d time.Duration) time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	at, _ := ctx.Deadline()
	return at
}
