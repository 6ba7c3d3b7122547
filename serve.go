package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"faultlab/sim/world/live"
)

const serveHelp = `Runs the services of a lab for you to play with, until Ctrl-C: every node that
is no client, as a process. VARIANT is hardened unless you say otherwise.

Each documented port is where the lab's document has it, on 127.0.0.1, behind a
Toxiproxy of its own called client->NODE (client->NODE:PORT if a node has
several). The links between the nodes pass their proxies as in a run. Break them
through Toxiproxy's control API, with curl or toxiproxy-cli.

The members of a multicast group have one way in, client->group, which gives
each a copy, behind a relay of its own (group->NODE). -group NETWORK makes them
members of the real group on a network of yours: they hear whoever sends to it
there, and answer them. It is the one thing that faultlab does beyond loopback.

With -as, it runs that one node and you sit at it: you type what it reads and
see what it prints, until it has done or you end it with Ctrl-C. Its own ports
are behind proxies of this terminal. What it dials is what other terminals
serve, behind proxies of theirs. So two people can chat, and each can break what
reaches them while they type.

A node that ends is not started again.

Exit codes: 0 you ended it, or your node has done; 2 it could not be served, a
port was taken, say; 3 a node crashed, or yours failed.
`

func (c command) serve(ctx context.Context, args []string) int {
	o, names, code, ok := c.parseServe(args)
	if !ok {
		return code
	}
	spec, err := c.served(names, o)
	if err == nil {
		err = errors.Join(checkSeat(spec, o.as), checkPorts(spec, o))
	}
	s := live.Service{Options: o.Options, Ports: o.ports, As: o.as, In: c.in, Out: c.out, Ended: c.endOf}
	if err == nil {
		s.To, err = found(spec, o.as, o.to)
	}
	if err == nil {
		s.Group, err = network(spec, o)
	}
	if err != nil {
		return c.usage("serve: %v", err)
	}

	out := c.out
	if s.As != "" {
		out = c.err // standard output is the node's alone
	}
	up := false
	s.Up = func(places []live.Place, api string) {
		up = true
		io.WriteString(out, welcome(spec, s, places, api))
	}
	s.Print = consoles{out: out, last: map[string]said{}}.print
	s.Notice = func(text string) { fmt.Fprintf(c.err, "note: %s\n", text) }
	err = live.Serve(ctx, spec, s)
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && !up:
		return c.usage("serve: %v; end what listens there, or open the port elsewhere with -port 8000=9000, the control API with -api", err)
	case err != nil && !up:
		return c.usage("serve: %v", err)
	case err != nil:
		fmt.Fprintf(c.err, "faultlab: serve: %v\n", err)
		return exitUnknown
	}
	return exitOK
}

func (c command) endOf(node, how string) {
	fmt.Fprintf(c.err, "%s has ended: %s; it is not started again\n", node, how)
}
