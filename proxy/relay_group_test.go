package proxy

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each member of a group gets a copy of what comes, and what they answer goes to
// who sent it. Nothing is counted twice, or not at all.
func TestAGroup(t *testing.T) {
	first, second := newRelayLink(t, Limits{}), newRelayLink(t, Limits{})
	server := NewServer()
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	group, err := server.AddGroup("client->group", "127.0.0.1:0", []string{first.Addr(), second.Addr()}, Limits{})
	require.NoError(t, err)
	require.NoError(t, group.Enable(t.Context()))
	conn, err := net.Dial("udp", group.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	c := caller{t, conn}

	c.send("to all")
	c.receives("to all")
	c.receives("to all")
	require.Equal(t, Counts{Received: 3, Copied: 1, Forwarded: 4}, group.Counts())

	// One member loses everything; the other is not touched.
	second.upstreamFault("loss", attrs{"probability": "100"})
	c.send("to one")
	c.receives("to one")
	require.NoError(t, second.flush(t.Context()))
	got, _ := first.seen()
	require.Equal(t, []string{"to all", "to one"}, got)
	got, _ = second.seen()
	require.Equal(t, []string{"to all"}, got)
}

func TestAGroupThatCannotBe(t *testing.T) {
	server := NewServer()
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	_, err := server.AddGroup("g", "224.0.0.100:9999", []string{"127.0.0.1:1"}, Limits{})
	require.ErrorContains(t, err, "not on this machine")
	_, err = server.AddGroup("g", "127.0.0.1:0", []string{"127.0.0.1:1", "192.0.2.1:1"}, Limits{})
	require.ErrorContains(t, err, "upstream 192.0.2.1:1 is not on this machine")
	_, err = server.JoinGroup("g", "127.0.0.1:9999", nil, nil, Limits{})
	require.ErrorContains(t, err, "no multicast address")
}

// A member of a real group hears its neighbours: a datagram from farther away
// could not have come with a TTL of 1, and an answer to it would go there.
func TestAGroupHearsNeighboursOnly(t *testing.T) {
	r := &Relay{neighbours: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}
	require.True(t, r.hears(netip.MustParseAddrPort("192.0.2.7:1234")))
	require.False(t, r.hears(netip.MustParseAddrPort("198.51.100.7:1234")))
}
