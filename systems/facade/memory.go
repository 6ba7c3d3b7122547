package facade

import (
	"context"
	"fmt"
	"net/http"

	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/lab/web"
	"faultlab/systems/facade/logpb"
)

// memory is the document's logging service: a list of messages and a table of
// their ids. Both are gone when the process is, and so is the knowledge of what
// was stored.
type memory struct {
	logpb.UnimplementedLoggingServiceServer
	ctx  context.Context // of the node
	env  lab.Env
	lock *lab.Mutex // guards what follows, each for itself
	ids  map[string]bool
	logs []string
}

func newMemory(ctx context.Context, env lab.Env) *memory {
	return &memory{ctx: ctx, env: env, lock: lab.NewMutex(), ids: map[string]bool{}}
}

// store looks whether it has the id, and then stores. Between the two another
// attempt at the same message can look too: a call whose caller has given up
// is still at work, and both of them store.
//
// Only the id counts. Another message under a known id is answered like the
// first, and thrown away.
func (m *memory) store(_ context.Context, about history.Event) error {
	m.lock.Lock()
	known := m.ids[about.ID]
	m.lock.Unlock()
	e := about
	e.Kind, e.Op = history.Decide, "skip"
	e.Detail = fmt.Sprintf("%s is known = %t → %s", e.ID, known, map[bool]string{true: "skip", false: "store"}[known])
	m.env.Record(e)
	if known {
		m.env.Printf("[DUPLICATE] %s", e.ID)
		return nil
	}
	if err := lab.Rest(m.ctx, m.env.Params().Duration("work")); err != nil {
		return err
	}
	m.lock.Lock()
	m.ids[e.ID] = true
	m.logs = append(m.logs, e.Value)
	m.lock.Unlock()
	e.Kind, e.Op, e.Detail = history.Store, "message", ""
	m.env.Record(e)
	m.env.Printf("[LOGGED] %s -> %s", e.ID, e.Value)
	return nil
}

func (m *memory) all(context.Context) ([]string, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	return append([]string{}, m.logs...), nil
}

// logged is the answer to a message that is stored. It is also the answer to one
// that was skipped.
const logged = "logged"

// LogMessage implements the gRPC service.
func (m *memory) LogMessage(ctx context.Context, r *logpb.LogRequest) (*logpb.LogResponse, error) {
	e := about(r.GetId(), r.GetMsg())
	got(m.env, e, "LogMessage", rpc.Request("LogMessage", e.ID))
	if err := m.store(ctx, e); err != nil {
		return nil, err
	}
	answers(m.env, e, "LogMessage", rpc.Answer("LogMessage", e.ID))
	return &logpb.LogResponse{Detail: logged}, nil
}

// GetLogs implements the gRPC service.
func (m *memory) GetLogs(ctx context.Context, _ *logpb.Empty) (*logpb.LogList, error) {
	got(m.env, history.Event{}, "GetLogs", rpc.Request("GetLogs", ""))
	logs, err := m.all(ctx)
	answers(m.env, history.Event{}, "GetLogs", rpc.Answer("GetLogs", ""))
	return &logpb.LogList{Logs: logs}, err
}

// originalLogging is the gRPC service.
func originalLogging(ctx context.Context, env lab.Env) error {
	m := newMemory(ctx, env)
	env.Printf("Logging gRPC service running on port %d", loggingPort)
	return rpc.Serve(ctx, env, loggingPort, func(s *grpc.Server) { logpb.RegisterLoggingServiceServer(s, m) })
}

// originalWeblog is the HTTP service.
func originalWeblog(ctx context.Context, env lab.Env) error {
	m := newMemory(ctx, env)
	return web.Serve(ctx, env, weblogPort, &http.Server{Handler: weblogOf(env, m.store, m.all)})
}
