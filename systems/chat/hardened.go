package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/chat/chatpb"
)

// hardened shows each line once on both screens, also to somebody who was away.
// What does it, one file each:
//
//	book.go       the lines on disk: screen, outbox and inbox in one
//	lives.go      epochs: no two lines ever have one number
//	pen.go        a line is said when it is on disk, and not when it has arrived
//	courier.go    at-least-once: bring it again until the other has it
//	inbox.go      is it for me, and is it new?
//	naming.go     who is where: leases and epochs
//	directory.go  the peers' side of that
func hardened() lab.Variant {
	return lab.Variant{
		Name:     "hardened",
		Summary:  "Lines are kept on disk and brought, numbered, to a person and not to an address, until they are there.",
		Promises: []string{"delivered", "no-loss", "no-duplicates", "fifo", "causal", "live"},
		OK:       map[string]string{opSay: "the own line is on disk, and on the own screen"},
		Bound:    bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			"peer": hardenedPeer,
			names:  serveNames,
		},
		ReadBack: readScreens,
		Settled:  settled,
	}
}

// hardenedPeer needs nobody to be there for its person to speak.
func hardenedPeer(ctx context.Context, env lab.Env) error {
	s := newScreen(env, sitting(env))
	other, port := facing(env.Node().Name)
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	b := newBook(life, s)
	go b.open()
	defer func() {
		end()
		<-b.opened
	}()
	return together(ctx,
		func(ctx context.Context) error {
			return rpc.Serve(ctx, env, port, func(server *grpc.Server) {
				chatpb.RegisterChattingServiceServer(server, inbox{book: b})
			})
		},
		func(ctx context.Context) error { return directory{env}.keepName(ctx, b) },
		newCourier(b, other).run,
		func(ctx context.Context) error {
			p := newPen(b, called(other))
			defer p.finish()
			return talk(ctx, s, p.say)
		},
	)
}

// readScreens asks both programs for what their screens show. The consoles would
// not do: a program that starts again shows all its lines again, as it should,
// and one that died between the sync and the print has not shown the last.
func readScreens(ctx context.Context, o lab.Observer) ([]history.Event, error) {
	var entries []history.Event
	for _, machine := range []string{anouk, davide} {
		shown, err := readScreen(ctx, o, machine)
		if err != nil {
			return nil, fmt.Errorf("read the screen at %s: %w", machine, err)
		}
		entries = append(entries, shown...)
	}
	return entries, nil
}

func readScreen(ctx context.Context, o lab.Observer, machine string) ([]history.Event, error) {
	_, port := facing(machine)
	channel, err := rpc.Look(o, machine, port)
	if err != nil {
		return nil, err
	}
	defer channel.Close()
	stream, err := chatpb.NewChattingServiceClient(channel).Screen(ctx, &chatpb.NullMsg{})
	if err != nil {
		return nil, err
	}
	var entries []history.Event
	for {
		shown, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		e := about(shown.GetLine().GetMsg())
		e.Node = strings.ToLower(shown.GetPerson())
		entries = append(entries, e)
	}
}

// settled reports whether everybody has all that was said to them.
func settled(o lab.Observer) (bool, error) {
	said, has := map[[2]string]number{}, map[[2]string]number{} // by sender and receiver
	for _, person := range []string{anouk, davide, eve} {
		me, file := called(person), linesFile(person)
		records, err := journal.Read(o.Disk(machineOf(person)), file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // they have never been here
		}
		if err != nil {
			return false, err
		}
		for _, record := range records {
			l, err := parseLine(file, record)
			switch {
			case err != nil:
				return false, err
			case l.Sender == me:
				said[[2]string{me, l.To}] = l.number
			default:
				has[[2]string{l.Sender, me}] = l.number
			}
		}
	}
	for way, last := range said {
		if last.after(has[way]) {
			return false, nil
		}
	}
	return true, nil
}
