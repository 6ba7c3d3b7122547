package userservice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/systems/userservice/userpb"
)

// usersFile has a record for each batch that was created.
const usersFile = "users.journal"

// table is the hardened server's users. A batch is one record of its journal:
// it is there wholly or not at all, also after a crash, and it bears the name
// that its client gave it, so that the journal is also the table of batches.
type table struct {
	ctx context.Context // of the node
	env lab.Env

	writing *lab.Mutex // held while a batch is looked up and written

	lock    *lab.Mutex // guards what follows; held for no time
	journal *journal.Journal
	failing bool                   // the last batch could not be written
	users   []*userpb.UserResponse // only ever appended to; the ids count from 1 without a gap
	batches map[string]part
}

// part is where a batch stands among the users.
type part struct{ from, to int }

// record is a batch in the journal.
type record struct {
	Batch string `json:"batch,omitempty"` // "": its client gave it no name
	Users []row  `json:"users"`
}

type row struct {
	ID    int32  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Age   int32  `json:"age"`
}

func newTable(ctx context.Context, env lab.Env) *table {
	return &table{
		ctx: ctx, env: env, writing: lab.NewMutex(),
		lock: lab.NewMutex(), users: theGiven(), batches: map[string]part{},
	}
}

// recover reads the journal.
func (t *table) recover() error {
	j, records, err := journal.Open(t.ctx, t.env, usersFile)
	if err != nil {
		return err
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, text := range records {
		var r record
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("read %s: %q is no record of this journal; move the file away to begin a new one: %w", usersFile, text, err)
		}
		t.add(r)
	}
	t.journal = j
	return nil
}

// add puts a batch that is in the journal into the table; t.lock is held.
func (t *table) add(r record) []*userpb.UserResponse {
	from := len(t.users)
	for _, u := range r.Users {
		t.users = append(t.users, &userpb.UserResponse{Id: u.ID, Name: u.Name, Email: u.Email, Age: u.Age, Status: active})
	}
	if r.Batch != "" {
		t.batches[r.Batch] = part{from, len(t.users)}
	}
	return t.users[from:]
}

// errNotRead is the answer until the journals are read. ABORTED tells a client
// that nothing was done.
var errNotRead = status.Error(codes.Aborted, "the journal is not read yet; try again")

// all are the users of this moment.
func (t *table) all() ([]*userpb.UserResponse, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.journal == nil {
		return nil, errNotRead
	}
	return t.users, nil
}

// ready reports whether a batch could be created, as far as it is known.
func (t *table) ready() bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.journal != nil && !t.failing
}

// create commits a batch and returns its users once they are synced. A batch
// whose name is known is not created again: its users are returned.
//
// One batch is written at a time. Two attempts at the same one would otherwise
// both find it unknown.
func (t *table) create(batch string, wanted []*userpb.CreateUserRequest) ([]*userpb.UserResponse, error) {
	if err := t.writing.LockContext(t.ctx); err != nil {
		return nil, errNotRead
	}
	defer t.writing.Unlock()
	t.lock.Lock()
	at, known := t.batches[batch]
	made, next, j := t.users[at.from:at.to], len(t.users)+1, t.journal
	t.lock.Unlock()
	if j == nil {
		return nil, errNotRead
	}
	if known {
		same := slices.EqualFunc(made, wanted, is)
		t.decide(batch, fmt.Sprintf("%s is known, as the same users = %t → %s", batch, same, map[bool]string{true: "skip", false: "refuse"}[same]))
		if !same {
			return nil, status.Errorf(codes.AlreadyExists, "batch %s is of other users", batch)
		}
		return made, nil
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	t.decide(batch, fmt.Sprintf("%s is whole and new → create %d users", batch, len(wanted)))
	r := record{Batch: batch}
	for i, u := range wanted {
		r.Users = append(r.Users, row{int32(next + i), u.GetName(), u.GetEmail(), u.GetAge()})
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	err = j.Append(t.ctx, text)
	t.lock.Lock()
	t.failing = err != nil
	if err == nil {
		made = t.add(r)
	}
	t.lock.Unlock()
	if err != nil {
		return nil, appended(err)
	}
	for _, u := range made {
		e := item(u)
		e.Kind, e.Op = history.Store, "user"
		t.env.Record(e)
	}
	return made, nil
}

// is reports whether a user is what was asked for.
func is(u *userpb.UserResponse, wanted *userpb.CreateUserRequest) bool {
	return proto.Equal(wanted, &userpb.CreateUserRequest{Name: u.GetName(), Email: u.GetEmail(), Age: u.GetAge()})
}

// appended tells a client what the error of an append means to it: whether it
// may have happened.
func appended(err error) error {
	if errors.Is(err, journal.ErrUncertain) {
		return status.Error(codes.Unavailable, err.Error())
	}
	return status.Error(codes.Aborted, err.Error())
}

func (t *table) decide(id, detail string) {
	e := history.Event{Kind: history.Decide, Op: "create", ID: id, Detail: detail}
	e.Source, e.Seq = named(id)
	t.env.Record(e)
}
