package multicast

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// original is the programs of the document.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: every message goes out once, and nobody asks who has it.",
		Breaks:  []string{"delivered", "no-loss", "no-duplicates", "fifo", "agreement", "id-unique"},
		OK:      map[string]string{opSay: "it was handed to the network"},
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			sender:     sendOnce,
			"receiver": listen,
		},
		ReadBack: readConsoles,
	}
}

// sendOnce is the document's UDPMulticastSender. The number of a message is the
// variable of a loop: whoever starts the program again begins at 0 again.
func sendOnce(ctx context.Context, env lab.Env) error {
	p := env.Params()
	var group []net.Conn
	for _, name := range members(p) {
		conn, err := env.DialPacket(ctx, name)
		if err != nil {
			return fmt.Errorf("reach %s: %w", name, err)
		}
		defer conn.Close()
		group = append(group, conn)
	}
	i := int64(-1)
	return lab.Workload(ctx, env, int64(p.Int("messages")), p.Duration("every"), func(seq int64) {
		i++
		said := message(p, i)
		e := invoked(p, seq, said)
		env.Record(e)
		e.Kind, e.Detail = history.OK, ""
		for n, name := range members(p) {
			env.Record(handed(e, name, fmt.Sprint(i)))
			if _, err := group[n].Write([]byte(said)); err != nil {
				e.Kind, e.Detail = history.Info, err.Error()
			}
		}
		env.Printf("Multicast sent to %s:%d", groupAddress, port)
		e.ID = fmt.Sprint(i)
		env.Record(e)
	})
}

// listen is the document's UDPMulticastReceiver.
func listen(ctx context.Context, env lab.Env) error {
	conn, err := env.ListenPacket(port)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	env.Printf("Multicast receiver started on %s:%d", groupAddress, port)
	buffer := make([]byte, 1024) // recvfrom(1024): what is longer loses its tail
	for {
		n, from, err := conn.ReadFrom(buffer)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		said := string(buffer[:n])
		e := history.Event{Kind: history.Recv, Op: opSay, Value: strings.ToValidUTF8(said, "\uFFFD")}
		if i := number(said); i >= 0 {
			e.ID = fmt.Sprint(i)
			e.Msg = msg(e.ID, env.Node().Name)
		}
		env.Record(e)
		if !utf8.ValidString(said) {
			return errNotUTF8 // it is caught nowhere, and ends the program
		}
		env.Printf(heard+"%s", from, said)
		e.Kind, e.Msg = history.Store, ""
		env.Record(e)
	}
}

// heard is how a receiver's line for a message begins.
const heard = "Multicast from %s: "

var errNotUTF8 = errors.New("'utf-8' codec can't decode what came")

// readConsoles reads the messages off the receivers' consoles, as people would.
func readConsoles(_ context.Context, o lab.Observer) ([]history.Event, error) {
	begin, _, _ := strings.Cut(heard, "%s")
	var entries []history.Event
	for _, name := range members(o.Params()) {
		for _, line := range o.Console(name) {
			rest, ok := strings.CutPrefix(line, begin)
			if _, said, named := strings.Cut(rest, ": "); ok && named {
				entries = append(entries, history.Event{Node: name, Value: said})
			}
		}
	}
	return entries, nil
}
