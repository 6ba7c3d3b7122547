package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// namesFile has a record for each life of a program that was given a name.
const namesFile = "names.journal"

const (
	// longestName bounds what a person or a machine is called, in bytes.
	longestName = 64
	// mostMachines bounds the memory that registrations can take.
	mostMachines = 1000
)

// naming is the naming service. A machine has one tenant at a time: who registers
// from there last has taken the place of whoever did before.
//
// A lease makes sure that a name is at one machine at a time, also where one of
// the two cannot be reached to be told. An epoch makes sure that what a program
// asked before it died is not granted after the next one came.
type naming struct {
	chatpb.UnimplementedNamingServiceServer
	env    lab.Env
	lease  time.Duration
	opened chan struct{} // closed when the journal has been read, or could not be
	failed error         // why it could not

	lock    *lab.Mutex // guards what follows; held while a registration is written
	journal *journal.Journal
	tenants map[string]tenancy // by machine
}

// tenancy is who is at a machine.
type tenancy struct {
	Machine string `json:"machine"`
	Name    string `json:"name"`
	Epoch   int64  `json:"epoch"`

	until time.Time // the end of the lease
}

func (t tenancy) inForce() bool { return time.Until(t.until) > 0 }

// tenant is what the history calls a registration.
func tenant(in *chatpb.Registration) string { return fmt.Sprintf("%s@%d", in.GetName(), in.GetEpoch()) }

func serveNames(ctx context.Context, env lab.Env) error {
	n := &naming{
		env: env, lease: env.Params().Duration("lease"),
		opened: make(chan struct{}), lock: lab.NewMutex(), tenants: map[string]tenancy{},
	}
	go n.open(ctx)
	err := rpc.Serve(ctx, env, namesPort, func(s *grpc.Server) { chatpb.RegisterNamingServiceServer(s, n) })
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// open reads the journal. A lease of before the crash may still be in force, and
// nobody knows how long: each is taken to begin anew. To forget them would give a
// name away that is taken.
func (n *naming) open(ctx context.Context) {
	defer close(n.opened)
	j, records, err := journal.Open(ctx, n.env, namesFile)
	if err != nil {
		n.failed = err
		return
	}
	for _, record := range records {
		var t tenancy
		if err := json.Unmarshal(record, &t); err != nil {
			n.failed = fmt.Errorf("read %s: %q is no registration; move the file away to begin a new one: %w", namesFile, record, err)
			return
		}
		t.until = ahead(n.lease)
		n.tenants[t.Machine] = t
	}
	n.journal = j
}

// ready says why the service cannot answer yet.
func (n *naming) ready() error {
	select {
	case <-n.opened:
		if n.failed == nil {
			return nil
		}
		return status.Error(codes.Unavailable, n.failed.Error())
	default:
		return status.Error(codes.Unavailable, "the names of before are not read yet")
	}
}

// Register implements the service.
func (n *naming) Register(ctx context.Context, in *chatpb.Registration) (*chatpb.Lease, error) {
	n.trace(history.Recv, "Register", tenant(in), rpc.Request)
	err := n.ready()
	if err == nil {
		err = n.register(ctx, tenancy{Machine: in.GetMachine(), Name: in.GetName(), Epoch: in.GetEpoch()})
	}
	n.trace(history.Send, "Register", tenant(in), rpc.Answer)
	if err != nil {
		return nil, err
	}
	return &chatpb.Lease{Milliseconds: n.lease.Milliseconds()}, nil
}

func (n *naming) register(ctx context.Context, t tenancy) error {
	for _, word := range []string{t.Name, t.Machine} {
		if word == "" || len(word) > longestName {
			return status.Errorf(codes.InvalidArgument, "a name and a machine have between 1 and %d bytes", longestName)
		}
	}
	if t.Epoch < 1 {
		return status.Error(codes.InvalidArgument, "epochs begin with 1")
	}
	n.lock.Lock()
	defer n.lock.Unlock()
	last, known := n.tenants[t.Machine]
	if t.Epoch < last.Epoch || t.Epoch == last.Epoch && t.Name != last.Name {
		return status.Errorf(codes.Aborted, "%s@%d has registered from %s", last.Name, last.Epoch, t.Machine)
	}
	if !known && len(n.tenants) >= mostMachines {
		return status.Errorf(codes.ResourceExhausted, "there are %d machines, and no room for more", mostMachines)
	}
	if at, ok := n.find(t.Name); ok && at.Machine != t.Machine {
		return status.Errorf(codes.AlreadyExists, "%s is at %s", t.Name, at.Machine)
	}
	if t.Epoch > last.Epoch {
		if err := n.write(ctx, t); err != nil {
			return status.Error(codes.Unavailable, err.Error())
		}
	}
	t.until = ahead(n.lease)
	n.tenants[t.Machine] = t
	return nil
}

// write makes a new tenant durable before anybody is told of them.
func (n *naming) write(ctx context.Context, t tenancy) error {
	text, err := json.Marshal(t)
	if err != nil {
		panic(fmt.Sprintf("chat: a registration that is no JSON: %v", err))
	}
	return n.journal.Append(ctx, text)
}

// find gives the machine that has a lease on a name.
func (n *naming) find(name string) (t tenancy, ok bool) {
	for _, machine := range slices.Sorted(maps.Keys(n.tenants)) {
		if t := n.tenants[machine]; t.Name == name && t.inForce() {
			return t, true
		}
	}
	return tenancy{}, false
}

// Lookup implements the service.
func (n *naming) Lookup(_ context.Context, in *chatpb.Name) (*chatpb.Whereabouts, error) {
	n.trace(history.Recv, "Lookup", in.GetName(), rpc.Request)
	answer, err := n.lookup(in.GetName())
	n.trace(history.Send, "Lookup", in.GetName(), rpc.Answer)
	return answer, err
}

func (n *naming) lookup(name string) (*chatpb.Whereabouts, error) {
	if err := n.ready(); err != nil {
		return nil, err
	}
	n.lock.Lock()
	defer n.lock.Unlock()
	t, ok := n.find(name)
	if !ok {
		return nil, status.Errorf(codes.NotFound, "nobody has a lease on %.80q", name)
	}
	return &chatpb.Whereabouts{Machine: t.Machine, Epoch: t.Epoch, Milliseconds: time.Until(t.until).Milliseconds()}, nil
}

func (n *naming) trace(kind history.Kind, op, id string, msg func(method, id string) string) {
	n.env.Record(history.Event{Kind: kind, Op: op, ID: id, Msg: msg(op, id)})
}
