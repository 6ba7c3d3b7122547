package chat

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// clerk asks the naming service, and notes the answers.
type clerk struct {
	ctx     context.Context
	env     lab.Env
	answers []string
}

func (c *clerk) register(name, machine string, epoch int64) {
	c.note(c.ask(func(s chatpb.NamingServiceClient) error {
		_, err := s.Register(c.ctx, &chatpb.Registration{Name: name, Machine: machine, Epoch: epoch})
		return err
	}), "leased")
}

func (c *clerk) lookup(name string) {
	var at *chatpb.Whereabouts
	err := c.ask(func(s chatpb.NamingServiceClient) (err error) {
		at, err = s.Lookup(c.ctx, &chatpb.Name{Name: name})
		return err
	})
	c.note(err, fmt.Sprintf("%s@%d", at.GetMachine(), at.GetEpoch()))
}

func (c *clerk) note(err error, answer string) {
	if err != nil {
		answer = status.Code(err).String()
	}
	c.answers = append(c.answers, answer)
}

func (c *clerk) ask(question func(chatpb.NamingServiceClient) error) error {
	channel, err := rpc.Dial(c.env, names)
	if err != nil {
		return err
	}
	defer channel.Close()
	for {
		err := question(chatpb.NewNamingServiceClient(channel))
		if status.Code(err) != codes.Unavailable || lab.Rest(c.ctx, pause) != nil {
			return err
		}
	}
}

func TestNamingService(t *testing.T) {
	const lease = 600 * time.Millisecond
	for _, test := range []struct {
		name   string
		script string
		ask    func(*clerk)
		want   []string
	}{
		{"a name is found where it was registered", "", func(c *clerk) {
			c.lookup("Eve")
			c.register("Eve", "attic", 1)
			c.lookup("Eve")
		}, []string{"NotFound", "leased", "attic@1"}},
		{"until the lease ends", "", func(c *clerk) {
			c.register("Eve", "attic", 1)
			_ = lab.Rest(c.ctx, lease*9/10)
			c.lookup("Eve")
			_ = lab.Rest(c.ctx, lease/5)
			c.lookup("Eve")
		}, []string{"leased", "attic@1", "NotFound"}},
		{"a lease is renewed", "", func(c *clerk) {
			c.register("Eve", "attic", 1)
			_ = lab.Rest(c.ctx, lease*9/10)
			c.register("Eve", "attic", 1)
			_ = lab.Rest(c.ctx, lease*9/10)
			c.lookup("Eve")
		}, []string{"leased", "leased", "attic@1"}},
		{"a name is at one machine at a time", "", func(c *clerk) {
			c.register("Eve", "attic", 1)
			c.register("Eve", "cellar", 7)
			_ = lab.Rest(c.ctx, lease+pause)
			c.register("Eve", "cellar", 7)
			c.lookup("Eve")
		}, []string{"leased", "AlreadyExists", "leased", "cellar@7"}},
		{"a restarted program registers anew, and need not wait", "", func(c *clerk) {
			c.register("Eve", "attic", 1)
			c.register("Eve", "attic", 2)
			c.lookup("Eve")
		}, []string{"leased", "leased", "attic@2"}},
		{"what a dead program asked comes too late", "", func(c *clerk) {
			c.register("Eve", "attic", 2)
			c.register("Eve", "attic", 1)
			c.lookup("Eve")
		}, []string{"leased", "Aborted", "attic@2"}},
		{"who starts a program there has the machine", "", func(c *clerk) {
			c.register("Eve", "attic", 1)
			c.register("Paul", "attic", 2)
			c.lookup("Eve")
			c.lookup("Paul")
			c.register("Eve", "attic", 1)
			c.register("Eve", "attic", 2)
			c.lookup("Paul")
		}, []string{"leased", "leased", "NotFound", "attic@2", "Aborted", "Aborted", "attic@2"}},
		{"a crash does not give a name away", "when names sends \"Eve@1\"  kill names for 10ms\n", func(c *clerk) {
			c.register("Eve", "attic", 1)
			c.register("Eve", "cellar", 1)
			c.lookup("Eve")
			_ = lab.Rest(c.ctx, lease+pause)
			c.lookup("Eve")
			c.register("Eve", "attic", 0)
			c.register("Eve", "cellar", 1)
		}, []string{"leased", "AlreadyExists", "attic@1", "NotFound", "InvalidArgument", "leased"}},
		{"an epoch outlives the lease", "", func(c *clerk) {
			c.register("Eve", "attic", 2)
			_ = lab.Rest(c.ctx, lease+pause)
			c.register("Eve", "attic", 1)
		}, []string{"leased", "Aborted"}},
		{"what is no name is refused", "", func(c *clerk) {
			c.register("", "attic", 1)
			c.register("Eve", "", 1)
			c.register(strings.Repeat("x", longestName+1), "attic", 1)
			c.register("Eve", strings.Repeat("x", longestName+1), 1)
			c.register("Eve", "attic", -1)
			c.lookup("")
		}, []string{"InvalidArgument", "InvalidArgument", "InvalidArgument", "InvalidArgument", "InvalidArgument", "NotFound"}},
		{"there is room for so many machines", "", func(c *clerk) {
			for i := range mostMachines {
				c.register(fmt.Sprint("Eve ", i), fmt.Sprint("attic ", i), 1)
			}
			c.answers = c.answers[:0]
			c.register("Paul", "cellar", 1)
		}, []string{"ResourceExhausted"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var answers []string
			script := "workload lines=1 poll=1s lease=600ms\nsettle 5s\n" + test.script
			inPlaceOfAnouk(t, original(), script, func(ctx context.Context, env lab.Env) error {
				c := &clerk{ctx: rpc.About(ctx, history.Event{ID: "a question"}), env: env}
				test.ask(c)
				answers = c.answers
				return nil
			})
			require.Equal(t, test.want, answers)
		})
	}
}
