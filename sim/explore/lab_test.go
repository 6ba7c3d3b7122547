package explore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"time"

	"faultlab/sim/explore"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

const shopPort = 7007

// shop is a lab whose client orders again when it gets no answer, and whose
// till takes every order for a new one.
func shop() *lab.System {
	type roles = map[string]func(context.Context, lab.Env) error
	return &lab.System{
		Name: "shop", Story: "A client orders, again and again.",
		Params: param.List{
			{Name: "orders", Default: 10, Min: 1, Try: []string{"5", "10"}, Doc: "How many orders."},
			{Name: "every", Default: 10 * time.Millisecond, Min: time.Millisecond, Try: []string{"5ms", "10ms"}, Doc: "How long between them."},
		},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{
				{Name: "client", Role: "client", Host: "home", Client: true},
				{Name: "till", Role: "till", Host: "shop"},
			}
		},
		Links: func(lab.Params) []lab.Link { return []lab.Link{{From: "client", To: "till", Port: shopPort}} },
		Nominal: func(p lab.Params) time.Duration {
			return time.Duration(p.Int("orders")) * p.Duration("every")
		},
		Variants: []lab.Variant{{
			Name: "original", Summary: "Every order is a new one.",
			Promises: []string{"no-phantoms"},
			Breaks:   []string{"no-duplicates"},
			Bound:    func(lab.Params) time.Duration { return 2 * time.Second },
			Roles:    roles{"client": client, "till": till},
			ReadBack: readBack,
		}},
	}
}

func till(ctx context.Context, env lab.Env) error {
	ln, err := env.Listen(shopPort)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	for {
		conn, err := ln.Accept()
		if err != nil {
			return ctx.Err()
		}
		take(env, conn)
	}
}

func take(env lab.Env, conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(50*time.Millisecond)) != nil {
		return
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || env.Disk().Append("orders", []byte(line)) != nil {
		return
	}
	env.Record(history.Event{Kind: history.Store, Value: line})
	_, _ = io.WriteString(conn, "ok\n")
}

func client(ctx context.Context, env lab.Env) error {
	p := env.Params()
	return lab.Workload(ctx, env, int64(p.Int("orders")), p.Duration("every"), func(seq int64) {
		e := history.Event{Kind: history.Invoke, Source: "client", Seq: seq}
		env.Record(e)
		e.Kind = history.Info
		for range 3 {
			if order(ctx, env, seq) == nil {
				e.Kind = history.OK
				break
			}
		}
		env.Record(e)
	})
}

func order(ctx context.Context, env lab.Env, seq int64) error {
	conn, err := env.Dial(ctx, "till")
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		return err
	}
	env.Record(history.Event{Kind: history.Send, Source: "client", Seq: seq})
	if _, err := fmt.Fprintln(conn, seq); err != nil {
		return err
	}
	_, err = bufio.NewReader(conn).ReadString('\n')
	return err
}

func readBack(_ context.Context, o lab.Observer) ([]history.Event, error) {
	text, err := o.Disk("shop").Read("orders")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var entries []history.Event
	for line := range strings.Lines(string(text)) {
		seq, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		if err == nil {
			entries = append(entries, history.Event{Source: "client", Seq: seq})
		}
	}
	return entries, nil
}

// explorer explores the shop.
func explorer() explore.Explorer {
	s := shop()
	return explore.New(s, &s.Variants[0], world.Vocabulary(lab.Register(s)), virtual.New(), 1)
}
