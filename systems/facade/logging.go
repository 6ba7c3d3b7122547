package facade

import (
	"context"
	"errors"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/lab/web"
	"faultlab/systems/facade/logpb"
)

// booked is the gRPC interface of a book.
type booked struct {
	logpb.UnimplementedLoggingServiceServer
	*book
}

func hardenedLogging(ctx context.Context, env lab.Env) error {
	b := newBook(ctx, env)
	env.Printf("Logging gRPC service running on port %d", loggingPort)
	return b.serve(func(ctx context.Context) error {
		return rpc.Serve(ctx, env, loggingPort, func(s *grpc.Server) {
			logpb.RegisterLoggingServiceServer(s, booked{book: b})
		})
	})
}

func hardenedWeblog(ctx context.Context, env lab.Env) error {
	b := newBook(ctx, env)
	return b.serve(func(ctx context.Context) error {
		return web.Serve(ctx, env, weblogPort, &http.Server{
			Handler:     weblogOf(env, b.store, b.all),
			ReadTimeout: 2 * time.Second, // of a half-sent request
			IdleTimeout: time.Minute,
		})
	})
}

// LogMessage answers OK once the message is synced, ABORTED if it is not stored,
// ALREADY_EXISTS if its id is another message's. Any other code leaves it open.
func (b booked) LogMessage(ctx context.Context, r *logpb.LogRequest) (*logpb.LogResponse, error) {
	if err := checkKey(r.GetId()); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	e := about(r.GetId(), r.GetMsg())
	got(b.env, e, "LogMessage", rpc.Request("LogMessage", e.ID))
	err := b.store(ctx, e)
	answers(b.env, e, "LogMessage", rpc.Answer("LogMessage", e.ID))
	if err != nil {
		return nil, status.Error(codeOf(err), err.Error())
	}
	return &logpb.LogResponse{Detail: logged}, nil
}

// codeOf tells a caller what an error means for its message.
func codeOf(err error) codes.Code {
	switch {
	case errors.Is(err, errConflict):
		return codes.AlreadyExists
	case errors.Is(err, errNotStored):
		return codes.Aborted
	}
	return codes.Unknown
}

// GetLogs implements the gRPC service.
func (b booked) GetLogs(ctx context.Context, _ *logpb.Empty) (*logpb.LogList, error) {
	got(b.env, history.Event{}, "GetLogs", rpc.Request("GetLogs", ""))
	logs, err := b.all(ctx)
	answers(b.env, history.Event{}, "GetLogs", rpc.Answer("GetLogs", ""))
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &logpb.LogList{Logs: logs}, nil
}
