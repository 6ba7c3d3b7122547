package udpecho

import (
	"context"
	"errors"
	"slices"
	"sync"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// original is the programs of the document.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: each text is sent once, and whatever comes next is its answer.",
		Breaks:  []string{"delivered", "no-loss", "no-duplicates", "fifo", "integrity", "reply-match", "live"},
		OK:      map[string]string{opEcho: "a datagram came that could be read as an answer"},
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			server:   serveDocumented,
			"client": askDocumented,
		},
		ReadBack: readConsole,
	}
}

// serveDocumented is the document's UDPServer.start: a thread a datagram. Two
// that come close behind one another are handled in any order.
func serveDocumented(ctx context.Context, env lab.Env) error {
	conn, err := env.ListenPacket(port)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	env.Printf("UDP Server started on %s", conn.LocalAddr())
	var threads sync.WaitGroup
	defer threads.Wait()
	for {
		buffer := make([]byte, room)
		n, from, err := conn.ReadFrom(buffer)
		if ctx.Err() != nil {
			env.Printf("UDP Server stopped")
			return ctx.Err()
		}
		if err != nil {
			if errors.Is(err, lab.ErrKilled) {
				return err
			}
			env.Printf("Server error: %v", err)
			continue
		}
		// What an overloaded host does with a datagram: it is gone.
		if !env.Overloaded() {
			threads.Go(func() { answerDocumented(env, conn, from, slices.Clip(buffer[:n])) })
		}
	}
}

// readConsole reads the messages off the server's console, as a person would.
func readConsole(_ context.Context, o lab.Observer) ([]history.Event, error) {
	var entries []history.Event
	for _, line := range o.Console(server) {
		if said, ok := readLine(line); ok {
			entries = append(entries, about(said))
		}
	}
	return entries, nil
}
