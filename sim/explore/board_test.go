package explore_test

import (
	"context"

	"faultlab/sim/explore"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// withBoard explores a shop that has a board besides, to which a link for
// datagrams leads.
func withBoard() explore.Explorer {
	s := shop()
	nodes, links := s.Nodes, s.Links
	s.Nodes = func(p lab.Params) []lab.Node {
		return append(nodes(p), lab.Node{Name: "board", Role: "board", Host: "street"})
	}
	s.Links = func(p lab.Params) []lab.Link {
		return append(links(p), lab.Link{From: "client", To: "board", Port: shopPort, Packet: true})
	}
	s.Variants[0].Roles["board"] = board
	return explore.New(s, &s.Variants[0], world.Vocabulary(lab.Register(s)), virtual.New(), 1)
}

func board(ctx context.Context, env lab.Env) error {
	conn, err := env.ListenPacket(shopPort)
	if err != nil {
		return err
	}
	<-ctx.Done()
	return conn.Close()
}
