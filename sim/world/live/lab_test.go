//go:build unix

package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

var registry = lab.Register(depot(), pond())

func TestMain(m *testing.M) {
	RunIfNode(registry)
	// For nodes under the race detector: a race is a crash, and an exit does
	// not take the second for which the detector waits for more.
	os.Setenv("GORACE", "halt_on_error=1 atexit_sleep_ms=0")
	if temp := os.Getenv(doomedEnv); temp != "" {
		runDoomed(temp)
	}
	os.Exit(m.Run())
}

const depotPort = 7007

// depot is a lab of one store and one client, with a variant for each way in
// which a node can behave.
func depot() *lab.System {
	roles := map[string]func(context.Context, lab.Env) error{
		"plain":   store,
		"chatty":  chatter,
		"mirror":  mirror,
		"failing": func(context.Context, lab.Env) error { return errors.New("no coffee") },
		"quitter": func(context.Context, lab.Env) error { return nil },
		"deaf":    func(ctx context.Context, _ lab.Env) error { <-ctx.Done(); return ctx.Err() },
		"panics":  func(context.Context, lab.Env) error { panic("out of cheese") },
		"panics-late": func(ctx context.Context, env lab.Env) error {
			ln, err := env.Listen(depotPort)
			if err != nil {
				return err
			}
			defer ln.Close()
			go panic("out of milk")
			<-ctx.Done()
			return nil
		},
		"stubborn": func(_ context.Context, env lab.Env) error {
			if _, err := env.Listen(depotPort); err != nil {
				return err
			}
			select {}
		},
		"garbles": func(ctx context.Context, env lab.Env) error {
			if _, err := env.Listen(depotPort); err != nil {
				return err
			}
			if _, err := os.NewFile(reportsFD, "reports").WriteString("{\"event\":\n"); err != nil {
				return err
			}
			<-ctx.Done()
			return nil
		},
	}
	s := &lab.System{
		Name: "depot", Story: "A client stores numbers.",
		Params: param.List{{Name: "ops", Default: 3, Doc: "How many numbers."}},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{
				{Name: "store", Role: "store", Host: "store"},
				{Name: "client", Role: "client", Host: "client", Client: true},
			}
		},
		Links:   func(lab.Params) []lab.Link { return []lab.Link{{From: "client", To: "store", Port: depotPort}} },
		Nominal: func(lab.Params) time.Duration { return time.Second },
	}
	for name, role := range roles {
		s.Variants = append(s.Variants, lab.Variant{
			Name: name, Summary: "It is " + name + ".",
			Bound:    func(lab.Params) time.Duration { return time.Second },
			Roles:    map[string]func(context.Context, lab.Env) error{"store": role, "client": client},
			ReadBack: func(context.Context, lab.Observer) ([]history.Event, error) { return nil, nil },
		})
	}
	return s
}

// store appends what each connection brings to its file, and replies.
func store(ctx context.Context, env lab.Env) error {
	ln, err := env.Listen(depotPort)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	env.Printf("at %s", ln.Addr())
	for {
		conn, err := ln.Accept()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		serve(env, conn)
	}
}

func serve(env lab.Env, conn net.Conn) {
	defer conn.Close()
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return
	}
	var seq int64
	if _, err := fmt.Sscan(line, &seq); err != nil {
		env.Printf("%v", err)
		return
	}
	if env.Overloaded() {
		env.Printf("%s", env.Now().Format(time.RFC3339))
		return
	}
	if err := env.Disk().Append("log", []byte(line)); err != nil {
		env.Printf("%v", err)
		return
	}
	env.Record(history.Event{Kind: history.Store, Seq: seq})
	_, _ = io.WriteString(conn, "ok\n")
}

// client runs the workload; a reply that stays away leaves its op unknown.
func client(ctx context.Context, env lab.Env) error {
	return lab.Workload(ctx, env, int64(env.Params().Int("ops")), time.Millisecond, func(seq int64) {
		env.Record(history.Event{Kind: history.Invoke, Seq: seq})
		e := history.Event{Kind: history.OK, Seq: seq}
		if err := put(ctx, env, seq); err != nil {
			e.Kind, e.Detail = history.Info, err.Error()
		}
		env.Record(e)
	})
}

func put(ctx context.Context, env lab.Env, seq int64) error {
	conn, err := env.Dial(ctx, "store")
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := fmt.Fprintln(conn, seq); err != nil {
		return err
	}
	reply, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if reply != "ok\n" {
		return fmt.Errorf("strange reply %q", reply)
	}
	return nil
}

// chatter appends one number after the other, and records each.
func chatter(ctx context.Context, env lab.Env) error {
	ln, err := env.Listen(depotPort)
	if err != nil {
		return err
	}
	defer ln.Close()
	for seq := int64(1); ctx.Err() == nil; seq++ {
		if err := env.Disk().Append("log", []byte{'.'}); err != nil {
			return err
		}
		env.Record(history.Event{Kind: history.Decide, Seq: seq})
	}
	return nil
}

// mirror shows what a person types.
func mirror(_ context.Context, env lab.Env) error {
	ln, err := env.Listen(depotPort)
	if err != nil {
		return err
	}
	defer ln.Close()
	if _, err := io.WriteString(env.Terminal(), "? "); err != nil {
		return err
	}
	var typed strings.Builder
	if _, err := io.Copy(io.MultiWriter(env.Terminal(), &typed), env.Terminal()); err != nil {
		return err
	}
	env.Printf("\nthat was all")
	if strings.HasSuffix(typed.String(), "fail\n") {
		return errors.New("it was told to fail")
	}
	return nil
}
