//go:build unix

package proxy

import (
	"net"
	"net/netip"
	"os"
	"syscall"
)

// listenGroup opens a socket that hears what is sent to a multicast group on the
// network on which this machine has that address. It is bound to the group:
// package net would bind it to all addresses of the machine, and hear what is
// sent to them, too.
func listenGroup(group netip.AddrPort, own netip.Addr) (*net.UDPConn, error) {
	syscall.ForkLock.RLock()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	f := os.NewFile(uintptr(fd), "group")
	defer f.Close() // the connection has a copy
	// Whoever else on this machine is a member has the same port.
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return nil, os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(group.Port()), Addr: group.Addr().As4()}); err != nil {
		return nil, os.NewSyscallError("bind", err)
	}
	member := &syscall.IPMreq{Multiaddr: group.Addr().As4(), Interface: own.As4()}
	if err := syscall.SetsockoptIPMreq(fd, syscall.IPPROTO_IP, syscall.IP_ADD_MEMBERSHIP, member); err != nil {
		return nil, os.NewSyscallError("setsockopt", err)
	}
	conn, err := net.FilePacketConn(f)
	if err != nil {
		return nil, err
	}
	return conn.(*net.UDPConn), nil
}
