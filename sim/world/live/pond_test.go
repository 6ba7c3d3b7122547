//go:build unix

package live

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const pondPort = 7013

// pond is a lab that sends datagrams: a client throws numbers in, and the pond
// keeps each and gives it back.
func pond() *lab.System {
	type roles = map[string]func(context.Context, lab.Env) error
	return &lab.System{
		Name: "pond", Story: "A client throws numbers into a pond.",
		Params: param.List{
			{Name: "ops", Default: 10, Min: 1, Try: []string{"5", "20"}, Doc: "How many numbers."},
			{Name: "every", Default: 5 * time.Millisecond, Min: time.Millisecond, Doc: "How long between them."},
			{Name: "wait", Default: 100 * time.Millisecond, Min: time.Millisecond, Doc: "How long for an answer."},
		},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{
				{Name: "pond", Role: "pond", Host: "pond"},
				{Name: "client", Role: "client", Host: "client", Client: true},
			}
		},
		Links: func(lab.Params) []lab.Link {
			return []lab.Link{{From: "client", To: "pond", Port: pondPort, Packet: true}}
		},
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("ops")) * p.Duration("every") },
		Variants: []lab.Variant{{
			Name: "original", Summary: "It sends each number once.",
			Promises: []string{"no-phantoms"},
			Bound:    func(lab.Params) time.Duration { return time.Second },
			Roles:    roles{"pond": keep, "client": throw},
			ReadBack: kept,
		}},
	}
}

func keep(ctx context.Context, env lab.Env) error {
	conn, err := env.ListenPacket(pondPort)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	buf := make([]byte, 100)
	for {
		n, from, err := conn.ReadFrom(buf)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		seq, err := strconv.ParseInt(string(buf[:n]), 10, 64)
		if err != nil {
			continue
		}
		env.Record(history.Event{Kind: history.Recv, Source: "client", Seq: seq})
		if err := env.Disk().Append("log", fmt.Appendln(nil, seq)); err != nil {
			continue
		}
		env.Record(history.Event{Kind: history.Send, Source: "pond", Seq: seq})
		if _, err := conn.WriteTo(buf[:n], from); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

func throw(ctx context.Context, env lab.Env) error {
	conn, err := env.DialPacket(ctx, "pond")
	if err != nil {
		return err
	}
	defer conn.Close()
	p := env.Params()
	return lab.Workload(ctx, env, int64(p.Int("ops")), p.Duration("every"), func(seq int64) {
		e := history.Event{Kind: history.Invoke, Source: "client", Seq: seq}
		env.Record(e)
		e.Kind = history.Send
		env.Record(e)
		_ = conn.SetDeadline(time.Now().Add(p.Duration("wait")))
		_, err := fmt.Fprint(conn, seq)
		for e.Kind = history.Info; err == nil && e.Kind == history.Info; {
			var n int
			buf := make([]byte, 100)
			if n, err = conn.Read(buf); string(buf[:n]) == fmt.Sprint(seq) {
				e.Kind = history.OK
			}
		}
		env.Record(e)
	})
}

func kept(_ context.Context, o lab.Observer) ([]history.Event, error) {
	text, err := o.Disk("pond").Read("log")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var entries []history.Event
	for line := range strings.Lines(string(text)) {
		if seq, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil {
			entries = append(entries, history.Event{Source: "client", Seq: seq})
		}
	}
	return entries, nil
}
