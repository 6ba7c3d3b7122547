//go:build !unix

package proxy

import (
	"errors"
	"net"
	"net/netip"
)

func listenGroup(netip.AddrPort, netip.Addr) (*net.UDPConn, error) {
	return nil, errors.New("this system's real groups are not supported")
}
