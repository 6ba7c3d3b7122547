package userservice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/systems/userservice/userpb"
)

// shownFile has a record for each message that a member was shown.
const shownFile = "shown.journal"

// kept is a message in that journal.
type kept struct {
	Number  int64  `json:"number"` // its place in the room
	Message string `json:"message"`
}

// member is a hardened client of the chat. What it is shown it writes down
// first, with its number in the room: after a break, or a crash, it asks for
// what comes behind.
type member struct {
	ctx     context.Context // of the node: what is being written outlives its session
	env     lab.Env
	journal *journal.Journal
	answers *answers
	all     chan struct{} // closed when everybody has said goodbye
	poke    chan struct{} // has something when there may be something to say

	lock   *lab.Mutex          // guards what follows; held for no time
	last   int64               // number of the last message that was shown
	absent []string            // who has not said goodbye
	next   *userpb.ChatMessage // that is to be said, and has not come back
	spoke  bool                // next was sent
	hangUp context.CancelFunc  // ends the session
}

func newMember(ctx context.Context, env lab.Env) (*member, error) {
	j, records, err := journal.Open(ctx, env, shownFile)
	if err != nil {
		return nil, err
	}
	m := &member{
		ctx: ctx, env: env, journal: j, answers: newAnswers(), all: make(chan struct{}), poke: make(chan struct{}, 1),
		lock: lab.NewMutex(), absent: members(env.Params()), hangUp: func() {},
	}
	for _, text := range records {
		var k kept
		if err := json.Unmarshal(text, &k); err != nil {
			return nil, fmt.Errorf("read %s: %q is no record of this journal: %w", shownFile, text, err)
		}
		m.note(k)
	}
	return m, nil
}

// note takes notice of a message that is in the journal. A member's last one is
// their goodbye.
func (m *member) note(k kept) {
	source, seq := saidBy(k.Message)
	m.lock.Lock()
	defer m.lock.Unlock()
	m.last = k.Number
	if seq <= int64(m.env.Params().Int("operations")) {
		return
	}
	m.absent = slices.DeleteFunc(m.absent, func(name string) bool { return name == source })
	if len(m.absent) == 0 {
		select {
		case <-m.all:
		default:
			close(m.all)
		}
	}
}

// enter keeps the member in the room until ctx ends: each time a session breaks
// it opens another.
func (m *member) enter(ctx context.Context) *sync.WaitGroup {
	var staying sync.WaitGroup
	staying.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			err := m.session(ctx, n)
			if ctx.Err() == nil {
				m.env.Printf("Chat error: %v: %s", status.Code(err), status.Convert(err).Message())
			}
			if lab.Rest(ctx, rest) != nil {
				return
			}
		}
	})
	return &staying
}

// session is one call to Chat, over a connection of its own.
func (m *member) session(ctx context.Context, n int) error {
	ctx, cancel := context.WithCancel(calling(ctx, sessionName(m.env, n)))
	defer cancel()
	conn, err := dial(m.env)
	if err != nil {
		return err
	}
	defer conn.Close()
	m.lock.Lock()
	m.hangUp = cancel
	last := m.last
	m.lock.Unlock()
	stream, err := userpb.NewUserServiceClient(conn).Chat(metadata.AppendToOutgoingContext(ctx,
		memberKey, m.env.Node().Name, afterKey, strconv.FormatInt(last, 10)))
	if err != nil {
		return err
	}
	var speaking sync.WaitGroup
	speaking.Go(func() { m.speak(stream) })
	defer speaking.Wait()
	defer cancel()
	for {
		in, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := m.show(in); err != nil {
			return fmt.Errorf("write down what was said: %w", err)
		}
	}
}

// show shows a message, once: what was shown before comes again where the
// answer to a session crossed the end of the one before.
func (m *member) show(in *userpb.ChatMessage) error {
	k := kept{in.GetNumber(), plain(strings.TrimPrefix(in.GetMessage(), echo))}
	m.lock.Lock()
	known := k.Number <= m.last
	m.lock.Unlock()
	if known {
		return nil
	}
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	if err := m.journal.Append(m.ctx, text); err != nil {
		return err
	}
	m.note(k)
	m.env.Printf("%s%s: %s%s", shown, in.GetUserId(), echo, k.Message)
	m.answers.take(name(in.GetSender(), in.GetSeq()))
	return nil
}

// speak sends what is to be said, once in a session.
func (m *member) speak(stream grpc.BidiStreamingClient[userpb.ChatMessage, userpb.ChatMessage]) {
	var sent int64
	for {
		m.lock.Lock()
		next := m.next
		if next != nil && next.GetSeq() > sent {
			m.spoke = true
		} else {
			next = nil
		}
		m.lock.Unlock()
		if next != nil {
			sent = next.GetSeq()
			if stream.Send(next) != nil {
				return // Recv tells why
			}
			continue
		}
		select {
		case <-m.poke:
		case <-stream.Context().Done():
		}
		// Where both are ready the select chose by lot.
		if stream.Context().Err() != nil {
			return
		}
	}
}

// say says a message until it comes back, and with it its place in the room. A
// session in which it does not come back in time may be dead: the next one says
// it again, under the same number.
func (m *member) say(ctx context.Context, ops []history.Event) {
	op, p := ops[0], m.env.Params()
	ctx, cancel := context.WithTimeout(ctx, patience(p))
	defer cancel()
	back := m.answers.expect(name(op.Source, op.Seq))
	m.env.Printf("Sending: %s", op.Value)
	m.lock.Lock()
	m.spoke = false
	m.next = &userpb.ChatMessage{
		UserId: op.Source, Message: padded(op.Value, p.Int("size")), Timestamp: m.env.Now().Unix(), Seq: op.Seq,
	}
	m.lock.Unlock()
	select {
	case m.poke <- struct{}{}:
	default:
	}
	came := m.insist(ctx, back)
	m.lock.Lock()
	m.next = nil
	spoke := m.spoke
	m.lock.Unlock()
	switch {
	case came:
		complete(m.env, ops, history.OK, "")
	case spoke:
		complete(m.env, ops, history.Info, errNotBack.Error())
	default:
		complete(m.env, ops, history.Fail, errNotSaid.Error())
	}
}

var errNotBack = errors.New("it did not come back")

// insist waits for a channel to close until ctx ends, and ends each session in
// which it takes too long.
func (m *member) insist(ctx context.Context, closed <-chan struct{}) bool {
	for ctx.Err() == nil {
		if within(ctx, closed, m.env.Params().Duration("deadline")) {
			return true
		}
		m.lock.Lock()
		hangUp := m.hangUp
		m.lock.Unlock()
		hangUp()
	}
	return false
}

// farewell stays until everybody has said goodbye, and hence until all that was
// said before was shown. But not for ever.
func (m *member) farewell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience(m.env.Params())+time.Second)
	defer cancel()
	m.insist(ctx, m.all)
}
