//go:build unix

package live

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"faultlab/sim/lab"
)

// addresses says where everything of a run listens, for as long as it lasts: a
// node is found where it was when it starts again.
//
//	forwarder ── dials ──▶ 127.7.0.4:8000 ── proxy ──▶ 127.7.0.1:8000 collector
//
// With an address of its own for every node and every proxy, all of them keep
// the port that the lab documents.
type addresses struct {
	nodes map[string]map[int]string // node → documented port → address
	links map[string]string         // link → address of its proxy

	release func() // gives the block back to the machine
}

// assign finds an address for every port of nodes and every link.
func assign(nodes []lab.Node, links []lab.Link, notice func(string)) (*addresses, error) {
	claimed, err := claim()
	if err != nil {
		notice(fmt.Sprintf("nodes listen on free ports of 127.0.0.1 instead of their documented ones: %v", err))
	}
	a := &addresses{nodes: map[string]map[int]string{}, links: map[string]string{}, release: claimed.release}
	s := search{notice: notice}
	defer s.close()
	own := map[string]string{}
	for i, n := range nodes {
		own[n.Name] = claimed.host(i)
		a.nodes[n.Name] = map[int]string{}
	}
	for i, l := range links {
		ports := a.nodes[l.To]
		if ports[l.Port] == "" {
			ports[l.Port] = s.find(own[l.To], l.Port, l.Packet)
		}
		a.links[l.String()] = s.find(claimed.host(len(nodes)+i), l.Port, l.Packet)
	}
	if s.err != nil {
		a.release()
		return nil, s.err
	}
	return a, nil
}

// dials lists for a node which address leads to which service.
func (a *addresses) dials(node string, links []lab.Link) map[string]string {
	to := map[string]string{}
	for _, l := range links {
		if l.From == node {
			to[l.To] = a.links[l.String()]
		}
	}
	return to
}

// block is a set of loopback addresses that no other runner uses.
type block struct {
	host    func(i int) string // the i-th address; "": 127.0.0.1, for all
	release func()
}

// shared stands for a block where there is none to be had.
var shared = block{host: func(int) string { return "" }, release: func() {}}

// search tries addresses by listening there. It holds on to what it found
// until all are found, or the system could hand out a free port twice.
type search struct {
	notice func(string)
	held   []io.Closer
	err    error
}

// find gives an address on host with that port, or with a free port if that
// one is taken: a server of this machine may listen on it on all addresses.
func (s *search) find(host string, port int, packet bool) string {
	if host != "" {
		addr, err := s.hold(host, port, packet)
		if err == nil {
			return addr
		}
		s.notice(fmt.Sprintf("port %d cannot be used on this machine (%v), so a free one stands in for it", port, reason(err)))
	}
	addr, err := s.hold("127.0.0.1", 0, packet)
	if err != nil {
		s.err = errors.Join(s.err, fmt.Errorf("find a free port on 127.0.0.1 in place of %d: %w", port, err))
	}
	return addr
}

func (s *search) hold(host string, port int, packet bool) (string, error) {
	at := net.JoinHostPort(host, strconv.Itoa(port))
	if packet {
		c, err := net.ListenPacket("udp", at)
		if err != nil {
			return "", err
		}
		s.held = append(s.held, c)
		return c.LocalAddr().String(), nil
	}
	ln, err := net.Listen("tcp", at)
	if err != nil {
		return "", err
	}
	s.held = append(s.held, ln)
	return ln.Addr().String(), nil
}

// reason leaves out the address, which is another one in each run: a notice is
// given once.
func reason(err error) error {
	if call := new(os.SyscallError); errors.As(err, &call) {
		return call
	}
	return err
}

func (s *search) close() {
	for _, port := range s.held {
		port.Close()
	}
}

// listen opens a port that the runner found to be free. A process that is just
// being started holds on, between its fork and its exec, to every socket that
// the runner had open at the fork: for that long the port may still be taken.
func listen(addr string) (ln net.Listener, err error) {
	err = untilFree(func() (err error) {
		ln, err = net.Listen("tcp", addr)
		return err
	})
	return ln, err
}

// listenPacket does the same for datagrams.
func listenPacket(addr string) (conn net.PacketConn, err error) {
	err = untilFree(func() (err error) {
		conn, err = net.ListenPacket("udp", addr)
		return err
	})
	return conn, err
}

func untilFree(open func() error) error {
	for until := time.Now().Add(time.Second); ; time.Sleep(time.Millisecond) {
		err := open()
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(until) {
			return err
		}
	}
}
