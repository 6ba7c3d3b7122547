package facade

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/lab/web"
	"faultlab/systems/facade/logpb"
)

// backend is a logging service, as the facade sees it.
type backend interface {
	// store makes one attempt at a message. It wraps errNotStored if this
	// attempt certainly stored nothing, and errConflict if the name belongs to
	// another message; any other error leaves it open.
	store(ctx context.Context, e history.Event) error
	// logs gives all that is stored.
	logs(ctx context.Context) ([]string, error)
}

// errConflict says that the name of a message belongs to another one.
var errConflict = errors.New("that name is of another message")

// persist tries until a message is stored or the attempts are over. One attempt
// that is open leaves the whole open, whatever the last one says: a request
// that was given up may still arrive.
func persist(ctx context.Context, env lab.Env, to backend, e history.Event) error {
	p := env.Params()
	open := false
	var err error
	for n := 1; n <= p.Int("attempts"); n++ {
		err = attempt(ctx, env, to, e)
		if err == nil || errors.Is(err, errConflict) {
			return err
		}
		env.Printf("attempt %d at %s failed: %v", n, e.ID, err)
		open = open || !errors.Is(err, errNotStored)
		if n == p.Int("attempts") || lab.Rest(ctx, p.Duration("pause")) != nil {
			break
		}
	}
	if open {
		return fmt.Errorf("it is not known whether %s is stored; post it again under the same name (the last attempt said: %v)", e.ID, err)
	}
	return fmt.Errorf("%d attempts, the last one: %w", p.Int("attempts"), err)
}

func attempt(ctx context.Context, env lab.Env, to backend, e history.Event) error {
	ctx, cancel := context.WithTimeout(ctx, env.Params().Duration("deadline"))
	defer cancel()
	return to.store(ctx, e)
}

// byGRPC is the logging service, over a new channel each time: one that a
// partition has cut may hang for longer than a message can wait.
type byGRPC struct{ env lab.Env }

func (b byGRPC) store(ctx context.Context, e history.Event) error {
	conn, err := rpc.Dial(b.env, logging)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = logpb.NewLoggingServiceClient(conn).LogMessage(rpc.About(ctx, e), &logpb.LogRequest{Id: e.ID, Msg: e.Value})
	switch {
	case status.Code(err) == codes.AlreadyExists:
		return errConflict
	case rpc.Refused(err) || status.Code(err) == codes.Aborted:
		return fmt.Errorf("%w: %w", errNotStored, err)
	}
	return err
}

func (b byGRPC) logs(ctx context.Context) ([]string, error) { return getLogs(ctx, b.env) }

// byHTTP is the HTTP logging service.
type byHTTP struct {
	env    lab.Env
	client *http.Client
}

func newByHTTP(env lab.Env) byHTTP {
	return byHTTP{env, web.Client(env, weblog, false, env.Params().Duration("deadline"))}
}

func (b byHTTP) store(ctx context.Context, e history.Event) error {
	resp, answer, err := postLog(ctx, b.env, b.client, e)
	switch {
	case errors.Is(err, web.ErrNotSent):
		return fmt.Errorf("%w: %w", errNotStored, err)
	case err != nil:
		return err
	case resp.StatusCode == http.StatusOK:
		return nil
	case resp.StatusCode == http.StatusConflict:
		return errConflict
	case resp.StatusCode == http.StatusServiceUnavailable:
		return fmt.Errorf("%w: %s", errNotStored, answer)
	}
	return fmt.Errorf("%s: %.200s", resp.Status, answer)
}

func (b byHTTP) logs(ctx context.Context) ([]string, error) { return getWeblog(ctx, b.env, b.client) }
