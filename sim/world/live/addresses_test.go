//go:build unix

package live

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

func TestAssignGivesEachItsOwn(t *testing.T) {
	nodes := []lab.Node{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	links := []lab.Link{
		{From: "a", To: "c", Port: 7101},
		{From: "b", To: "c", Port: 7101},
		{From: "a", To: "b", Port: 7102},
		{From: "b", To: "b", Port: 7103},
	}
	var notices []string
	a, err := assign(nodes, links, func(text string) { notices = append(notices, text) })
	require.NoError(t, err)
	defer a.release()

	var all []netip.AddrPort
	for _, ports := range a.nodes {
		for _, addr := range ports {
			all = append(all, netip.MustParseAddrPort(addr))
		}
	}
	for _, addr := range a.links {
		all = append(all, netip.MustParseAddrPort(addr))
	}
	require.Len(t, all, 7, "three ports of nodes, four of proxies")
	seen := map[netip.AddrPort]bool{}
	for _, addr := range all {
		require.True(t, addr.Addr().IsLoopback(), addr)
		require.False(t, seen[addr], "%v is given twice", addr)
		seen[addr] = true
	}
	require.Empty(t, a.nodes["a"])
	require.Equal(t, map[string]string{"c": a.links["a->c"], "b": a.links["a->b"]}, a.dials("a", links))
	if runtime.GOOS == "linux" {
		require.Empty(t, notices)
		require.EqualValues(t, 7101, netip.MustParseAddrPort(a.nodes["c"][7101]).Port())
		require.EqualValues(t, 7101, netip.MustParseAddrPort(a.links["b->c"]).Port())
	} else {
		require.NotEmpty(t, notices)
	}
}

func TestTakenPort(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer socket.Close()
	for _, tc := range []struct {
		name   string
		port   int
		packet bool
	}{
		{"streams", ln.Addr().(*net.TCPAddr).Port, false},
		{"datagrams", socket.LocalAddr().(*net.UDPAddr).Port, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var notices []string
			s := search{notice: func(text string) { notices = append(notices, text) }}
			defer s.close()
			addr := netip.MustParseAddrPort(s.find("127.0.0.1", tc.port, tc.packet))
			require.NoError(t, s.err)
			require.NotEqual(t, tc.port, int(addr.Port()))
			require.True(t, addr.Addr().IsLoopback())
			require.Len(t, notices, 1)
			require.Equal(t, fmt.Sprintf("port %d cannot be used on this machine (bind: address already in use), so a free one stands in for it", tc.port), notices[0])
		})
	}
}

func TestClaimsDiffer(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is one loopback address")
	}
	a, err := claim()
	require.NoError(t, err)
	b, err := claim()
	require.NoError(t, err)
	defer b.release()
	require.NotEqual(t, a.host(0), b.host(0))
	require.NotEqual(t, a.host(253), a.host(254))
	a.release()
	again, err := claim()
	require.NoError(t, err)
	defer again.release()
	require.Equal(t, a.host(0), again.host(0), "what was given back is free")
}

func TestNoticesAreGivenOnce(t *testing.T) {
	var given []string
	l := New(Options{Notice: func(text string) { given = append(given, text) }}).(*live)
	l.notice("a")
	l.notice("b")
	l.notice("a")
	require.Equal(t, []string{"a", "b"}, given)
	New(Options{}).(*live).notice("nobody listens")
}
