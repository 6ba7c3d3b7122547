package userservice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/systems/userservice/userpb"
)

// roomFile has a record for each message that was said.
const roomFile = "room.journal"

// longestMessage is how many bytes a chat message may have.
const longestMessage = 1 << 20

// room is the hardened chat. What was said stands in a journal, in one order
// for all; each member has a place in it, and no queue: somebody who does not
// read costs as much as somebody who does. A message's number is its end in the
// journal, so that members find their place again after a restart of either
// side.
type room struct {
	ctx context.Context // of the node
	env lab.Env

	posting *lab.Mutex // held while a message is looked up and written

	lock    *lab.Mutex // guards what follows; held for no time
	journal *journal.Journal
	failing bool             // the last message could not be written
	last    map[string]int64 // each sender's own number of their last message
	boxes   []*mailbox       // in the order of their coming
}

// spoken is a message in the journal.
type spoken struct {
	From    string `json:"from"`
	Seq     int64  `json:"seq,omitempty"` // 0: its sender does not count
	At      int64  `json:"at"`            // seconds since 1970
	Message string `json:"message"`
}

func newRoom(ctx context.Context, env lab.Env) *room {
	return &room{ctx: ctx, env: env, posting: lab.NewMutex(), lock: lab.NewMutex(), last: map[string]int64{}}
}

// recover reads the journal, of which it keeps nothing but how far each sender
// has come.
func (r *room) recover() error {
	j, records, err := journal.Open(r.ctx, r.env, roomFile)
	if err != nil {
		return err
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	for _, text := range records {
		var s spoken
		if err := json.Unmarshal(text, &s); err != nil {
			return fmt.Errorf("read %s: %.80q is no record of this journal; move the file away to begin a new one: %w", roomFile, text, err)
		}
		r.last[s.From] = max(r.last[s.From], s.Seq)
	}
	r.journal = j
	return nil
}

func (r *room) ready() bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.journal != nil && !r.failing
}

// post writes a message and returns nil once it is synced. A sender counts: a
// number that is not above their last one is of a message that stands there
// already, or that they have given up.
func (r *room) post(in *userpb.ChatMessage) error {
	if err := r.posting.LockContext(r.ctx); err != nil {
		return errNotRead
	}
	defer r.posting.Unlock()
	s := spoken{From: in.GetUserId(), Seq: in.GetSeq(), At: in.GetTimestamp(), Message: in.GetMessage()}
	r.lock.Lock()
	last := r.last[s.From]
	r.lock.Unlock()
	stale := s.Seq > 0 && s.Seq <= last
	e := item(in)
	e.Kind, e.Op, e.Value = history.Decide, "post", ""
	e.Detail = fmt.Sprintf("%d > %d = %t → %s", s.Seq, last, !stale, map[bool]string{true: "skip", false: "post"}[stale])
	r.env.Record(e)
	if stale {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	err = r.journal.Append(r.ctx, text)
	r.lock.Lock()
	r.failing = err != nil
	if err == nil {
		r.last[s.From] = max(last, s.Seq)
	}
	r.lock.Unlock()
	if err != nil {
		return appended(err)
	}
	e = item(in)
	e.Kind, e.Op = history.Store, "message"
	r.env.Record(e)
	r.lock.Lock()
	defer r.lock.Unlock()
	for _, box := range r.boxes {
		box.rouse()
	}
	return nil
}

// join gives a member a mailbox. One of the same member that is still there is
// closed: its connection is dead, and nobody has told the server.
func (r *room) join(member, request string, place int64) (*mailbox, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.journal == nil {
		return nil, errNotRead
	}
	if place == fromNow {
		place = r.journal.Size()
	}
	if place < 0 || place > r.journal.Size() {
		return nil, status.Errorf(codes.InvalidArgument, "%s: this room has no message %d", afterKey, place)
	}
	box := &mailbox{
		room: r, member: member, request: request, place: place, until: unending,
		mail: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	for i, other := range r.boxes {
		if member != "" && other.member == member {
			close(other.closed)
			r.boxes = slices.Delete(r.boxes, i, i+1)
			break
		}
	}
	r.boxes = append(r.boxes, box)
	return box, nil
}

// leave takes a mailbox away.
func (r *room) leave(box *mailbox) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.boxes = slices.DeleteFunc(r.boxes, func(b *mailbox) bool { return b == box })
}
